"""The monthly test: does what cannot wait reach each practitioner? They confirm it; an admin sees who has not."""

from datetime import datetime

from django.db import transaction

from diary import hours
from diary.actions import notifications
from diary.actions.audit import record_event
from diary.models import Alert, Practitioner, User
from diary.permissions import can_confirm, require


def queue_due(*, now: datetime) -> int:
    """Queue this month's test to every verified practitioner who has none yet; return how many were."""
    month = now.date().replace(day=1)
    tested = Alert.objects.filter(month=month).values("practitioner")
    untested = Practitioner.objects.verified(now.date()).exclude(pk__in=tested).select_related("user")
    return sum(queue_to(practitioner, now=now) for practitioner in untested)


@transaction.atomic
def queue_to(practitioner: Practitioner, *, now: datetime) -> bool:
    """Queue one test, for when they read next; nothing where another worker has just done so."""
    due_at = hours.next_opening(practitioner.hours, now) or now
    month = now.date().replace(day=1)
    alert, made = Alert.objects.get_or_create(
        practitioner=practitioner.user, month=month, defaults={"sent_from": due_at}
    )
    if made:
        notifications.queue(to=practitioner.user, kind="test", key=alert.pk, now=now, due_at=due_at)
    return made


@transaction.atomic
def confirm(*, by: User, now: datetime, alert: Alert) -> None:
    """Note that a test has arrived, and with it every earlier one."""
    require(can_confirm(by, alert))
    waiting = Alert.objects.filter(practitioner=by, confirmed_at=None, month__lte=alert.month)
    if waiting.update(confirmed_at=now):
        record_event(by=by, now=now, stream=by.pk, verb="alert-confirmed", subject=alert.pk)
