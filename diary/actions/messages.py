"""Messages between a patient and a practitioner; the rules never read them, and mails say only that there is one."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from diary.actions import notifications
from diary.actions.audit import record_event
from diary.actions.diaries import hold
from diary.models import Message, Notification, User
from diary.permissions import can_write_to, covers_of, require, visible_messages


def send(*, by: User, now: datetime, to: User, id: UUID, body: str, thread: User | None = None) -> Message:
    """Send a message under the id that the browser made; the same id sent again makes no second message.

    Put otherwise, after an answer that never came, it is another one: nothing that was typed is lost. So is one under
    the id of somebody else's. `thread` is the practitioner in whose place a colleague answers.
    """
    require(can_write_to(by, to, now, thread))
    try:
        return send_new(by=by, now=now, to=to, id=id, body=body, thread=thread)
    except IntegrityError:
        require(can_write_to(by, to, now, thread))  # not whose diary was deleted at this moment
        known = visible_messages(by, now).filter(pk=id, by_patient=by.is_patient).first()
        if known and known.body == body:
            return known
        if not Message.objects.filter(pk=id).exists():
            raise
        return send(by=by, now=now, to=to, id=uuid5(id, f"{by.pk} {body}"), body=body, thread=thread)


@transaction.atomic
def send_new(*, by: User, now: datetime, to: User, id: UUID, body: str, thread: User | None) -> Message:
    patient, practitioner = (by, to) if by.is_patient else (to, thread or by)
    hold(patient)  # before any message, as whoever deletes the diary does
    written = Message.objects.between(patient, practitioner)
    # Held: whoever opens it at this moment does so before this one is there, and is told of it, or after.
    written.unread_by(to).in_order().select_for_update().first()
    waiting = [str(key) for key in written.unread_by(to).values_list("pk", flat=True)]
    in_place = None if by in (patient, practitioner) else by
    message = Message.objects.create(
        id=id,
        patient=patient,
        practitioner=practitioner,
        by_patient=by.is_patient,
        written_by=in_place,
        body=body,
        sent_at=now,
    )
    record_event(by=by, now=now, stream=patient.pk, verb="message-sent", subject=id)
    if in_place:  # looking alone leaves them unread for whose they are
        written.unread_by(by).update(read_at=now)
    for person in told(to, patient, now):
        if not mailed(person, waiting):  # one mail until they have looked
            notifications.queue(to=person, kind="message", key=id, now=now)
    return message


def told(to: User, patient: User, now: datetime) -> list[User]:
    """Return who is told of a message: whom it is to, and who stands in for them where the patient allows it."""
    covers = covers_of(patient.pk, now).filter(practitioner=to)
    return [to, *(cover.covered_by for cover in covers)]


def mailed(person: User, waiting: list[str]) -> bool:
    """Tell whether a person was told of any of these messages: a colleague may stand in only since they came."""
    return Notification.objects.filter(recipient=person, kind="message", key__in=waiting).exists()


@transaction.atomic
def read(*, by: User, now: datetime, other: User, up_to: datetime | None = None) -> None:
    """Note that a person has opened what another wrote to them, up to when the latest was sent that they were shown.

    What came while the page was on its way is not read, and they are told of it.
    """
    patient, practitioner = (by, other) if by.is_patient else (other, by)
    waiting = visible_messages(by, now).between(patient, practitioner).unread_by(by)
    shown = waiting.filter(sent_at__lte=up_to) if up_to else waiting
    if shown.update(read_at=now):
        record_event(by=by, now=now, stream=patient.pk, verb="messages-read", subject=other.pk)
        rest = [str(key) for key in waiting.in_order().values_list("pk", flat=True)]
        if rest and not mailed(by, rest):
            notifications.queue(to=by, kind="message", key=rest[0], now=now)
