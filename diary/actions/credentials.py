"""Reminding a practitioner and the admins, in good time, that a credential expires."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import transaction

from diary.actions import notifications
from diary.models import Notification, User

STAGES = (30, 60, 90, 180)
"""Days before the last one at which somebody is reminded."""
KIND = "credential"

Reminder = tuple[User, str]


def queue_reminders(*, now: datetime) -> int:
    """Queue what is due of the reminders at 180, 90, 60 and 30 days and return how many; the worker calls this.

    Who was away on the day is reminded later, of the nearest stage alone. A renewed credential is reminded of anew.
    """
    due = list(reminders(now.date()))
    told = Notification.objects.filter(kind=KIND, key__in={key for _, key in due})
    known = set(told.values_list("recipient", "key"))
    missing = [(person, key) for person, key in due if (person.pk, key) not in known]
    if missing:  # no look of the worker's takes the lock of a write for nothing
        save(missing, now)
    return len(missing)


@transaction.atomic
def save(missing: list[Reminder], now: datetime) -> None:
    for person, key in missing:
        notifications.queue(to=person, kind=KIND, key=key, now=now)


def reminders(today: date) -> Iterator[Reminder]:
    """Yield whom to remind, and of which practitioner, day and stage."""
    expiring = list(User.objects.expiring(today, today + timedelta(days=STAGES[-1])))
    admins = list(User.objects.active().admins()) if expiring else []
    for person in expiring:
        last: date = person.verified_until  # type: ignore[attr-defined]
        key = f"{person.pk} {last} {stage((last - today).days)}"
        yield from ((reader, key) for reader in (person, *admins))


def stage(days: int) -> int:
    """Return the stage that was reached last, so many days before the end."""
    return next(stage for stage in STAGES if days <= stage)
