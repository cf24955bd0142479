"""The outbox: rows written with what they tell, handed over by the worker, marked only once they are sent."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F

from diary.actions.audit import record_event
from diary.models import Flag, Level, Notification
from diary.permissions import notified_of

LEASE = timedelta(seconds=60)
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=1)
LONGEST_ERROR = 200


def queue(flags: Iterable[Flag], *, now: datetime) -> None:
    """Queue a notification to each practitioner who reads the diary of a flag that cannot wait for the worklist."""
    pressing = [flag for flag in flags if flag.level >= Level.PRIORITY]
    rows = [notification(flag, person.pk, now) for flag in pressing for person in notified_of(flag, now)]
    if rows:
        Notification.objects.bulk_create(rows, ignore_conflicts=True)


def notification(flag: Flag, recipient_id: int, now: datetime) -> Notification:
    return Notification(recipient_id=recipient_id, kind="flag", flag=flag, created_at=now, due_at=now)


@transaction.atomic
def claim(*, now: datetime, most: int = 20) -> list[Notification]:
    """Take due rows for the length of a lease: a worker that dies gives them back by doing nothing."""
    due = Notification.objects.due(now).select_for_update(of=("self",), skip_locked=True)
    claimed = list(due.select_related("recipient", "flag")[:most])
    ids = [row.pk for row in claimed]
    Notification.objects.filter(pk__in=ids).update(lease_until=now + LEASE, attempts=F("attempts") + 1)
    return claimed


def backlog(*, now: datetime) -> timedelta | None:
    """Return how long the oldest unsent row has been waiting; None where none waits."""
    oldest = Notification.objects.unsent().values_list("created_at", flat=True).first()
    return None if oldest is None else now - oldest


def deliver(row: Notification, compose: Callable[[Notification], EmailMessage], *, now: datetime) -> bool:
    """Send, then mark: a worker killed in between sends again and never loses one. Trouble waits longer each time.

    Who may no longer read the diary is told nothing more of it: the row goes, its event stays.
    """
    if row.flag and not notified_of(row.flag, now).filter(pk=row.recipient_id).exists():
        drop(row, now=now)
        return False
    try:
        compose(row).send()
    except (OSError, ValueError) as trouble:  # SMTP's own errors are OSErrors; what no header may hold, a ValueError
        wait = min(FIRST_WAIT * 2**row.attempts, LONGEST_WAIT)
        error = type(trouble).__name__[:LONGEST_ERROR]
        Notification.objects.filter(pk=row.pk).update(lease_until=None, due_at=now + wait, error=error)
        return False
    Notification.objects.filter(pk=row.pk).update(sent_at=now, lease_until=None, error="")
    return True


@transaction.atomic
def drop(row: Notification, *, now: datetime) -> None:
    record_event(by=None, now=now, stream=row.recipient_id, verb="notification-dropped", subject=row.flag_id)
    Notification.objects.filter(pk=row.pk).delete()
