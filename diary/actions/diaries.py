"""Holding a diary while it is written, and bringing its flags up to its findings afterwards."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from diary.actions import flags
from diary.clinical.assess import Assessment, assess
from diary.models import Diary, Flag, User, diary_of, instant
from diary.models.readings import HELD

LEFT_ALONE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Held:
    """A diary under its lock: when it is to be looked at again (an instant, or None), whether it has any flag."""

    patient: User
    due_at: int | None
    flagged: bool


def hold(patient: User) -> Held:
    """Lock a patient's diary until the transaction ends. Whoever writes to it calls this first.

    So every assessment has seen every entry before it.
    """
    ((due_at, flagged),) = HELD.rows(patient=patient)
    return Held(patient, due_at, bool(flagged))


def reassess(diary: Held, *, now: datetime) -> list[Flag]:
    """Assess a held diary, reconcile its flags, note when it must be looked at again; return the flags raised."""
    read = diary_of(diary.patient)
    assessment = assess(read, instant(now))
    note_due(diary, assessment)
    if not diary.flagged and not assessment.findings:
        return []
    return flags.reconcile(patient=diary.patient, diary=read, assessment=assessment, now=now)


def reassess_due(*, now: datetime) -> int:
    """Assess again every diary whose findings change by now though nothing was entered; return how many were."""
    return sum(reassess_if_due(pk, now) for pk in due(now=now))


def due(*, now: datetime) -> list[int]:
    """Return the diaries whose findings change by now though nothing was entered, the longest due first."""
    return list(Diary.objects.due(now).values_list("pk", flat=True))


def leave_alone(pk: int, *, now: datetime) -> None:
    """Look at a diary that could not be assessed a little later, so that those behind it have their turn."""
    Diary.objects.filter(pk=pk, due_at__lte=now).update(due_at=now + LEFT_ALONE)


@transaction.atomic
def reassess_if_due(pk: int, now: datetime) -> bool:
    """Assess one diary under its lock, unless somebody else holds it or it is due no longer."""
    diary = Diary.objects.due(now).free().select_related("patient").filter(pk=pk).first()
    if diary is not None:
        reassess(hold(diary.patient), now=now)
    return diary is not None


def note_due(diary: Held, assessment: Assessment) -> None:
    if assessment.due_at != diary.due_at:
        due_at = None if assessment.due_at is None else datetime.fromtimestamp(assessment.due_at, UTC)
        Diary.objects.filter(patient=diary.patient).update(due_at=due_at)
