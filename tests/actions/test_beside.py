"""Two people at the same moment: admins who close each other's account, practitioners who open flags again."""

import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, connection

from diary.actions import accounts, flags, intakes, people
from diary.models import Event, Flag, Practice, User
from tests.actions.beside import beside

HELD = 'SELECT "diary_flag".*FOR UPDATE|UPDATE "diary_flag"'
"""Where a flag is held; on SQLite, which holds everything, where it is written."""


@pytest.fixture
def other(db, now):
    return User.objects.create_user(email="other@example.org", role=User.Role.ADMIN, name="Otto", date_joined=now)


def at_once(*works):
    """Do both, each waiting a moment once it has locked what it locks first; return what went wrong, for each."""
    together, wrong = threading.Barrier(len(works)), []

    def meet(execute, sql, *given):
        result = execute(sql, *given)
        if "FOR " in sql and ('FROM "diary_user"' in sql or 'FROM "diary_flag"' in sql):
            wait(together)
        return result

    def do(work):
        try:
            with connection.execute_wrapper(meet):
                work()
        except (PermissionDenied, OperationalError, IntegrityError, flags.OpenAlready) as trouble:
            wrong.append(type(trouble))
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def wait(together):
    """Wait for the other; in vain where it waits for a lock, or where a database lets one write at a time."""
    with suppress(threading.BrokenBarrierError):
        together.wait(0.5)


def close(by, user, now):
    return partial(accounts.deactivate, by=by, now=now, user=user)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_each_other_one_is_left_and_is_told_no(admin, other, now):
    assert at_once(close(admin, other, now), close(other, admin, now)) == [PermissionDenied]
    assert User.objects.active().admins().count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_one_who_closes_and_one_who_demotes_one_is_left(admin, other, now):
    practice = Practice.objects.create(name="Riverside", emergency_number="112", same_day_number="5550100")
    demote = partial(people.change_role, by=other, now=now, user=admin, role="practitioner", practice=practice)
    assert at_once(close(admin, other, now), demote) == [PermissionDenied]
    assert User.objects.active().admins().count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("settled", [False, True])
def test_of_two_flags_of_one_finding_opened_at_once_one_is_open(ana, paula, treat, log, now, settled):
    """Where both had settled no constraint would stop the second, and no entry could be saved once they hold again."""
    intakes.save(by=ana, now=now, conditions=["blood_thinners"])
    treat(ana, ago=timedelta(days=1))
    for grade, ago in ((2, 2), (3, 1)):
        log(ana, 3, bruising=grade, ago=timedelta(hours=ago))
        flags.handle(by=paula, now=now, flag=Flag.objects.waiting().get(), outcome="contacted")
    if settled:
        log(ana, 3, bruising=1)
    first, worse = Flag.objects.order_by("raised_at", "level")
    reopen = [partial(flags.reopen, by=paula, now=now, flag=flag) for flag in (first, worse)]
    assert at_once(*reopen) == [flags.OpenAlready]
    assert Flag.objects.waiting().count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_a_flag_that_is_closed_at_that_moment_no_urgency_is_kept(ana, paula, log, now):
    """Whether it may be said was asked of the flag as it had been, before it was held."""
    log(ana, 5, red_flags=["saddle"])
    close = partial(flags.handle, by=paula, now=now, flag=Flag.objects.get(), outcome="contacted")
    say = partial(flags.say_urgency, by=ana, now=now, flag=Flag.objects.get(), urgency="urgent")
    assert beside(say, HELD, close)[1] is None
    said = Event.objects.filter(verb__in=["flag-urgency-said", "flag-contacted"]).order_by("pk")
    assert said.last().verb == "flag-contacted"
