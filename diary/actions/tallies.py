"""Counting what was reported after each session, month by month: a summary that can always be made anew."""

from collections import defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from diary.clinical.reported import REPORTS, after_sessions
from diary.models import Diary, Tally, TreatmentSession, User, diary_of
from diary.models.tallies import Counts, side_by_side

STILL_WRITING = timedelta(minutes=2)
"""An entry's moment is earlier than its commit: what was written that recently is counted once more."""
AT_ONCE = 50


def refresh(*, now: datetime, most: int = AT_ONCE) -> int:
    """Count diaries again that were written in since they were counted; return how many were."""
    stale = list(Diary.objects.untallied().order_by("tallied_at", "pk").values_list("pk", flat=True)[:most])
    return sum(count_again(pk, now) for pk in stale)


@transaction.atomic
def count_again(pk: int, now: datetime) -> bool:
    """Count one diary's sessions anew, unless somebody is writing in it."""
    diary = Diary.objects.free().select_related("patient").filter(pk=pk).first()
    if diary is None:
        return False
    Tally.objects.filter(patient=pk).delete()
    Tally.objects.bulk_create(counted(diary.patient))
    Diary.objects.filter(pk=pk).update(tallied_at=now - STILL_WRITING)
    return True


def counted(patient: User) -> list[Tally]:
    """Return a patient's sessions as counted from the diary itself, a tally for each practitioner who gave any."""
    reports = after_sessions(diary_of(patient))
    sums: dict[int, dict[date, Counts]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
    given = TreatmentSession.objects.standing().of(patient).filter(practitioner__isnull=False)
    for session in given:
        month = session.ended_at.astimezone(ZoneInfo(session.zone)).date().replace(day=1)
        count(sums[session.practitioner_id or 0][month], reports[str(session.pk)])
    return [tally(patient, practitioner, sums[practitioner]) for practitioner in sums]


def tally(patient: User, practitioner: int, counted: dict[date, Counts]) -> Tally:
    first, months, ever = side_by_side(counted)
    return Tally(patient=patient, practitioner_id=practitioner, first=first, months=months, ever=ever)


def count(sums: Counts, reported: dict[str, bool | None]) -> None:
    sums["sessions"] += 1
    for symptom in REPORTS:
        answer = reported[symptom]
        sums[f"{symptom}_answered"] += answer is not None
        sums[f"{symptom}_reported"] += bool(answer)
