"""Messages between a patient and a practitioner; the rules never read them, and mails say only that there is one."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from diary.actions import notifications
from diary.actions.audit import record_event
from diary.models import Message, User
from diary.permissions import can_write_to, require, visible_messages


def send(*, by: User, now: datetime, to: User, id: UUID, body: str) -> Message:
    """Send a message under the id that the browser made; the same id sent again makes no second message.

    Raises IntegrityError where the id belongs to a message of somebody else.
    """
    require(can_write_to(by, to, now))
    try:
        return send_new(by=by, now=now, to=to, id=id, body=body)
    except IntegrityError:
        known = visible_messages(by, now).filter(pk=id, by_patient=by.is_patient).first()
        if known is None:
            raise
        return known


@transaction.atomic
def send_new(*, by: User, now: datetime, to: User, id: UUID, body: str) -> Message:
    patient, practitioner = (by, to) if by.is_patient else (to, by)
    waits_already = Message.objects.between(patient, practitioner).unread_by(to).exists()
    message = Message.objects.create(
        id=id, patient=patient, practitioner=practitioner, by_patient=by.is_patient, body=body, sent_at=now
    )
    record_event(by=by, now=now, stream=patient.pk, verb="message-sent", subject=id)
    if not waits_already:  # one mail until they have looked
        notifications.queue(to=to, kind="message", key=id, now=now)
    return message


@transaction.atomic
def read(*, by: User, now: datetime, other: User) -> None:
    """Note that a person has opened what another wrote to them."""
    patient, practitioner = (by, other) if by.is_patient else (other, by)
    waiting = visible_messages(by, now).between(patient, practitioner).unread_by(by)
    if waiting.update(read_at=now):
        record_event(by=by, now=now, stream=patient.pk, verb="messages-read", subject=other.pk)
