"""Who left with something urgent unanswered, for those who were to answer."""

from datetime import timedelta

import pytest

from diary.actions import leaving
from diary.models import Departure
from tests.views.test_today import text


@pytest.fixture
def left(ana, log, now, tmp_path, settings):
    settings.ERASED_LIST = tmp_path / "erased.list"
    log(ana, 9, red_flags=["saddle"], note="a secret", ago=timedelta(minutes=5))
    leaving.erase(by=ana, now=now, named=True)
    return Departure.objects.get()


def test_list_names_who_let_them(signed_in, paula, left):
    read = text(signed_in(paula).get("/departures/"))
    assert "Ana Alves" in read
    assert "secret" not in read
    assert "Somebody deleted their diary" in text(signed_in(paula).get("/patients/"))


def test_list_is_empty_for_others(signed_in, remy, left):
    assert "Nobody who shared with you has left" in text(signed_in(remy).get("/departures/"))


def test_close_takes_the_name_away(signed_in, paula, left):
    client = signed_in(paula)
    assert client.post(f"/departures/{left.pk}/close/")["Location"] == "/departures/"
    assert "Ana" not in text(client.get("/departures/"))
    assert "Somebody deleted" not in text(client.get("/patients/"))


def test_close_twice_is_not_found(signed_in, paula, left):
    client = signed_in(paula)
    client.post(f"/departures/{left.pk}/close/")
    assert client.post(f"/departures/{left.pk}/close/").status_code == 404


def test_the_worklist_is_not_quiet_while_somebody_has_left(signed_in, paula, left):
    """Their flag went with the diary: "All quiet" stood where somebody was to be called at once."""
    page = text(signed_in(paula).get("/worklist/"))
    assert "Somebody deleted their diary while something urgent in it was unanswered." in page
    assert "All quiet" not in page
    leaving.see_to(by=paula, now=left.left_at, departure=left)
    assert "All quiet" in text(signed_in(paula).get("/worklist/"))
