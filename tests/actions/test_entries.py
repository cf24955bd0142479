from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from diary.actions import entries
from diary.models import Amendment, Entry, Event, Flag, Notification

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def amend(entry, now, **answers):
    return entries.amend(by=entry.patient, now=now, entry=entry, version=entry.version, **answers)


def test_log_keeps_the_answers_with_the_zone_they_were_said_in(ana, log, now):
    logged = log(ana, 4, soreness=2, stiffness=1, compared="same", note="ok", offset_minutes=60)
    entry = Entry.objects.get()
    assert (logged.entry, logged.created, logged.raised) == (entry, True, [])
    assert (entry.pain, entry.soreness, entry.stiffness, entry.fatigue) == (4, 2, 1, None)
    assert (entry.zone, entry.offset_minutes, entry.recorded_at, entry.version) == ("Europe/Lisbon", 60, now, 1)
    assert Event.objects.about(ana.pk).filter(verb="entry-logged", subject=str(entry.pk)).count() == 1


def test_log_is_for_patients(paula, admin, log):
    for person in (paula, admin):
        with pytest.raises(PermissionDenied):
            log(person, 4)


def test_log_sent_again_makes_no_second_entry(ana, log):
    id = uuid4()
    log(ana, 4, id=id, note="first")
    again = log(ana, 4, id=id, note="first")
    assert not again.created
    assert Entry.objects.count() == 1


def test_log_with_a_used_id_and_another_body_keeps_the_first(ana, log):
    id = uuid4()
    log(ana, 4, id=id, note="first")
    again = log(ana, 5, id=id, note="second")
    assert (again.created, again.entry.pain, again.entry.note) == (False, 4, "first")


def test_log_sent_again_after_withdrawal_stays_withdrawn(ana, log, now):
    id = uuid4()
    entries.withdraw(by=ana, now=now, entry=log(ana, 4, id=id).entry)
    assert not log(ana, 4, id=id).created
    assert not Entry.objects.standing().exists()


def test_log_never_touches_an_entry_of_somebody_else(ana, ben, log):
    id = uuid4()
    log(ben, 2, id=id)
    with pytest.raises(IntegrityError):
        log(ana, 9, id=id)
    assert Entry.objects.get().patient == ben


def test_log_raises_flags_and_queues_mail_in_one_go(ana, paula, log):
    logged = log(ana, 4, red_flags=["saddle"])
    flag = Flag.objects.get()
    assert logged.raised == [flag]
    assert (flag.rule, flag.code, flag.get_level_display(), flag.entry) == (
        "red-flag",
        "saddle",
        "urgent",
        logged.entry,
    )
    assert Notification.objects.get().recipient == paula


@pytest.mark.asvs("V2.3.3")
def test_log_leaves_nothing_behind_when_the_last_write_fails(ana, log, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("diary.actions.flags.notifications.queue_flags", fail)
    with pytest.raises(RuntimeError):
        log(ana, 4, red_flags=["saddle"])
    assert not Entry.objects.exists()
    assert not Flag.objects.exists()
    assert not Event.objects.filter(verb="entry-logged").exists()


def test_log_takes_few_statements(ana, log, treat, django_assert_max_num_queries):
    treat(ana, ago=2 * DAY)
    log(ana, 4, ago=DAY)
    with django_assert_max_num_queries(6):  # two of them the transaction's own
        log(ana, 4)


def test_log_notes_when_silence_would_be_told(ana, treat, now):
    treat(ana, ago=DAY)
    ana.diary.refresh_from_db()
    assert ana.diary.due_at == now + timedelta(hours=72)


def test_amend_keeps_what_was_said_before(ana, log, now):
    entry = log(ana, 4, note="first").entry
    amended = amend(entry, now + HOUR, pain=5, note="second")
    kept = Amendment.objects.get()
    assert (amended.pain, amended.note, amended.version) == (5, "second", 2)
    assert (kept.version, kept.values["pain"], kept.values["note"], kept.amended_by) == (1, 4, "first", ana)


def test_amend_without_a_change_leaves_no_trace(ana, log, now):
    assert amend(log(ana, 4).entry, now, pain=4).version == 1
    assert not Amendment.objects.exists()


def test_amend_of_an_older_version_shows_the_current_one(ana, log, now):
    entry = log(ana, 4).entry
    amend(Entry.objects.get(), now, pain=5)
    with pytest.raises(entries.StaleEdit) as stale:
        amend(entry, now, pain=6)
    assert stale.value.current.pain == 5
    assert Entry.objects.get().pain == 5


def test_amend_never_takes_a_red_flag_back(ana, log, now):
    entry = log(ana, 4, red_flags=["saddle"]).entry
    amended = amend(entry, now, red_flags=["fever"])
    assert amended.red_flags == ["fever", "saddle"]
    assert Flag.objects.current().count() == 2


def test_amend_of_somebody_elses_entry_is_denied(ana, ben, log, now):
    entry = log(ana, 4).entry
    for write in (entries.withdraw, entries.restore):
        with pytest.raises(PermissionDenied):
            write(by=ben, now=now, entry=entry)
    with pytest.raises(PermissionDenied):
        entries.amend(by=ben, now=now, entry=entry, version=1, pain=0)


def test_withdraw_and_restore_take_the_flags_along(ana, treat, log, now):
    treat(ana, ago=DAY, pain_before=3)
    entry = log(ana, 9).entry
    flag = Flag.objects.get()
    entries.withdraw(by=ana, now=now, entry=entry)
    flag.refresh_from_db()
    assert flag.withdrawn_at == now
    entries.restore(by=ana, now=now + HOUR, entry=entry)
    flag.refresh_from_db()
    assert flag.withdrawn_at is None
    assert Flag.objects.count() == 1


def test_withdraw_twice_is_one_event(ana, log, now):
    entry = log(ana, 4).entry
    entries.withdraw(by=ana, now=now, entry=entry)
    entries.withdraw(by=ana, now=now + HOUR, entry=entry)
    assert Event.objects.filter(verb="entry-withdrawn").count() == 1
    assert Entry.objects.get().withdrawn_at == now


def test_a_withdrawn_entry_with_a_red_flag_is_still_seen_by_a_person(ana, log, now):
    entry = log(ana, 4, red_flags=["head"]).entry
    entries.withdraw(by=ana, now=now, entry=entry)
    assert Flag.objects.current().get().code == "head"
