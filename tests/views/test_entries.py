"""Entries as they are logged."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.actions import entries
from diary.models import Entry
from tests.views.test_today import text

HOUR = timedelta(hours=1)
BOOKKEEPING = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


def typed(**answers):
    return {"id": str(uuid4()), "pain": "4", "when": "now"} | answers


def add(client, **answers):
    return client.post("/entries/add/", typed(**answers))


def test_add_shows_the_form(signed_in, ana):
    assert b'name="pain"' in signed_in(ana).get("/entries/add/").content


def test_add_asks_what_today_asks_also_of_what_could_not_be_saved(signed_in, ana, paula, treat, log):
    treat(ana, by=paula, ago=20 * HOUR, aftercare=["no_strain", "ten minutes flat"])
    log(ana, 4, ago=HOUR, soreness=3, stiffness=2)
    client = signed_in(ana)
    for page in (client.get("/today/"), client.get("/entries/add/"), add(client, pain="", aftercare=["no_strain"])):
        read = page.content.decode()
        assert "Last time: 3. Still there?" in read
        assert "Last time: moderate. Still there?" in read
        assert "What did you do of what you were advised?" in read
        assert re.findall(r'name="aftercare" value="([^"]+)"', read) == ["no_strain", "ten minutes flat"]
    assert re.search(r'value="no_strain"[^>]*checked', read)


def test_add_keeps_the_advice_that_was_ticked_where_another_is_asked_for_by_now(signed_in, ana, paula, treat):
    treat(ana, by=paula, ago=20 * HOUR, aftercare=["no_strain"])
    read = add(signed_in(ana), pain="", aftercare=["warmth", "in my own words"]).content.decode()
    assert re.findall(r'name="aftercare" value="([^"]+)"', read) == ["no_strain", "warmth", "in my own words"]
    assert len(re.findall(r'name="aftercare"[^>]*checked', read)) == 2


def test_add_needs_pain_only(signed_in, ana, now):
    answer = add(signed_in(ana))
    entry = Entry.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/entries/{entry.pk}/saved/")
    assert (entry.patient, entry.pain, entry.soreness, entry.observed_at) == (ana, 4, None, now)
    assert (entry.zone, entry.offset_minutes) == ("Europe/Lisbon", 0)


def test_add_keeps_every_answer(signed_in, ana):
    add(
        signed_in(ana),
        soreness="3",
        compared="worse",
        stiffness="1",
        low_mood="2",
        regions=["leg-left", "lower-left"],
        good=["relaxed"],
        aftercare=["water", "rested"],
        note=" slept\r\nbadly ",
        zone="Asia/Tokyo",
    )
    entry = Entry.objects.get()
    assert (entry.soreness, entry.compared, entry.stiffness, entry.low_mood) == (3, "worse", 1, 2)
    assert (entry.regions, entry.good, entry.aftercare) == (
        ["lower-left", "leg-left"],
        ["relaxed"],
        ["rested", "water"],
    )
    assert (entry.note, entry.zone, entry.offset_minutes) == ("slept\nbadly", "Asia/Tokyo", 540)


def test_add_keeps_aftercare_in_the_practitioners_own_words(signed_in, ana):
    client = signed_in(ana)
    add(client, aftercare=["ten minutes flat", "water", "ten minutes flat", "x" * 80])
    entry = Entry.objects.get()
    assert entry.aftercare == ["water", "ten minutes flat", "x" * 80]
    assert "enough to drink, ten minutes flat" in text(client.get(f"/entries/{entry.pk}/"))
    assert 'value="ten minutes flat" checked' in client.get(f"/entries/{entry.pk}/amend/").content.decode()


def test_add_refuses_aftercare_too_long_to_be_advice(signed_in, ana):
    assert "is not among the choices" in text(add(signed_in(ana), aftercare=["x" * 81]))
    assert not Entry.objects.exists()


@pytest.mark.parametrize("score", ["11", "-1", "3.5", "three", "", "5,0", "1e1", "٣٣", "9" * 5000])
def test_add_refuses_what_is_no_score_and_keeps_the_rest(signed_in, ana, score):
    page = add(signed_in(ana), pain=score, note="typed words", soreness="6")
    body = page.content.decode()
    assert page.status_code == 200
    assert not Entry.objects.exists()
    assert "Choose a" in body
    assert "typed words" in body
    assert re.search(r'name="soreness" value="6"[^>]*checked', body)


def test_add_accepts_a_full_width_digit(signed_in, ana):
    add(signed_in(ana), pain="５")
    assert Entry.objects.get().pain == 5


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        ("😀 \u202eabc <script>alert(1)</script>", "😀 \u202eabc <script>alert(1)</script>"),
        ("a\0b", "ab"),
        ("=cmd()", "=cmd()"),
    ],
)
def test_add_keeps_any_text(signed_in, ana, note, kept):
    client = signed_in(ana)
    add(client, note=note)
    entry = Entry.objects.get()
    assert entry.note == kept
    assert b"<script>alert" not in client.get(f"/entries/{entry.pk}/").content


def test_add_answers_a_lone_surrogate(signed_in, ana):
    body = f"id={uuid4()}&pain=4&when=now&note=%ED%A0%80"
    answer = signed_in(ana).post("/entries/add/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 302


def test_add_gives_a_note_of_100_kb_back(signed_in, ana):
    page = add(signed_in(ana), note="x" * 100_000)
    assert "up to 4000 characters and has 100000" in text(page)
    assert b"x" * 100_000 in page.content
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("observed", "sentence"),
    [
        ("2026-03-11T12:00", "still to come"),
        ("9999-12-31T23:59", "still to come"),
        ("1900-01-01T08:00", "from the year 2000"),
        ("0001-01-01T00:00", "from the year 2000"),
        ("2025-02-29T08:00", "no such date and time"),
        ("yesterday", "no such date and time"),
        ("", "Enter a date and a time"),
        ("2025-03-30T01:30", "01:30 did not exist on that day. Did you mean 02:30?"),
        ("2025-10-26T01:30", "01:30 came twice on that day"),
    ],
)
def test_add_says_what_is_wrong_with_a_moment(signed_in, ana, observed, sentence):
    page = add(signed_in(ana), when="pick", observed=observed)
    assert page.status_code == 200
    assert sentence in text(page)
    assert observed.encode() in page.content
    assert not Entry.objects.exists()


@pytest.mark.parametrize(("which", "hour"), [("first", 0), ("second", 1)])
def test_add_asks_which_of_two_times(signed_in, ana, which, hour):
    client = signed_in(ana)
    assert b'name="which"' in add(client, when="pick", observed="2025-10-26T01:30").content
    add(client, when="pick", observed="2025-10-26T01:30", which=which)
    assert Entry.objects.get().observed_at == datetime(2025, 10, 26, hour, 30, tzinfo=UTC)


def test_add_reads_times_in_the_browsers_zone(signed_in, ana):
    add(signed_in(ana), when="pick", observed="2026-03-10T08:00", zone="Asia/Tokyo")
    assert Entry.objects.get().observed_at == datetime(2026, 3, 9, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../../etc/passwd", "Europe", "\0", "x" * 5000])
def test_add_falls_back_on_the_accounts_zone(signed_in, ana, zone):
    add(signed_in(ana), zone=zone)
    assert Entry.objects.get().zone == "Europe/Lisbon"


def test_add_clips_a_clock_that_is_a_little_ahead(signed_in, ana, now):
    add(signed_in(ana), when="pick", observed="2026-03-10T12:02")
    assert Entry.objects.get().observed_at == now


@pytest.mark.parametrize(("when", "hour"), [("morning", datetime(2026, 3, 10, 8)), ("night", datetime(2026, 3, 9, 22))])
def test_add_knows_this_morning_and_last_night(signed_in, ana, when, hour):
    add(signed_in(ana), when=when)
    assert Entry.objects.get().observed_at == hour.replace(tzinfo=UTC)  # Lisbon keeps UTC in winter


def test_add_ignores_fields_it_does_not_ask_for(signed_in, ana, ben):
    add(signed_in(ana), role="admin", patient=ben.pk, withdrawn_at="2026-01-01", recorded_at="1999-01-01")
    ana.refresh_from_db()
    entry = Entry.objects.get()
    assert (ana.role, entry.patient, entry.withdrawn_at, entry.recorded_at.year) == ("patient", ana, None, 2026)


@pytest.mark.parametrize("when", ["now", "morning", "night"])
def test_add_twice_makes_one_entry(signed_in, ana, when, now):
    client, form = signed_in(ana), typed(when=when)
    answers = [client.post("/entries/add/", form)["Location"] for _ in range(3)]
    assert len(set(answers)) == 1
    assert Entry.objects.count() == 1


def test_add_knows_a_replay_three_weeks_later(signed_in, ana, now):
    form = typed()
    signed_in(ana).post("/entries/add/", form)
    with time_machine.travel(now + timedelta(weeks=3), tick=False):
        answer = signed_in(ana).post("/entries/add/", form)
    assert answer.status_code == 302
    assert Entry.objects.get().observed_at == now


def test_add_knows_a_replay_of_what_was_amended_since(signed_in, ana, now):
    client, form = signed_in(ana), typed()
    client.post("/entries/add/", form)
    entries.amend(by=ana, now=now, entry=Entry.objects.get(), version=1, pain=6)
    assert client.post("/entries/add/", form).status_code == 302
    assert Entry.objects.get().pain == 6


def test_add_with_the_same_id_and_another_body_lets_the_patient_choose(signed_in, ana):
    client, form = signed_in(ana), typed(note="first words")
    client.post("/entries/add/", form)
    page = client.post("/entries/add/", form | {"note": "second words", "pain": "6"})
    assert page.status_code == 200
    assert "first words" in text(page)
    assert "second words" in text(page)
    assert Entry.objects.get().note == "first words"
    resend = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.content.decode()))
    answer = client.post(f"/entries/{form['id']}/amend/", resend)
    entry = Entry.objects.get()
    assert answer.status_code == 302
    assert (entry.note, entry.pain, entry.version) == ("second words", 6, 2)
    assert entry.amendments.get().values["note"] == "first words"


def test_add_with_anothers_id_tells_nothing_and_makes_an_entry_of_ones_own(signed_in, ana, ben, log):
    theirs = log(ben, 2).entry
    answer = add(signed_in(ana), id=str(theirs.pk))
    mine = Entry.objects.get(patient=ana)
    assert answer["Location"] == f"/entries/{mine.pk}/saved/"
    assert mine.pk != theirs.pk


@pytest.mark.parametrize("id", ["", "nonsense", "../1", "\0", "9" * 400])
def test_add_replaces_a_damaged_id(signed_in, ana, id):
    assert add(signed_in(ana), id=id).status_code == 302


def test_add_takes_nine_statements(signed_in, ana, paula, treat, log):
    for day in range(10):
        treat(ana, by=paula, ago=(day * 96 + 30) * HOUR)
        log(ana, 4, ago=(day * 96 + 1) * HOUR)
    client = signed_in(ana)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        assert add(client).status_code == 302
    work = [query["sql"] for query in counted if not query["sql"].startswith(BOOKKEEPING)]
    assert len(work) <= 9, work


def test_add_keeps_nothing_that_another_person_wrote_and_answers_its_red_flag(signed_in, ana, ben):
    client = signed_in(ana)
    answer = client.post("/entries/add/", typed(who=str(ben.pk), note="words of Ben", red_flags=["head"]))
    assert answer.status_code == 403
    assert "Get medical help now" in text(answer)
    assert "Nothing of it is in your diary" in text(answer)
    assert "words of Ben" not in text(answer)
    assert not Entry.objects.exists()
    assert client.post("/entries/add/", typed(who=str(ana.pk))).status_code == 302
