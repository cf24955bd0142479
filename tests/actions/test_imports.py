"""A file taken into a diary: exactly, wholly or not at all, once, and without waking anybody about the past."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from diary.actions import entries, imports, intakes, leaving, sessions
from diary.exports import document
from diary.exports.fhir.bundle import as_fhir
from diary.importing.document import read
from diary.models import Amendment, Entry, Escalation, Event, Flag, Import, Notification, TreatmentSession

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _own_list(tmp_path, settings):
    settings.ERASED_LIST = tmp_path / "erased.list"


@pytest.fixture
def rich(ana, paula, treat, log, now):
    """A diary with something of each kind: two sessions, changed and deleted entries, a sign long ago, a background."""
    intakes.save(by=ana, now=now - 60 * DAY, usual_pain=3, conditions=["pregnancy"], medicines="iron; =1+1")
    treat(ana, by=paula, ago=40 * DAY, pain_before=5, pain_after=4, sites=["lower-left"], note="first", now=now)
    gone = treat(ana, ago=20 * DAY)
    sessions.withdraw(by=ana, now=now, session=gone)
    entry = log(ana, 8, soreness=6, ago=37 * DAY, note="é\n“quoted”", red_flags=["infection"], stiffness=2).entry
    entries.amend(by=ana, now=now, entry=entry, version=1, **entries.said(entry) | {"pain": 7})
    entries.withdraw(by=ana, now=now, entry=log(ana, 2, ago=30 * DAY).entry)
    log(ana, 3, ago=2 * DAY, good=["relaxed"], compared="same", aftercare=["water"], regions=["leg-left"])
    return ana


def exported(person, now):
    return "".join(document.as_json(person, now)).encode()


def brought(person, content, now):
    found = read(content, now)
    return found, imports.look_at(by=person, now=now, kind="json", text=json.dumps(found.parts), digest=found.digest)


def take(person, content, now):
    found, taken = brought(person, content, now)
    made = imports.take(by=person, now=now, taken=taken, parts=found.parts)
    taken.refresh_from_db()
    return found, taken, made


@pytest.fixture
def empty_system(rich, ben, now):
    """Nothing here has an id of the file any more: its patient has left. Return the file."""
    content = exported(rich, now)
    leaving.erase(by=rich, now=now)
    Notification.objects.all().delete()
    return content


def test_an_export_comes_back_with_an_equal_digest(empty_system, ben, now, figure):
    _found, taken, made = take(ben, empty_system, now)
    told = json.loads(empty_system)["settle"]["digest"]
    assert (taken.digest, taken.result["digest"], document.document(ben, now)["settle"]["digest"]) == (told,) * 3
    assert made.counts == {"sessions": 2, "entries": 3, "amendments": 1, "intake": 1, "known": 0, "left": 0}
    assert {*Entry.objects.of(ben).values_list("imported_at", flat=True)} == {now}
    assert (taken.text, taken.taken_at) == ("", now)
    figure("rows that a re-import changed or lost", 0, f"{sum(made.counts.values())} rows")


@pytest.mark.parametrize("lost", ["note", "recorded_at", "version"])
def test_control_what_is_written_otherwise_is_noticed_and_nothing_is_kept(lost, empty_system, ben, now, monkeypatch):
    true = imports.values
    worse = {"note": "other", "recorded_at": now - HOUR, "version": 9}
    monkeypatch.setattr(imports, "values", lambda row: true(row) | ({lost: worse[lost]} if lost in row else {}))
    with pytest.raises(imports.NotAsRead):
        take(ben, empty_system, now)
    assert not Entry.objects.of(ben).exists()
    assert not Event.objects.filter(verb="diary-imported").exists()


def test_taken_in_twice_is_taken_in_once(empty_system, ben, now):
    take(ben, empty_system, now)
    before = exported(ben, now)
    _found, _taken, again = take(ben, empty_system, now + HOUR)
    assert again.is_empty
    assert again.known == 6
    assert json.loads(exported(ben, now))["settle"]["entries"] == json.loads(before)["settle"]["entries"]
    assert Flag.objects.of(ben).filter(rule="red-flag").count() == 1


@pytest.mark.parametrize("form", [document.as_json, as_fhir])
def test_advice_in_the_practitioners_own_words_comes_back_too(form, ana, ben, paula, treat, log, now):
    advised = ["water", "Walk to the lake", "- no needles, é"]
    treat(ana, by=paula, ago=3 * DAY, aftercare=advised, now=now)
    log(ana, 3, ago=DAY, aftercare=advised)
    _found, taken, made = take(ben, "".join(form(ana, now)).encode(), now)
    assert (taken.digest, made.counts["left"]) == (taken.result["digest"], 0)
    assert Entry.objects.get(patient=ben).aftercare == TreatmentSession.objects.get(patient=ben).aftercare == advised


def test_the_same_file_confirmed_twice_is_taken_in_once(empty_system, ben, now):
    found, taken = brought(ben, empty_system, now)
    for _press in range(2):
        imports.take(by=ben, now=now, taken=taken, parts=found.parts)
    assert Event.objects.filter(verb="diary-imported").count() == 1
    assert Entry.objects.of(ben).count() == 3


def test_beside_the_diary_it_was_taken_from_it_has_ids_of_its_own_and_tells_nothing(rich, ben, now):
    content = exported(rich, now)
    _found, taken, made = take(ben, content, now)
    assert taken.digest == taken.result["digest"]
    assert len(made.new["entries"]) == 3
    assert Entry.objects.of(rich).count() == Entry.objects.of(ben).count() == 3
    assert take(ben, content, now)[2].is_empty
    assert Amendment.objects.get(patient=ben).entry.patient == ben


def test_what_stands_here_stays(rich, now):
    content = exported(rich, now)
    entry = Entry.objects.of(rich).latest("observed_at")
    entries.amend(by=rich, now=now, entry=entry, version=entry.version, **entries.said(entry) | {"note": "mine"})
    intakes.save(by=rich, now=now, medicines="other")
    _found, _taken, made = take(rich, content, now)
    assert {left.why for left in made.left} == {"other", "intake"}
    assert made.is_empty
    assert Entry.objects.get(pk=entry.pk).note == "mine"


def test_another_session_of_the_same_moment_stays_out(empty_system, ben, treat, now):
    treat(ben, ago=40 * DAY)
    _found, _taken, made = take(ben, empty_system, now)
    assert [left.why for left in made.left] == ["instant"]
    assert TreatmentSession.objects.of(ben).count() == 2


def test_no_practitioner_is_named_by_a_file(empty_system, ben, paula, now):
    assert b"Paula Pinho" in empty_system
    take(ben, empty_system, now)
    assert not TreatmentSession.objects.filter(practitioner=paula).exists()
    assert {*TreatmentSession.objects.of(ben).values_list("recorded_by", flat=True)} == {ben.pk}


def test_the_past_wakes_nobody_and_the_last_days_do(rich, join, paula, now):
    """The sign of 37 days ago stands on the list; the same sign of yesterday is mailed and escalates."""
    old = exported(rich, now)
    recent = json.loads(old)
    del recent["settle"]
    recent["entries"] = [
        recent["entries"][-1] | {"red_flags": ["fever"], "id": "x", "observed_at": "2026-03-09T12:00:00Z"}
    ]
    cleo, dana = (join(name, "patient", by=paula) for name in ("Cleo Old", "Dana New"))
    Notification.objects.all().delete()
    take(cleo, old, now)
    assert Flag.objects.filter(patient=cleo, rule="red-flag", status="open", level=4).exists()
    assert not Notification.objects.exists()
    assert not Escalation.objects.filter(patient=cleo).exists()
    take(dana, json.dumps(recent | {"sessions": []}).encode(), now)
    assert Notification.objects.filter(kind="urgent", recipient=paula).count() == 1
    assert Escalation.objects.filter(patient=dana).exists()


def test_control_without_a_limit_the_past_would_wake_somebody(rich, join, paula, now, monkeypatch):
    monkeypatch.setattr(imports, "TOLD_OF", 90 * DAY)
    old = exported(rich, now)
    Notification.objects.all().delete()
    take(join("Cleo Old", "patient", by=paula), old, now)
    assert Notification.objects.filter(kind="urgent", recipient=paula).exists()


def test_only_who_brought_a_file_takes_it_in(empty_system, ben, remy, join, now):
    found, taken = brought(ben, empty_system, now)
    for person in (remy, join("Cleo Other", "patient")):
        with pytest.raises(PermissionDenied):
            imports.take(by=person, now=now, taken=taken, parts=found.parts)
        with pytest.raises(PermissionDenied):
            imports.drop(by=person, taken=taken)
        with pytest.raises(PermissionDenied):
            imports.choose(by=person, taken=taken, choices={})
    with pytest.raises(PermissionDenied):
        brought(remy, empty_system, now)


def test_a_file_left_is_not_kept(empty_system, ben, now):
    imports.drop(by=ben, taken=brought(ben, empty_system, now)[1])
    brought(ben, empty_system, now)
    brought(ben, empty_system, now)
    assert Import.objects.count() == 1


def test_a_file_that_nobody_decides_about_is_let_go_after_a_week(empty_system, ben, now):
    _found, taken = brought(ben, empty_system, now)
    assert imports.let_go(now=now + 7 * DAY) == 0
    assert imports.let_go(now=now + 7 * DAY + HOUR) == 1
    assert not Import.objects.filter(pk=taken.pk).exists()


def test_what_was_taken_in_is_not_let_go(empty_system, ben, now):
    take(ben, empty_system, now)
    assert imports.let_go(now=now + 70 * DAY) == 0
    assert Import.objects.count() == 1


def rows_of(count, now):
    """A diary of so many entries, each a day before the last, as another program writes it."""
    at = [(now - (number + 1) * DAY).isoformat().replace("+00:00", "Z") for number in range(count)]
    entries = [{"id": str(number), "observed_at": moment, "pain": 2} for number, moment in enumerate(at)]
    return json.dumps({"format": "symptom-diary/1", "time_zone": "UTC", "sessions": [], "entries": entries}).encode()


@pytest.mark.parametrize("count", [20, 400])
def test_under_the_lock_many_rows_take_as_many_statements_as_few(count, ben, now, django_assert_num_queries):
    found, taken = brought(ben, rows_of(count, now), now)
    prepared = imports.prepare(ben, found.parts, now)
    with django_assert_num_queries(11):
        imports.take_all(by=ben, now=now, taken=taken, parts=found.parts, prepared=prepared)


def test_what_changed_since_it_was_prepared_is_planned_again(empty_system, ben, log, now, monkeypatch):
    found, taken = brought(ben, empty_system, now)
    prepare = imports.prepare

    def late(by, parts, at):
        made = prepare(by, parts, at)
        log(ben, 3)
        return made

    monkeypatch.setattr(imports, "prepare", late)
    assert imports.take(by=ben, now=now, taken=taken, parts=found.parts).counts["entries"] == 3
    assert Entry.objects.of(ben).count() == 4


@pytest.mark.parametrize("between", ["a row of the file", "a background"])
def test_what_changed_meanwhile_undoes_all(between, empty_system, ben, now, monkeypatch):
    found, taken = brought(ben, empty_system, now)
    prepare, first = imports.prepare, found.parts["entries"][0]

    def late(by, parts, at):
        made = prepare(by, parts, at)
        if between == "a background":
            intakes.save(by=ben, now=now, medicines="other")
        else:
            entries.log(by=ben, now=now, id=UUID(first["id"]), observed_at=now, zone="UTC", offset_minutes=0, pain=1)
        return made

    monkeypatch.setattr(imports, "prepare", late)
    with pytest.raises(imports.ChangedMeanwhile):
        imports.take(by=ben, now=now, taken=taken, parts=found.parts)
    assert Entry.objects.of(ben).count() == (between == "a row of the file")
    assert not Event.objects.filter(verb="diary-imported").exists()
