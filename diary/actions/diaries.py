"""Holding a diary while it is written, and bringing its flags up to its findings afterwards."""

from datetime import UTC, datetime

from django.db import transaction

from diary.actions import flags
from diary.clinical.assess import Assessment, assess
from diary.models import Diary, Flag, User, diary_of, instant


def hold(patient: User) -> Diary:
    """Lock a patient's diary until the transaction ends. Whoever writes to it calls this first."""
    return Diary.objects.locked().get(patient=patient)


def reassess(diary: Diary, *, now: datetime) -> list[Flag]:
    """Assess a held diary, reconcile its flags, note when it must be looked at again; return the flags raised."""
    read = diary_of(diary.patient)
    assessment = assess(read, instant(now))
    raised = flags.reconcile(patient=diary.patient, diary=read, assessment=assessment, now=now)
    note_due(diary, assessment)
    return raised


def reassess_due(*, now: datetime) -> int:
    """Assess again every diary whose findings change by now though nothing was entered; return how many were."""
    due = list(Diary.objects.due(now).values_list("pk", flat=True))
    return sum(reassess_if_due(pk, now) for pk in due)


@transaction.atomic
def reassess_if_due(pk: int, now: datetime) -> bool:
    """Assess one diary under its lock, unless somebody else holds it or it is due no longer."""
    diary = Diary.objects.due(now).locked(skip_locked=True).filter(pk=pk).first()
    if diary is not None:
        reassess(diary, now=now)
    return diary is not None


def note_due(diary: Diary, assessment: Assessment) -> None:
    due_at = moment(assessment.due_at) if assessment.due_at is not None else None
    if due_at != diary.due_at:
        diary.due_at = due_at
        diary.save(update_fields=["due_at"])


def moment(instant: int) -> datetime:
    return datetime.fromtimestamp(instant, UTC)
