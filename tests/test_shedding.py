"""Under more load than it can serve, the site refuses some at once and lets in what cannot wait."""

import json
import threading
import time
from http.cookies import SimpleCookie

import pytest
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.utils.translation import override

from config import shedding
from config.shedding import Places, Shedding
from diary.models import Entry
from tests.typed import given_back

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


def diary(environ, start):
    """The site as a server asks it, in the tests' own transaction."""
    response = ClientHandler(enforce_csrf_checks=False)(environ)
    start(f"{response.status_code} {response.reason_phrase}", list(response.items()))
    return [response.content]


@pytest.fixture
def ask():
    """Return how a server asks the site: status, headers and body of what goes back over the line."""
    site = Shedding(diary)

    def asked(path, sent=None, *, by=None, **headers):
        browser = RequestFactory(**headers)
        browser.cookies = SimpleCookie({name: morsel.value for name, morsel in by.cookies.items()} if by else {})
        request = browser.get(path) if sent is None else browser.post(path, sent)
        told = []
        body = b"".join(site(request.environ, lambda *head: told.extend(head)))
        return told[0], dict(told[1]), body.decode()

    return asked


@pytest.mark.asvs("V15.2.2")
def test_beyond_its_places_it_refuses_at_once_and_says_when_to_try_again(full, ask):
    status, headers, body = ask("/accounts/login/")
    assert (status, headers["Retry-After"]) == ("503 Service Unavailable", str(shedding.BUSY_FOR))
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "call the emergency number" in body


def test_a_page_that_is_only_looked_at_is_refused_without_asking_the_site(full, monkeypatch):
    site, asked = Shedding(diary), []
    environ = RequestFactory().get("/today/").environ
    first = b"".join(site(environ, lambda *head: asked.append(head)))
    monkeypatch.setattr(site, "site", None)
    assert b"".join(site(environ, lambda *head: asked.append(head))) == first
    assert asked[0] == asked[1]


def test_a_script_is_refused_in_its_own_words(full, ask):
    status, headers, body = ask("/trends.json", HTTP_ACCEPT="application/json")
    assert (status[:3], headers["Content-Type"], json.loads(body)) == (
        "503",
        "application/json",
        {"error": "unavailable"},
    )


def test_it_is_refused_in_the_language_of_the_browser_and_of_nobody_before(full, ask):
    with override("zh-hans"):  # what the last request of this thread left
        english, german = (ask("/today/", HTTP_ACCEPT_LANGUAGE=language)[2] for language in ("en", "de-AT,en;q=0.5"))
        typed = ask("/entries/add/", {"note": "a walk"}, HTTP_ACCEPT_LANGUAGE="de")[2]
    assert 'lang="en"' in english
    assert 'lang="de"' in german
    assert 'lang="de"' in typed


def test_the_refusal_of_one_page_says_nothing_of_who_asks(full, ask, ana, ben, signed_in):
    told = {ask("/today/", by=signed_in(person))[2] for person in (ana, ben)} | {ask("/accounts/login/")[2]}
    assert len(told) == 1


def test_what_was_typed_is_given_back(full, ask):
    status, headers, body = ask("/entries/add/", {"pain": "3", "note": "after the garden"})
    assert (status[:3], headers["Retry-After"]) == ("503", str(shedding.BUSY_FOR))
    assert "after the garden" in body


def test_the_button_of_that_page_sends_it(ana):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ana)
    ours = {"Origin": "http://testserver"}
    form = given_back(browser.get("/entries/add/"))[1] | {"pain": "3"}
    action, fields = given_back(browser.post("/entries/add/", form, headers=ours, **{shedding.NO_PLACE: True}))
    assert not Entry.objects.exists()
    assert browser.post(action, fields, headers=ours).status_code == 302
    assert Entry.objects.get().pain == 3


def test_a_sign_that_needs_care_finds_a_place(full, ask, ana, signed_in):
    status, _, body = ask("/entries/add/", {"pain": "3", "when": "now", "red_flags": ["saddle"]}, by=signed_in(ana))
    assert status[:3] == "200"
    assert "tel:112" in body


def test_whoever_watches_the_machine_finds_a_place(full, ask):
    _, headers, body = ask("/healthz")
    assert "Retry-After" not in headers
    assert "database" in json.loads(body)


def test_a_large_body_is_not_looked_into(full, ask):
    status, _, _ = ask("/entries/add/", {"note": "x" * 200_000, "red_flags": ["saddle"]})
    assert status[:3] == "503"


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
