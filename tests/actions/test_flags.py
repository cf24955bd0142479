import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from diary.actions import diaries, entries, flags, intakes
from diary.clinical import assess
from diary.clinical.assess import RULES_VERSION
from diary.models import Event, Flag, Level, Notification
from tests.working import PATIENCE

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def flag(ana, treat, log):
    """A review flag of Ana's: soreness three days after a session, and still as sore."""
    treat(ana, ago=3 * DAY)
    log(ana, 3, soreness=4, ago=HOUR)
    return Flag.objects.get()


def handle(flag, paula, now, outcome="contacted", note=""):
    return flags.handle(by=paula, now=now, flag=flag, outcome=outcome, note=note)


def test_a_finding_raises_one_flag(flag, ana, log):
    log(ana, 3, soreness=4)
    flag.refresh_from_db()
    assert Flag.objects.count() == 1
    assert (flag.rule, flag.symptom, flag.level, flag.rules_version) == (
        "lingering-reaction",
        "soreness",
        2,
        RULES_VERSION,
    )
    assert (flag.status, flag.resolved_at, flag.withdrawn_at) == ("open", None, None)


def test_a_flag_that_settled_says_so_and_still_waits_for_a_person(flag, ana, log, now):
    log(ana, 3, soreness=0, now=now + DAY)
    log(ana, 3, soreness=0, now=now + 2 * DAY)
    flag.refresh_from_db()
    assert flag.resolved_at == now + 2 * DAY
    assert flag.status == "open"


def test_an_amended_diary_withdraws_the_flag_and_never_deletes_it(flag, ana, now):
    entry = ana.entries.get()
    entries.amend(by=ana, now=now, entry=entry, version=1, soreness=0)
    flag.refresh_from_db()
    assert flag.withdrawn_at == now
    assert Event.objects.filter(verb="flag-followed", subject=str(flag.pk)).exists()


@pytest.mark.parametrize(
    ("outcome", "status"),
    [("acknowledged", "acknowledged"), ("contacted", "closed"), ("referred", "closed"), ("not_a_concern", "closed")],
)
def test_handling_says_who_when_and_how(flag, paula, now, outcome, status):
    handled = handle(flag, paula, now, outcome, "rang her")
    assert (handled.status, handled.outcome, handled.handled_by, handled.handled_at) == (status, outcome, paula, now)
    step = handled.steps.get()
    assert (step.action, step.by, step.note) == (outcome, paula, "rang her")


def test_a_handled_flag_stays_handled(flag, paula, ana, log, now):
    handle(flag, paula, now)
    log(ana, 3, soreness=4, now=now + HOUR)
    flag.refresh_from_db()
    assert flag.status == "closed"
    assert Flag.objects.count() == 1


def test_worse_than_what_was_handled_is_a_new_flag(ana, paula, treat, log, now):
    treat(ana, ago=3 * DAY)
    log(ana, 3, soreness=3, ago=HOUR * 2)
    log(ana, 3, soreness=2, ago=HOUR)
    first = Flag.objects.get()
    Flag.objects.update(level=Level.NOTICE)
    handle(first, paula, now)
    log(ana, 3, soreness=5)
    worse = Flag.objects.exclude(pk=first.pk).get()
    assert (worse.status, worse.level, worse.fired_at) == ("open", Level.REVIEW, first.fired_at)
    log(ana, 3, soreness=5, now=now + HOUR)
    assert Flag.objects.count() == 2


def test_of_two_people_the_first_wins_and_the_second_sees_it(flag, paula, now):
    seen_by_both = Flag.objects.get()
    handle(flag, paula, now)
    with pytest.raises(flags.AlreadyHandled) as late:
        handle(seen_by_both, paula, now, "referred")
    assert (late.value.flag.outcome, late.value.flag.handled_by) == ("contacted", paula)


def test_a_flag_that_has_risen_is_looked_at_again_before_it_is_answered(flag, paula, now):
    Flag.objects.update(level=Level.PRIORITY)
    with pytest.raises(flags.HasRisen) as risen:
        flags.handle(by=paula, now=now, flag=flag, outcome="contacted", seen=Level.REVIEW)
    assert (risen.value.flag.level, Flag.objects.get().status) == (Level.PRIORITY, "open")
    assert flags.handle(by=paula, now=now, flag=flag, outcome="contacted", seen=Level.PRIORITY).status == "closed"


