"""Deleting a diary at the moment at which somebody else, or the worker, is in the middle of writing of it."""

import threading
from contextlib import suppress
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, OperationalError, connection

from diary.actions import leaving, messages, reminders
from diary.models import Message, Notification, User


def beside_deleting(patient, now, statement, work):
    """Delete a diary while another stands before a statement of `work`; return what went wrong for the other."""
    reached, held, failed = threading.Event(), threading.Event(), []

    def wait_there(execute, sql, *given):
        if sql.startswith(statement):
            reached.set()
            held.wait(0.5)
        return execute(sql, *given)

    def other():
        try:
            with connection.execute_wrapper(wait_there), suppress(IntegrityError, PermissionDenied):
                work()
        except OperationalError as trouble:
            failed.append(trouble)
        finally:
            connection.close()

    def once_held(execute, sql, *given):
        result = execute(sql, *given)
        if 'FROM "diary_user"' in sql and sql.endswith("FOR UPDATE"):
            held.set()
        return result

    thread = threading.Thread(target=other)
    thread.start()
    assert reached.wait(10)
    with connection.execute_wrapper(once_held):
        leaving.erase(by=patient, now=now)
    thread.join()
    return failed


@pytest.mark.django_db(transaction=True)
def test_a_message_after_one_that_waits_and_deleting_do_not_wait_for_each_other(ana, paula, now):
    """On PostgreSQL a message held the one before it and wanted the account; deleting held the account."""
    messages.send(by=paula, now=now, to=ana, id=uuid4(), body="How is it?")
    send = partial(messages.send, by=paula, now=now, to=ana, id=uuid4(), body="And today?")
    assert beside_deleting(ana, now, 'INSERT INTO "diary_message"', send) == []
    assert not User.objects.filter(pk=ana.pk).exists()
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_reminder_and_deleting_do_not_wait_for_each_other(ana, treat, now):
    """On PostgreSQL the worker held how she is reminded and wanted the account; deleting held the account."""
    treat(ana)
    remind = partial(reminders.remind_if_due, ana.pk, now=now + timedelta(hours=3))
    assert beside_deleting(ana, now, "INSERT", remind) == []
    assert not User.objects.filter(pk=ana.pk).exists()
    assert not Notification.objects.exists()
