"""An urgent flag is passed on until a person answers it: to those who are told at once, then one after another, then
to the list of what nobody attends to. Time counts only while the person told is reading.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from diary import hours
from diary.actions import notifications
from diary.actions.audit import record_event
from diary.models import Escalation, Flag, Level, User
from diary.models.escalations import EscalationQuerySet
from diary.permissions import escalation_of

LEFT_ALONE = timedelta(minutes=1)
URGENT = Level.URGENT
ANEW = ["steps", "due_at", "unattended_at"]
"""What begins anew where a flag is opened again."""


def begin(flags: Iterable[Flag], told: Iterable[User], *, now: datetime) -> None:
    """Watch over urgent flags from now on, also those opened again. Call it in the transaction that opens them.

    `told`: who is told of them at once.
    """
    due_at = answered_by(told, now)
    rows = [Escalation(flag=flag, patient_id=flag.patient_id, due_at=due_at) for flag in flags if flag.level == URGENT]
    Escalation.objects.bulk_create(rows, update_conflicts=True, unique_fields=["flag"], update_fields=ANEW)


def answered_by(people: Iterable[User], now: datetime) -> datetime:
    """Return when the first of these people has had 30 minutes of reading; at once where none reads in sight."""
    readers = [person.practitioner.hours for person in people]
    return min(filter(None, (hours.deadline(reader, now) for reader in readers)), default=now)


def due(*, now: datetime) -> list[UUID]:
    """Return the flags that have waited long enough to be passed on, the longest due first."""
    return list(Escalation.objects.due(now).values_list("pk", flat=True))


@transaction.atomic
def pass_on(flag_id: UUID, *, now: datetime) -> bool:
    """Tell the next person of one flag, or put it on the list of what nobody attends to.

    Not where another worker does so at this moment, or somebody has answered it meanwhile.
    """
    escalation = held(Escalation.objects.due(now), flag_id)
    if escalation is None:
        return False
    key, following = next_of(escalation, now)
    if following is None:
        leave(escalation, key, now=now)
    else:
        tell(escalation, key, following, now=now)
    return True


def left() -> list[UUID]:
    """Return the flags that nobody attends to, the longest waiting first."""
    return list(Escalation.objects.unattended().values_list("pk", flat=True))


@transaction.atomic
def take_up(flag_id: UUID, *, now: datetime) -> bool:
    """Tell one flag that nobody attends to whoever may read it by now: it was shared, lent or verified only since."""
    escalation = held(Escalation.objects.unattended(), flag_id)
    key, following = next_of(escalation, now) if escalation else ("", None)
    if escalation is None or following is None:
        return False
    tell(escalation, key, following, now=now)
    return True


def held(escalations: EscalationQuerySet, flag_id: UUID) -> Escalation | None:
    free = escalations.select_for_update(of=("self",), skip_locked=True)
    return free.select_related("flag").filter(pk=flag_id).first()


def next_of(escalation: Escalation, now: datetime) -> tuple[str, User | None]:
    """Return the key of what is told of a flag, and the first who may read it and was not told; None where all were."""
    key = notifications.keys_of([escalation.flag])[escalation.flag]
    told = set(escalation.flag.notifications.filter(key=key).values_list("recipient_id", flat=True))
    return key, next((person for person in escalation_of(escalation.patient_id, now) if person.pk not in told), None)


def put_off(flag_id: UUID, trouble: Exception, *, now: datetime) -> None:
    """Pass on a flag that could not be a little later, so that those behind it have their turn."""
    Escalation.objects.filter(pk=flag_id, due_at__lte=now).update(due_at=now + LEFT_ALONE)


def tell(escalation: Escalation, key: str, person: User, *, now: datetime) -> None:
    flag = escalation.flag
    notifications.queue(to=person, kind="escalation", key=key, flag=flag, now=now)
    escalation.steps += 1
    escalation.due_at, escalation.unattended_at = answered_by([person], now), None
    escalation.save(update_fields=ANEW)
    record_event(by=None, now=now, stream=flag.patient_id, verb="flag-passed-on", subject=flag.pk, new=person.name)


def leave(escalation: Escalation, key: str, *, now: datetime) -> None:
    """Put a flag on the list of what nobody attends to, and tell the admins that something is on it."""
    flag = escalation.flag
    escalation.due_at, escalation.unattended_at = None, now
    escalation.save(update_fields=["due_at", "unattended_at"])
    record_event(by=None, now=now, stream=flag.patient_id, verb="flag-unattended", subject=flag.pk)
    for admin in User.objects.active().filter(role=User.Role.ADMIN):
        notifications.queue(to=admin, kind="unattended", key=f"{key} {escalation.steps}", now=now)