@pytest.mark.django_db(transaction=True)
def test_worse_at_the_moment_of_an_answer_is_a_new_flag(ana, paula, treat, log, now):
    """What is answered says what was seen, however near the next entry comes to it; on PostgreSQL both run at once."""
    treat(ana, ago=3 * DAY)
    log(ana, 3, soreness=3, ago=HOUR)
    first = Flag.objects.get()
    Flag.objects.update(level=Level.NOTICE)
    answered = threading.Event()

    def answer():
        try:
            with transaction.atomic():
                handle(first, paula, now, "acknowledged")
                answered.set()
                threading.Event().wait(0.5)
        finally:
            connection.close()

    thread = threading.Thread(target=answer)
    thread.start()
    assert answered.wait(PATIENCE)
    log(ana, 3, soreness=5)
    thread.join()
    assert {(flag.level, flag.status) for flag in Flag.objects.all()} == {(1, "acknowledged"), (2, "open")}


def test_an_acknowledged_flag_can_still_be_closed(flag, paula, now):
    acknowledged = handle(flag, paula, now, "acknowledged")
    assert handle(acknowledged, paula, now, "referred").status == "closed"


@pytest.mark.parametrize("person", ["ana", "ben", "remy", "former", "newcomer", "admin"])
def test_only_a_practitioner_who_reads_the_diary_handles(flag, person, request, now):
    someone = request.getfixturevalue(person)
    for act in (
        lambda: flags.handle(by=someone, now=now, flag=flag, outcome="contacted"),
        lambda: flags.reopen(by=someone, now=now, flag=flag),
        lambda: flags.undo(by=someone, now=now, flag=flag),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_reopen_puts_it_back(flag, paula, now):
    reopened = flags.reopen(by=paula, now=now, flag=handle(flag, paula, now), note="rang back")
    assert (reopened.status, reopened.outcome, reopened.handled_by) == ("open", "", None)
    with pytest.raises(flags.AlreadyHandled):
        flags.reopen(by=paula, now=now, flag=reopened)


def test_undo_takes_the_last_step_back_on_its_day(flag, paula, now):
    acknowledged = handle(flag, paula, now, "acknowledged")
    closed = handle(acknowledged, paula, now + HOUR, "contacted")
    undone = flags.undo(by=paula, now=now + 2 * HOUR, flag=closed)
    assert (undone.status, undone.outcome, undone.handled_at) == ("acknowledged", "acknowledged", now)
    assert [step.action for step in undone.steps.all()] == ["acknowledged", "contacted", "undone"]
    with pytest.raises(PermissionDenied):
        flags.undo(by=paula, now=now + 2 * HOUR, flag=undone)


def test_undo_is_for_the_same_day(flag, paula, now):
    with pytest.raises(PermissionDenied):
        flags.undo(by=paula, now=now + DAY, flag=handle(flag, paula, now))


def test_a_pressing_flag_is_told_to_who_reads_the_diary(ana, paula, remy, former, treat, log):
    treat(ana, ago=HOUR, pain_before=3)
    log(ana, 8)
    assert Flag.objects.get().level == Level.PRIORITY
    assert Notification.objects.get().recipient == paula


def test_a_flag_for_the_worklist_is_part_of_the_next_digest(flag):
    assert [row.kind for row in Notification.objects.all()] == ["digest"]


def test_silence_is_told_once_its_time_has_come(ana, treat, now):
    treat(ana, ago=DAY)
    assert not Flag.objects.exists()
    assert diaries.reassess_due(now=now + timedelta(hours=71)) == 0
    assert diaries.reassess_due(now=now + timedelta(hours=72)) == 1
    assert Flag.objects.get().rule == "silence"
    assert diaries.reassess_due(now=now + timedelta(hours=73)) == 0


# A flag keeps what it was raised on, and by which rules


def test_a_flag_keeps_what_it_was_raised_on(flag, ana, now):
    entry = ana.entries.get()
    entries.amend(by=ana, now=now, entry=entry, version=1, soreness=6)
    flag.refresh_from_db()
    assert [(said["id"], said["soreness"]) for said in flag.inputs["entries"]] == [(str(entry.pk), 4)]
    assert flag.inputs["sessions"][0]["id"] == str(flag.session_id)
    assert flag.withdrawn_at is None


@pytest.mark.parametrize("again", [flags.reopen, flags.undo])
def test_a_flag_that_a_worse_one_followed_is_not_opened_beside_it(ana, paula, treat, log, now, again):
    """Nor where both have settled: they would be current again together, and no entry could be saved."""
    intakes.save(by=ana, now=now, conditions=["blood_thinners"])
    treat(ana, ago=DAY)
    log(ana, 3, bruising=2, ago=2 * HOUR)
    first = handle(Flag.objects.get(), paula, now, "acknowledged")
    log(ana, 3, bruising=3, ago=HOUR)
    settled = log(ana, 3, bruising=1).entry
    worse = Flag.objects.waiting().get()
    with pytest.raises(flags.OpenAlready) as instead:
        again(by=paula, now=now + HOUR, flag=first)
    assert instead.value.flag == worse
    entries.withdraw(by=ana, now=now + HOUR, entry=settled)
    handle(worse, paula, now + HOUR)
    assert flags.reopen(by=paula, now=now + 2 * HOUR, flag=first).status == "open"


@pytest.fixture
def older(flag, monkeypatch):
    """The same flag, the rules having changed since: they find no lingering reaction any more."""
    monkeypatch.setattr("diary.clinical.assess.RULES_VERSION", "other")
    monkeypatch.setattr(assess, "RULES", [rule for rule in assess.RULES if rule.code != flag.rule])
    return flag


def test_a_change_of_the_rules_withdraws_nothing(older, ana, log, now):
    before = Flag.objects.values().get()
    log(ana, 2, soreness=0, now=now + HOUR)
    assert Flag.objects.values().get() == before


def test_a_change_of_the_diary_withdraws_a_flag_of_other_rules(older, ana, now):
    entries.amend(by=ana, now=now, entry=ana.entries.get(), version=1, soreness=0)
    older.refresh_from_db()
    assert older.withdrawn_at == now


def test_a_flag_of_other_rules_is_not_made_worse_by_the_present_ones(flag, ana, log, now, monkeypatch):
    """It tells a finding of its instant; where that has become worse, a flag of the present rules stands beside it."""
    Flag.objects.update(level=Level.NOTICE)
    monkeypatch.setattr("diary.clinical.assess.RULES_VERSION", "other")
    log(ana, 3, soreness=5, now=now + HOUR)
    old, new = Flag.objects.order_by("raised_at")
    assert (old.level, old.rules_version) == (Level.NOTICE, RULES_VERSION)
    assert (new.level, new.rules_version) == (Level.REVIEW, "other")
    assert (new.fired_at, new.status) == (old.fired_at, "open")
    log(ana, 3, soreness=5, now=now + 2 * HOUR)
    assert Flag.objects.count() == 2


def test_a_flag_of_other_rules_settles_once(flag, ana, log, now, monkeypatch):
    monkeypatch.setattr("diary.clinical.assess.RULES_VERSION", "other")
    log(ana, 3, soreness=0, now=now + DAY)
    log(ana, 3, soreness=0, now=now + 2 * DAY)
    flag.refresh_from_db()
    assert (flag.resolved_at, flag.rules_version) == (now + 2 * DAY, RULES_VERSION)
    log(ana, 3, soreness=0, now=now + 3 * DAY, ago=36 * HOUR)
    flag.refresh_from_db()
    assert flag.resolved_at == now + 2 * DAY


@pytest.mark.parametrize("name", ["ben", "paula", "admin"])
def test_only_the_patient_says_how_urgent_it_is(flag, name, now, request):
    with pytest.raises(PermissionDenied):
        flags.say_urgency(by=request.getfixturevalue(name), now=now, flag=flag, urgency="urgent")
