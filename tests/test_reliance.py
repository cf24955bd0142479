"""Nothing falls between chairs: what waits has somebody who may answer it, or is counted where admins look."""

import contextlib
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary import permissions, reliance
from diary.actions import accounts, flags, hours, shares
from diary.actions.handovers import PATIENTS_CHOOSE, Handover, HandoverNeeded
from diary.actions.people import change_role
from diary.hours import is_away
from diary.models import Absence, Cover, Escalation, Event, Flag, Practitioner, Share, User

DAY = timedelta(days=1)
ACTS = {}


def act(function):
    """Name one thing that happens in a practice; `who` and `other` are two of its practitioners, in turn."""
    ACTS[function.__name__] = function
    return function


@act
def share(now, world, who, other):
    code = who.practitioner.spoken_code
    with contextlib.suppress(shares.AlreadyShared, shares.NoReadingHours, shares.UnknownCode):
        shares.grant(by=world.patient, now=now, code=code, with_cover=who.pk % 2 == 0, expires_at=now + 5 * DAY)


@act
def revoke(now, world, who, other):
    for held in Share.objects.live(now).filter(patient=world.patient, practitioner=who):
        shares.revoke(by=world.patient, now=now, share=held)


@act
def lend(now, world, who, other):
    for held in Share.objects.live(now).filter(patient=world.patient):
        shares.let_cover(by=world.patient, now=now, share=held, allowed=not held.with_cover)


@act
def deactivate(now, world, who, other):
    accounts.deactivate(by=world.admin, now=now, user=who, handover=PATIENTS_CHOOSE)


@act
def deactivate_handing_over(now, world, who, other):
    if permissions.can_stand_in(other, who, now):
        accounts.deactivate(by=world.admin, now=now, user=who, handover=Handover(other))


@act
def activate(now, world, who, other):
    accounts.activate(by=world.admin, now=now, user=who)


@act
def demote(now, world, who, other):
    if who.is_practitioner:
        change_role(by=world.admin, now=now, user=who, role="admin", handover=PATIENTS_CHOOSE)


@act
def promote(now, world, who, other):
    if who.is_admin:
        change_role(by=world.admin, now=now, user=who, role="practitioner")


@act
def leave(now, world, who, other):
    if not who.is_practitioner:
        return
    covered_by = other if permissions.can_stand_in(other, who, now) else None
    days = {"first_day": now.date(), "last_day": (now + DAY).date()}
    hours.go_away(by=world.admin, now=now, practitioner=who, covered_by=covered_by, **days)


@act
def leave_uncovered(now, world, who, other):
    if who.is_practitioner:
        hours.go_away(by=world.admin, now=now, practitioner=who, first_day=(now + DAY).date())


@act
def come_back(now, world, who, other):
    for absence in Absence.objects.filter(practitioner=who.pk):
        hours.come_back(by=world.admin, now=now, absence=absence)


@act
def cover(now, world, who, other):
    if permissions.can_stand_in(other, who, now):
        hours.cover(by=world.admin, now=now, practitioner=who, covered_by=other, starts_at=now)


@act
def uncover(now, world, who, other):
    for standing in Cover.objects.coming(now).filter(practitioner=who):
        hours.uncover(by=world.admin, now=now, cover=standing)


@act
def verify(now, world, who, other):
    accounts.verify(
        by=world.admin, now=now, practitioner=who.practitioner, board="B", number="1", expires_on=(now + 3 * DAY).date()
    )


@act
def expire(now, world, who, other):
    who.practitioner.credentials.update(expires_on=(now - DAY).date())


@act
def forget_hours(now, world, who, other):
    who.practitioner.openings.all().delete()


@act
def wait(now, world, who, other):
    """Two days pass: shares, credentials, covers and days away begin and end."""


def people(world):
    return list(User.objects.filter(pk__in=[one.pk for one in world.practitioners]).order_by("pk"))


def handlers(flag, world, now):
    """Return who may answer a flag and is there, asked of each person as the pages ask."""
    able = [person for person in people(world) if permissions.can_handle(person, flag, now)]
    return [person for person in able if not is_away(Practitioner.objects.get(pk=person.pk).hours, now)]


def check(world, now, done):
    counted = {flag.pk for flag in reliance.unattended_flags(now)}
    waiting = Flag.objects.filter(status="open", level__gte=2, patient__is_active=True)
    assert waiting
    for flag in waiting:
        assert bool(handlers(flag, world, now)) != (flag.pk in counted), (done, flag)
    assert sum(row.number for row in reliance.unattended(world.admin, now)) == len(counted)


def run(world, steps, now):
    """Do one thing after another, and look after each."""
    with transaction.atomic():
        done = []
        for name, turn in steps:
            who, other = (people(world)[(turn + one) % 3] for one in range(2))
            ACTS[name](now, world, who, other)
            now += 2 * DAY if name == "wait" else timedelta(hours=1)
            done.append((name, who.name))
            check(world, now, done)
        transaction.set_rollback(True)


@pytest.fixture
def world(admin, ana, paula, remy, newcomer, log):
    log(ana, 8, red_flags=["infection"], ago=timedelta(hours=1))
    return SimpleNamespace(admin=admin, patient=ana, practitioners=[paula, remy, newcomer])


STEPS = st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.integers(0, 2)), min_size=4, max_size=12)


