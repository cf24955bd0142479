"""Deleting my diary: what goes and what stays is said first, and it happens to nobody by a slip."""

from datetime import timedelta

import pytest

from diary.actions import entries, leaving
from diary.models import Departure, User
from tests.views.test_entries import typed
from tests.views.test_today import text


@pytest.fixture(autouse=True)
def _own_list(tmp_path, settings):
    settings.ERASED_LIST = tmp_path / "erased.list"


def test_erase_says_what_goes_and_what_stays(signed_in, ana):
    read = text(signed_in(ana).get("/leaving/"))
    assert "What is deleted" in read
    assert "by number, without your name or any text" in read
    assert "Something urgent" not in read


@pytest.mark.parametrize("typed", ["", "somebody@settle.example", "delete"])
def test_erase_asks_for_the_own_address(signed_in, ana, typed):
    answer = signed_in(ana).post("/leaving/", {"address": typed})
    assert answer.status_code == 200
    assert User.objects.filter(pk=ana.pk).exists()


def test_erase_deletes_and_signs_out(signed_in, ana):
    client = signed_in(ana)
    answer = client.post("/leaving/", {"address": f" {ana.email.upper()} "})
    assert answer["Location"] == "/gone/"
    assert not User.objects.filter(pk=ana.pk).exists()
    assert client.get("/today/").status_code == 302
    assert "Your diary is deleted" in text(client.get("/gone/"))


@pytest.fixture
def deleted_meanwhile(ana, now, monkeypatch):
    """Ana's other tab deletes the diary after this request has found out who she is, and before it writes."""

    erase = leaving.erase

    def late(act):
        def acted(**said):
            erase(by=User.objects.get(pk=ana.pk), now=now)
            return act(**said)

        return acted

    monkeypatch.setattr(leaving, "erase", late(erase))
    monkeypatch.setattr(entries, "log", late(entries.log))


@pytest.mark.usefixtures("deleted_meanwhile")
def test_erase_pressed_twice_says_twice_that_it_is_deleted(signed_in, ana):
    answer = signed_in(ana).post("/leaving/", {"address": ana.email})
    assert answer["Location"] == "/gone/"
    assert not User.objects.filter(pk=ana.pk).exists()


@pytest.mark.usefixtures("deleted_meanwhile")
def test_erase_while_an_entry_is_on_its_way_refuses_the_entry(signed_in, ana):
    assert signed_in(ana).post("/entries/add/", typed()).status_code == 403


def test_erase_while_something_urgent_waits_says_what_happens(signed_in, ana, log):
    log(ana, 9, red_flags=["saddle"], ago=timedelta(minutes=5))
    client = signed_in(ana)
    read = text(client.get("/leaving/"))
    assert "Something urgent in your diary is not answered yet." in read
    assert "seek medical care at once" in read
    client.post("/leaving/", {"address": ana.email, "named": "on"})
    assert Departure.objects.get().name == "Ana Alves"


def test_erase_asks_for_no_name_where_nothing_is_urgent(signed_in, ana):
    assert 'name="named"' not in signed_in(ana).get("/leaving/").content.decode()
    signed_in(ana).post("/leaving/", {"address": ana.email, "named": "on"})
    assert not Departure.objects.exists()


def test_gone_is_for_anybody(client, db):
    assert client.get("/gone/").status_code == 200
