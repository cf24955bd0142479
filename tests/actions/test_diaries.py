"""A diary is judged since its closed past; what is told is the same as if all of it were read each time."""

import random
import threading
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from diary.actions import diaries, entries, intakes, sessions
from diary.clinical.assess import RULES_VERSION
from diary.clinical.closing import closed
from diary.clinical.diary import Intake as Usual
from diary.models import Diary, Entry, Flag, Intake, TreatmentSession
from tests.working import PATIENCE

WEEKS = 24
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOLD = ("rule", "session__ended_at", "entry__observed_at", "symptom", "code", "level", "fired_at", "raised_at")
STANDS = ("status", "resolved_at", "withdrawn_at", "evidence", "inputs")


def told(patient, rows=Flag.objects):
    """Return all that was told of a diary; of evidence, when it was observed: ids differ between two diaries."""
    found = []
    observed = {str(entry.pk): entry.observed_at for entry in Entry.objects.of(patient)}
    for row in rows.of(patient).values(*TOLD, *STANDS):
        row["evidence"] = [observed[id] for id in row["evidence"]]
        row["inputs"] = row["inputs"]["baseline"], row["inputs"]["usual"]
        found.append(row)
    return sorted(found, key=str)


def an_id(chance, patient):
    """Return an id of this patient's that stands in the same order as the twin's: it decides between two at once."""
    return UUID(int=(chance.getrandbits(60) << 64) + patient.pk)


def live(patient, practitioner, start, chance):
    """Keep a diary for a year or so: weekly sessions, ordinary days, bad weeks, late entries, things put right."""
    at = start
    for week in range(WEEKS):
        bad = chance.random() < 0.15
        at += 7 * DAY + chance.randrange(10) * HOUR
        sessions.record(
            by=practitioner, now=at, patient=patient, id=an_id(chance, patient), ended_at=at - HOUR, zone="UTC",
            pain_before=3, pain_after=chance.choice((3, 3, 3, 4, 7)),
        )  # fmt: skip
        for _ in range(chance.randrange(6)):
            pain = chance.choice((5, 8, 9)) if bad else chance.choice((2, 3, 3, 4))
            now = at + timedelta(hours=chance.randrange(6 * 24))
            late = chance.choice((0, 0, 0, 1, 30, 90)) * DAY if week > 12 else 0 * DAY
            said = {
                "pain": pain,
                "soreness": chance.choice((None, 0, 3, 8)) if bad else chance.choice((None, 0, 0, 0, 1)),
                "observed_at": now - late,
            }
            said["red_flags"] = chance.choice(([], [], [], [], ["fever"]))
            entry = entries.log(by=patient, now=now, id=an_id(chance, patient), **said).entry
            if chance.random() < 0.1:
                then = entry.observed_at - chance.choice((0, 0, 40)) * DAY
                entries.amend(by=patient, now=now, entry=entry, version=1, pain=9, observed_at=then)
            if chance.random() < 0.1:
                entries.withdraw(by=patient, now=now, entry=entry)
        if chance.random() < 0.05:
            some = chance.choice(list(TreatmentSession.objects.of(patient).standing()))
            sessions.withdraw(by=practitioner, now=at, session=some)
        if chance.random() < 0.05:
            intakes.save(by=patient, now=at, usual_pain=chance.randrange(10), usual_soreness=chance.randrange(3))
        diaries.reassess_due(now=at + 6 * DAY)


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.full) for seed in range(1, 20))])
def test_what_is_told_is_the_same_as_if_the_whole_diary_were_read(seed, ana, paula, join, now, monkeypatch):
    start = now - 60 * DAY
    twin = join("Twin Ana", "patient", by=paula, at=start)
    live(ana, paula, start, random.Random(seed))
    past = Diary.objects.get(patient=ana).past
    assert past["past"]["until"] > (start + 100 * DAY).timestamp()
    monkeypatch.setattr(diaries, "closed", lambda *_: None)
    live(twin, paula, start, random.Random(seed))
    assert Diary.objects.get(patient=twin).past is None
    assert told(ana) == told(twin)
    assert len(told(ana)) > 10


def test_a_past_closed_too_early_would_be_seen(ana, paula, join, now, monkeypatch):
    """The control: whatever goes on, the past ends a week ago."""
    start = now - 60 * DAY
    twin = join("Twin Ana", "patient", by=paula, at=start)
    live(ana, paula, start, random.Random(0))
    monkeypatch.setattr(
        diaries, "closed", lambda case, findings, by: closed(case, (), by) and closed(without_spells(case), (), by)
    )
    live(twin, paula, start, random.Random(0))
    assert told(ana) != told(twin)


