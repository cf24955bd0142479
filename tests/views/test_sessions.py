"""Sessions as they are recorded and listed."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.models import TreatmentSession
from tests.views.test_today import text

HOUR = timedelta(hours=1)


def typed(**answers):
    return {"id": str(uuid4()), "ended": "2026-03-09T16:30"} | answers


def add(client, **answers):
    return client.post("/sessions/add/", typed(**answers))


def test_add_needs_its_end_only(signed_in, ana):
    answer = add(signed_in(ana))
    session = TreatmentSession.objects.get()
    assert answer["Location"] == f"/sessions/{session.pk}/"
    assert (session.ended_at, session.pain_before) == (datetime(2026, 3, 9, 16, 30, tzinfo=UTC), None)
    assert (session.zone, session.practitioner, session.recorded_by) == ("Europe/Lisbon", None, ana)


def test_add_keeps_every_answer(signed_in, ana):
    add(
        signed_in(ana),
        pain_before="6",
        pain_after="３",
        sharp_increase="on",
        response="needles\nout",
        sites=["lower-left"],
        aftercare=["warmth"],
        note="words",
    )
    session = TreatmentSession.objects.get()
    assert (session.pain_before, session.pain_after, session.sharp_increase) == (6, 3, True)
    assert (session.response, session.sites, session.aftercare) == ("needles out", ["lower-left"], ["warmth"])
    assert session.note == "words"


@pytest.mark.parametrize(
    ("ended", "sentence"),
    [
        ("", "Enter a date and a time"),
        ("2026-03-11T12:00", "still to come"),
        ("1900-01-01T08:00", "from the year 2000"),
        ("2025-02-29T08:00", "no such date and time"),
        ("2025-03-30T01:30", "did not exist on that day"),
        ("2025-10-26T01:30", "came twice on that day"),
    ],
)
def test_add_says_what_is_wrong_with_its_end_and_keeps_the_rest(signed_in, ana, ended, sentence):
    page = add(signed_in(ana), ended=ended, note="typed words")
    assert sentence in text(page)
    assert b"typed words" in page.content
    assert not TreatmentSession.objects.exists()


def test_add_asks_which_of_two_times(signed_in, ana):
    add(signed_in(ana), ended="2025-10-26T01:30", which="second")
    assert TreatmentSession.objects.get().ended_at == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("score", ["11", "-1", "3.5", "three"])
def test_add_refuses_what_is_no_score(signed_in, ana, score):
    assert "is not on the scale" in text(add(signed_in(ana), pain_before=score))


def test_add_twice_makes_one_session(signed_in, ana):
    client, form = signed_in(ana), typed()
    assert client.post("/sessions/add/", form)["Location"] == client.post("/sessions/add/", form)["Location"]
    assert TreatmentSession.objects.count() == 1


def test_add_at_the_minute_of_another_says_so(signed_in, ana):
    client = signed_in(ana)
    add(client)
    assert "Another session of yours ended at that very minute" in text(add(client))


def test_list_numbers_the_latest_first(signed_in, ana, paula, treat):
    for days in (30, 20, 10):
        treat(ana, by=paula, ago=days * 24 * HOUR)
    read = text(signed_in(ana).get("/sessions/"))
    assert re.findall(r"Session (\d)", read) == ["3", "2", "1"]
    assert "Paula Pinho" in read


def test_list_numbers_its_second_page_on(signed_in, ana, treat):
    for days in range(22):
        treat(ana, ago=(days + 1) * 24 * HOUR)
    assert re.findall(r"Session (\d+)", text(signed_in(ana).get("/sessions/?page=2"))) == ["2", "1"]


def test_list_takes_as_many_statements_for_one_session_as_for_twenty(
    signed_in, ana, paula, treat, django_assert_num_queries
):
    treat(ana, by=paula, ago=HOUR)
    client = signed_in(ana)
    with CaptureQueriesContext(connection) as one:
        client.get("/sessions/")
    for days in range(19):
        treat(ana, by=paula, ago=(days + 1) * 24 * HOUR)
    with django_assert_num_queries(len(one)):
        client.get("/sessions/")


def test_list_without_any_offers_the_next_step(signed_in, ana):
    client = signed_in(ana)
    assert "No session yet" in text(client.get("/sessions/"))
    assert "Nothing was deleted" in text(client.get("/sessions/?show=deleted"))


def test_show_tells_the_end_on_the_patients_clock_as_the_list_does(signed_in, ana, paula, treat):
    session = treat(ana, by=paula, ago=24 * HOUR, zone="Europe/Madrid")
    assert "Mon 9 Mar, 12:00" in text(signed_in(ana).get("/sessions/"))
    assert "Monday 9 March 2026, 12:00" in text(signed_in(ana).get(f"/sessions/{session.pk}/"))


@pytest.mark.parametrize("path", ["", "amend/"])
def test_show_of_another_patients_session_is_as_of_none(signed_in, ana, ben, treat, path):
    theirs = treat(ana, ago=HOUR)
    assert signed_in(ben).get(f"/sessions/{theirs.pk}/{path}").status_code == 404


def test_add_keeps_advice_in_words_of_ones_own_beside_the_usual(signed_in, ana):
    client = signed_in(ana)
    client.post("/sessions/add/", typed(aftercare=["water"], advice=" ten minutes  flat\r\n\r\nno gym until Friday"))
    session = TreatmentSession.objects.get()
    assert session.aftercare == ["water", "ten minutes flat", "no gym until Friday"]
    page = client.get(f"/sessions/{session.pk}/amend/").content.decode()
    assert "ten minutes flat\nno gym until Friday</textarea>" in page
    assert "enough to drink, ten minutes flat, no gym until Friday" in text(client.get(f"/sessions/{session.pk}/"))


def test_add_says_which_advice_is_too_long_and_keeps_it(signed_in, ana):
    page = signed_in(ana).post("/sessions/add/", typed(advice="x" * 81))
    assert "A line can have up to 80 characters" in text(page)
    assert b"x" * 81 in page.content
    assert not TreatmentSession.objects.exists()


def test_add_says_what_is_wrong_after_the_question_without_a_colon_of_its_own(signed_in, ana):
    assert "When did it end? Enter a date and a time." in text(add(signed_in(ana), ended=""))
