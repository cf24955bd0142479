"""What a practitioner notes for their own practice: no patient and no other practice reads it."""

from datetime import datetime
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from diary.actions.audit import record_event
from diary.models import Note, User
from diary.permissions import can_amend_note, can_note, require


def write(*, by: User, now: datetime, patient: User, id: UUID, body: str) -> Note:
    """Write a note under the id that the browser made; the same id sent again makes no second note.

    Put otherwise, after an answer that never came, it is another one: nothing that was typed is lost. So is one under
    the id of somebody else's.
    """
    require(can_note(by, patient, now))
    try:
        return write_new(by=by, now=now, patient=patient, id=id, body=body)
    except IntegrityError:
        require(can_note(by, patient, now))  # not whose diary was deleted at this moment
        known = Note.objects.of(patient).filter(pk=id, author=by).first()
        if known and body in [known.body, *(earlier["body"] for earlier in known.earlier)]:
            return known
        if not Note.objects.filter(pk=id).exists():
            raise
        return write(by=by, now=now, patient=patient, id=uuid5(id, f"{by.pk} {body}"), body=body)


@transaction.atomic
def write_new(*, by: User, now: datetime, patient: User, id: UUID, body: str) -> Note:
    practice = by.practitioner.practice
    note = Note.objects.create(id=id, patient=patient, practice=practice, author=by, body=body, written_at=now)
    record_event(by=by, now=now, stream=by.pk, verb="note-written", subject=id)
    return note


@transaction.atomic
def amend(*, by: User, now: datetime, note: Note, body: str) -> None:
    """Replace what one's own note says; what it said before stays with it."""
    require(can_amend_note(by, note, now))
    held = Note.objects.select_for_update().filter(pk=note.pk).first()  # it may have been amended since it was fetched
    if held is None:  # whose diary was deleted at this moment
        raise PermissionDenied
    note = held
    if body == note.body:
        return
    record_event(by=by, now=now, stream=by.pk, verb="note-amended", subject=note.pk)
    note.earlier = [*note.earlier, {"until": now.isoformat(), "body": note.body}]
    note.body, note.amended_at = body, now
    note.save(update_fields=["earlier", "body", "amended_at"])


def withdraw(*, by: User, now: datetime, note: Note) -> None:
    """Take one's own note away; it is kept and can be put back."""
    set_withdrawn(note, now, by=by, now=now, verb="note-withdrawn")


def restore(*, by: User, now: datetime, note: Note) -> None:
    """Put a note back."""
    set_withdrawn(note, None, by=by, now=now, verb="note-restored")


@transaction.atomic
def set_withdrawn(note: Note, at: datetime | None, *, by: User, now: datetime, verb: str) -> None:
    require(can_amend_note(by, note, now))
    if Note.objects.filter(pk=note.pk, withdrawn_at__isnull=at is not None).update(withdrawn_at=at):
        note.withdrawn_at = at
        record_event(by=by, now=now, stream=by.pk, verb=verb, subject=note.pk)
