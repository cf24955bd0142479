"""Two admins who close each other's account, or change each other's role, at the same moment."""

import threading
from contextlib import suppress
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection

from diary.actions import accounts, people
from diary.models import Practice, User


@pytest.fixture
def other(db, now):
    return User.objects.create_user(email="other@example.org", role=User.Role.ADMIN, name="Otto", date_joined=now)


def at_once(*works):
    """Do both, each waiting a moment once it has locked what it locks first; return what went wrong, for each."""
    together, wrong = threading.Barrier(len(works)), []

    def meet(execute, sql, *given):
        result = execute(sql, *given)
        if "FOR " in sql and 'FROM "diary_user"' in sql:
            wait(together)
        return result

    def do(work):
        try:
            with connection.execute_wrapper(meet):
                work()
        except (PermissionDenied, OperationalError) as trouble:
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