@settings(max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_what_waits_has_a_reader_or_is_counted_whatever_happens(world, now, steps):
    run(world, steps, now)


# Each way in which a reader goes, with what it takes to notice; the controls break one at a time.
GONE = {
    "revoked": [("revoke", 0)],
    "expired": [("expire", 0)],
    "deactivated": [("deactivate", 0)],
    "made an admin": [("demote", 0)],
    "without hours": [("forget_hours", 0)],
    "away": [("leave_uncovered", 0), ("wait", 0)],
    "away, colleague gone": [("leave", 0), ("expire", 1)],
    "away, not lent": [("lend", 0), ("leave", 0)],
    "covered, then not": [("cover", 0), ("deactivate", 0), ("uncover", 0)],
    "covered, colleague away": [("cover", 0), ("deactivate", 0), ("leave_uncovered", 1), ("wait", 0)],
}


@pytest.mark.parametrize("way", GONE)
def test_each_way_to_go_is_counted(world, now, way):
    run(world, [("wait", 0), *GONE[way]], now)
    with transaction.atomic():
        for name, turn in GONE[way]:
            who, other = (people(world)[(turn + one) % 3] for one in range(2))
            ACTS[name](now, world, who, other)
            now += 2 * DAY if name == "wait" else timedelta(hours=1)
        assert [(row.level, row.number) for row in reliance.unattended(world.admin, now)] == [(4, 1)]
        transaction.set_rollback(True)


BROKEN = {
    "days away forgotten": ("absent", lambda now: [], "away"),
    "every share attended": ("attended", lambda rows, now, away: rows.live(now), "deactivated"),
    "covers forgotten": ("attended", lambda rows, now, away: rows.none(), None),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_case_that_is_dropped_is_noticed(world, now, fault, monkeypatch):
    name, broken, way = BROKEN[fault]
    monkeypatch.setattr(reliance, name, broken)
    with pytest.raises(AssertionError):
        run(world, [("wait", 0), *GONE.get(way, [])], now)


def test_what_was_answered_and_what_is_a_notice_is_not_counted(world, ana, paula, admin, now):
    accounts.deactivate(by=admin, now=now, user=paula, handover=PATIENTS_CHOOSE)
    assert reliance.unattended(admin, now)
    accounts.activate(by=admin, now=now, user=paula)
    flags.handle(by=paula, now=now, flag=Flag.objects.get(level=4), outcome="contacted", note="called")
    accounts.deactivate(by=admin, now=now, user=User.objects.get(pk=paula.pk), handover=PATIENTS_CHOOSE)
    assert reliance.unattended(admin, now) == []


def test_what_escalation_counts_already_is_not_counted_twice(world, admin, paula, now):
    accounts.deactivate(by=admin, now=now, user=paula, handover=PATIENTS_CHOOSE)
    Escalation.objects.update(due_at=None, unattended_at=now)
    assert reliance.unattended(admin, now) == []
    assert len(permissions.unattended_since(admin, now)) == 1


def test_only_admins_are_told_and_in_numbers(world, ana, paula, now):
    assert reliance.unattended(paula, now) == reliance.unattended(ana, now) == []
    for by in (ana, paula):
        with pytest.raises(PermissionDenied):
            reliance.reliance_on(by, paula, now)


# What rests on one practitioner


def test_reliance_counts_patients_and_those_with_nobody_else(world, admin, ana, ben, paula, remy, now):
    shares.grant(by=ben, now=now, code=paula.practitioner.spoken_code, with_cover=False)
    left = reliance.reliance_on(admin, paula, now)
    assert (left.patients, left.only, left.lending, left.standing_in) == (2, 2, 1, 0)
    assert [(row.level, row.number, row.for_a_day) for row in left.waiting] == [(4, 1, 0)]
    shares.grant(by=ben, now=now, code=remy.practitioner.spoken_code)
    hours.cover(by=paula, now=now, practitioner=paula, covered_by=remy, starts_at=now)
    left = reliance.reliance_on(admin, paula, now)
    assert (left.patients, left.only, left.lending) == (2, 0, 0)
    assert reliance.reliance_on(admin, remy, now).standing_in == 1


def test_who_covers_for_the_only_other_reader_is_no_second_reader(world, admin, ana, paula, remy, now):
    """Remy reads beside Paula and in her place: with Paula away, nobody but Remy reads."""
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code)
    hours.go_away(by=paula, now=now, practitioner=paula, first_day=now.date(), covered_by=remy)
    assert reliance.reliance_on(admin, remy, now).only == 1


# Handing over


def test_a_practitioner_with_patients_goes_only_with_a_word_on_who_takes_over(world, admin, paula, now):
    with pytest.raises(HandoverNeeded):
        accounts.deactivate(by=admin, now=now, user=paula)
    with pytest.raises(HandoverNeeded):
        change_role(by=admin, now=now, user=paula, role="admin")
    paula.refresh_from_db()
    assert (paula.is_active, paula.role) == (True, "practitioner")


def test_a_handover_is_all_or_nothing(world, admin, ana, paula, remy, newcomer, now):
    flag = Flag.objects.get(level=4)
    with pytest.raises(PermissionDenied):  # a newcomer is not verified and cannot stand in
        accounts.deactivate(by=admin, now=now, user=paula, handover=Handover(newcomer))
    assert User.objects.get(pk=paula.pk).is_active
    accounts.deactivate(by=admin, now=now, user=paula, handover=Handover(remy))
    assert permissions.can_handle(remy, flag, now)
    assert not permissions.can_handle(User.objects.get(pk=paula.pk), flag, now)
    event = Event.objects.about(paula.pk).get(verb="handed-over")
    assert '"patients": 1' in event.new
    assert "Ana" not in event.new


def test_who_takes_over_goes_on_reading_for_one_who_became_an_admin(world, admin, paula, remy, now):
    change_role(by=admin, now=now, user=paula, role="admin", handover=Handover(remy))
    assert permissions.can_handle(remy, Flag.objects.get(level=4), now)
    hours.uncover(by=admin, now=now, cover=Cover.objects.get())
    assert not permissions.can_handle(remy, Flag.objects.get(level=4), now)
