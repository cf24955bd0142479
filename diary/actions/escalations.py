"""An urgent flag is passed on until a person answers it: to those who are told at once, then one after another, then
to the list of what nobody attends to. Time counts only in the hours of the person told; days away stop it for nobody.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from diary import hours
from diary.actions import notifications
from diary.actions.audit import record_event
from diary.models import Escalation, Flag, Level, User
from diary.models.escalations import EscalationQuerySet
from diary.permissions import escalation_of, notified_of

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
    """Return when the first of these people has had 30 minutes of reading; at once where none reads in sight.

    Who is away is waited for no longer than if they were there.
    """
    readers = [replace(person.practitioner.hours, away=()) for person in people]
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
    key, following = next_of(escalation, escalation_of(escalation.patient_id, now))
    if following is None:
        leave(escalation, key, now=now)
    else:
        tell(escalation, key, following, now=now)
    return True


def left(*, now: datetime) -> list[UUID]:
    """Return the flags that nobody attends to, and those that somebody still has time to answer."""
    return list(Escalation.objects.not_due(now).values_list("pk", flat=True))


@transaction.atomic
def take_up(flag_id: UUID, *, now: datetime) -> bool:
    """Tell one flag whoever may read it by now: it was shared, lent or verified only since, or they have come back.

    While another has time to answer it, only who would be told at once.
    """
    escalation = held(Escalation.objects.not_due(now), flag_id)
    if escalation is None:
        return False
    people = notified_of if escalation.due_at else escalation_of
    key, following = next_of(escalation, people(escalation.patient_id, now))
    if following is not None:
        tell(escalation, key, following, now=now)
    return following is not None


def held(escalations: EscalationQuerySet, flag_id: UUID) -> Escalation | None:
    # Both: whoever writes the flag comes to this row after it, and would wait for us as we for them.
    free = escalations.select_for_update(of=("self", "flag"), skip_locked=True)
    return free.select_related("flag").filter(pk=flag_id).first()


def next_of(escalation: Escalation, people: Iterable[User]) -> tuple[str, User | None]:
    """Return the key of what is told of a flag, and the first of these people who was not; None where all were."""
    key = notifications.keys_of([escalation.flag])[escalation.flag]
    told = set(escalation.flag.notifications.filter(key=key).values_list("recipient_id", flat=True))
    return key, next((person for person in people if person.pk not in told), None)


def put_off(flag_id: UUID, trouble: Exception, *, now: datetime) -> None:
    """Pass on a flag that could not be a little later, so that those behind it have their turn."""
    Escalation.objects.filter(pk=flag_id, due_at__lte=now).update(due_at=now + LEFT_ALONE)


def tell(escalation: Escalation, key: str, person: User, *, now: datetime) -> None:
    flag = escalation.flag
    notifications.queue(to=person, kind="escalation", key=key, flag=flag, now=now)
    escalation.steps += 1
    waits = [escalation.due_at] if escalation.due_at and escalation.due_at > now else []
    escalation.due_at, escalation.unattended_at = min([answered_by([person], now), *waits]), None
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