def without_spells(case):
    case.__dict__["spells"] = {}
    return case


@pytest.fixture
def years(ana, paula, treat, log, now):
    """Two years of a diary, and its past closed."""
    ends = [now - week * 7 * DAY for week in range(104, 0, -1)]
    about = {"patient": ana, "practitioner": paula, "recorded_by": paula, "recorded_at": now}
    TreatmentSession.objects.bulk_create(TreatmentSession(**about, ended_at=at, pain_before=4) for at in ends[:-1])
    treat(ana, by=paula, ago=now - ends[-1], pain_before=4)
    Entry.objects.bulk_create(
        Entry(patient=ana, pain=4, soreness=0, observed_at=at + day * DAY + HOUR, recorded_at=now)
        for at in ends
        for day in (1, 3)
    )
    log(ana, 4, soreness=0)
    return ana


def test_an_entry_is_judged_without_reading_years_again(years, log, now, monkeypatch):
    read = []
    whole = diaries.read
    monkeypatch.setattr(diaries, "read", lambda *about: read.append(whole(*about)) or read[-1])
    with CaptureQueriesContext(connection) as queries:
        log(years, 4, soreness=0, now=now + HOUR)
    assert len(read[0][0].entries) < 12
    written = [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]
    assert not any("past" in sql for sql in written)


def test_what_changes_in_the_past_is_read_as_a_whole_and_closes_it_anew(years, log, now, monkeypatch):
    before = Diary.objects.get(patient=years).past
    log(years, 9, compared="worse", ago=300 * DAY)
    assert Flag.objects.of(years).filter(rule="severe-pain").exists()
    after = Diary.objects.get(patient=years).past
    assert after["past"]["until"] == before["past"]["until"]


def test_what_is_usual_changes_the_whole_diary(years, now):
    intakes.save(by=years, now=now, usual_soreness=2)
    assert Diary.objects.get(patient=years).past["past"]["usual"]["soreness"] == 2


def test_a_past_closed_by_other_rules_does_not_count(monkeypatch):
    monkeypatch.setattr(diaries, "RULES_VERSION", "other")
    assert diaries.kept('{"rules_version": "1", "past": {}}') is None


@pytest.mark.django_db(transaction=True)
def test_a_first_flag_raised_while_a_diary_was_waited_for_is_seen(ana, treat, now):
    """On PostgreSQL what is read beside the row that is waited for is as old as the wait."""
    held = threading.Event()

    def other():
        try:
            with transaction.atomic():
                diaries.hold(ana)
                held.set()
                threading.Event().wait(0.5)
                Flag.objects.create(patient=ana, rule="silence", level=1, rules_version=RULES_VERSION, **about)
        finally:
            connection.close()

    about = {"session": treat(ana, ago=HOUR), "fired_at": now, "raised_at": now}
    thread = threading.Thread(target=other)
    thread.start()
    assert held.wait(PATIENCE)
    with transaction.atomic():
        diaries.reassess(diaries.hold(ana), now=now)  # and nothing in the diary says what that flag says
    thread.join()
    assert Flag.objects.get().withdrawn_at == now


def test_a_diary_that_holds_nothing_is_read_as_an_empty_one(ana):
    Intake.objects.filter(patient=ana).delete()
    said, flagged = diaries.read(ana)
    assert (said.sessions, said.entries, said.intake, flagged) == ((), (), Usual(), False)


def test_a_flag_is_current_again_only_when_another_of_its_kind_has_settled(ana, treat, log, now):
    """Two spells become other two: the first goes on now, the second moves to before it."""
    intakes.save(by=ana, now=now, usual_soreness=2)
    treat(ana, ago=8 * DAY)
    for day, soreness in ((2.1, 2), (2.5, 0), (3.6, 0), (4, 3), (5, 2), (6.1, 2), (7, 3)):
        log(ana, 3, soreness=soreness, ago=(8 - day) * DAY)
    intakes.save(by=ana, now=now, usual_soreness=1)
    flags = Flag.objects.filter(rule="lingering-reaction").order_by("fired_at")
    fired = [((flag.fired_at - now) / DAY, flag.resolved_at is None) for flag in flags]
    assert fired == [(pytest.approx(-5.9), False), (-4, True)]
