"""Under more load than it can serve, the site refuses some at once and lets in what cannot wait."""

import threading
import time

import pytest
from django.test import Client

from config import shedding
from config.shedding import Places

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(monkeypatch):
    """Every ordinary place is taken, and nobody waits long."""
    monkeypatch.setattr(shedding, "PATIENCE", 0.01)
    monkeypatch.setattr(shedding, "LONG_PATIENCE", 0.01)
    places = Places(working=1, waiting=0, reserved=1)
    monkeypatch.setattr(shedding, "PLACES", places)
    with places.one(urgent=False) as place:
        assert place
        yield places


@pytest.mark.asvs("V15.2.2")
def test_beyond_its_places_it_refuses_at_once_and_says_when_to_try_again(full):
    answer = Client().get("/accounts/login/")
    assert (answer.status_code, answer["Retry-After"]) == (503, str(shedding.BUSY_FOR))
    assert answer["Content-Security-Policy"].count("default-src 'none'") == 1


def test_what_was_typed_is_given_back(full):
    answer = Client().post("/entries/add/", {"pain": "3", "note": "after the garden"})
    assert answer.status_code == 503
    assert "after the garden" in answer.content.decode()


def test_a_sign_that_needs_care_finds_a_place(full, ana, signed_in):
    answer = signed_in(ana).post("/entries/add/", {"pain": "3", "when": "now", "red_flags": ["saddle"]})
    assert answer.status_code == 200
    assert "tel:112" in answer.content.decode()


def test_whoever_watches_the_machine_finds_a_place(full):
    assert Client().get("/healthz").status_code != 503 or "database" in Client().get("/healthz").json()


def test_a_large_body_is_not_looked_into(full):
    answer = Client().post("/entries/add/", {"note": "x" * 200_000, "red_flags": ["saddle"]})
    assert answer.status_code == 503


def test_the_reserved_places_are_few_too(full):
    with full.one(urgent=True) as first, full.one(urgent=True) as second:
        assert (first, second) == (True, False)


def test_a_place_is_given_back_even_after_an_exception():
    places = Places(working=1, waiting=0, reserved=1)
    for urgent in (False, True, False, True):
        with pytest.raises(ZeroDivisionError), places.one(urgent=urgent):
            raise ZeroDivisionError
    with places.one(urgent=False) as place:
        assert place


def test_a_few_wait_for_those_before_them(monkeypatch):
    places, got = Places(working=1, waiting=1, reserved=0), []

    def work():
        with places.one(urgent=False) as place:
            got.append(place)
            time.sleep(0.05)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [True, True]


def test_every_place_has_its_thread_and_there_is_one_to_refuse():
    assert shedding.THREADS > shedding.WORKING + shedding.WAITING + shedding.RESERVED
