"""Recording treatment sessions; each change assesses the diary again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from diary.actions import reminders
from diary.actions.audit import record_event
from diary.actions.diaries import Held, StaleEdit, hold, reassess
from diary.models import TreatmentSession, User
from diary.permissions import can_amend_session, can_record_session, require

ANSWERS = (
    "ended_at",
    "zone",
    "pain_before",
    "pain_after",
    "sharp_increase",
    "response",
    "sites",
    "aftercare",
    "note",
)


class SessionAtThatInstant(Exception):
    """Another session of the patient ended at the very same instant."""


class RecordedOtherwise(Exception):
    """The id was used before, for a session that says something else; `current` is that session."""

    def __init__(self, current: TreatmentSession) -> None:
        super().__init__("recorded otherwise")
        self.current = current


def record(*, by: User, now: datetime, patient: User, id: UUID, **answers: Any) -> TreatmentSession:
    """Record a session under the id that the browser made; the same id sent again makes no second session.

    Raises SessionAtThatInstant where the patient has another session that ended then, RecordedOtherwise where the id
    was used for a session that says something else.
    """
    require(can_record_session(by, patient, now))
    try:
        return record_new(by=by, now=now, patient=patient, id=id, answers=answers)
    except IntegrityError:
        known = TreatmentSession.objects.of(patient).filter(pk=id).first()
        if known is None:
            raise SessionAtThatInstant from None
        if said(known) != said(TreatmentSession(**answers)):
            raise RecordedOtherwise(known) from None
        return known


def said(session: TreatmentSession) -> dict[str, Any]:
    """Return a session's answers, by name."""
    return {name: getattr(session, name) for name in ANSWERS}


@transaction.atomic
def record_new(*, by: User, now: datetime, patient: User, id: UUID, answers: dict[str, Any]) -> TreatmentSession:
    diary = hold(patient)
    practitioner = by if by.is_practitioner else None
    session = TreatmentSession.objects.create(
        id=id, patient=patient, practitioner=practitioner, recorded_at=now, recorded_by=by, **answers
    )
    record_event(by=by, now=now, stream=patient.pk, verb="session-recorded", subject=id)
    reassess(diary, now=now, changed=session.ended_at)
    reminders.wake(patient, now=now)
    return session


def amend(*, by: User, now: datetime, session: TreatmentSession, version: int, **answers: Any) -> TreatmentSession:
    """Replace what a session says; the old values are in its event.

    Raises StaleEdit where `version` is not the one that stands, SessionAtThatInstant.
    """
    require(can_amend_session(by, session, now))
    try:
        return replace(session, answers, by=by, now=now, version=version)
    except IntegrityError:
        raise SessionAtThatInstant from None


def withdraw(*, by: User, now: datetime, session: TreatmentSession) -> TreatmentSession:
    """Take a session out of the diary; it is kept and can be put back."""
    require(can_amend_session(by, session, now))
    return save(session, {"withdrawn_at": now}, by=by, now=now, verb="session-withdrawn")


def restore(*, by: User, now: datetime, session: TreatmentSession) -> TreatmentSession:
    """Put a withdrawn session back. Raises SessionAtThatInstant where another has taken its place."""
    require(can_amend_session(by, session, now))
    try:
        return save(session, {"withdrawn_at": None}, by=by, now=now, verb="session-restored")
    except IntegrityError:
        raise SessionAtThatInstant from None


@transaction.atomic
def replace(
    session: TreatmentSession, answers: dict[str, Any], *, by: User, now: datetime, version: int
) -> TreatmentSession:
    diary = hold(session.patient)
    standing = TreatmentSession.objects.get(pk=session.pk)
    old = said(standing)
    changed = any(old[name] != answer for name, answer in answers.items())
    if standing.withdrawn_at or (changed and standing.version != version):  # sent twice, it stands already
        raise StaleEdit(standing)
    if changed:
        write(standing, answers, diary=diary, by=by, now=now, verb="session-amended", old=old)
    return standing


@transaction.atomic
def save(session: TreatmentSession, values: dict[str, Any], *, by: User, now: datetime, verb: str) -> TreatmentSession:
    diary = hold(session.patient)
    session.refresh_from_db(fields=["version", "withdrawn_at"])
    if (session.withdrawn_at is None) == (values["withdrawn_at"] is None):  # pressed twice
        return session
    return write(session, values, diary=diary, by=by, now=now, verb=verb)


def write(
    session: TreatmentSession, values: dict[str, Any], *, diary: Held, by: User, now: datetime, verb: str, old: Any = ""
) -> TreatmentSession:
    for name, value in (values | {"version": session.version + 1}).items():
        setattr(session, name, value)
    session.save(update_fields=[*values, "version"])
    record_event(by=by, now=now, stream=session.patient_id, verb=verb, subject=session.pk, old=old)
    reassess(diary, now=now)
    reminders.wake(session.patient, now=now)
    return session
