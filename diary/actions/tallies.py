"""Counting what was reported after each session, month by month: a summary that can always be made anew.

What is to be counted again is read off the audit, which every writing in a diary adds a line to. Followed in the order
of the chain no line is met twice or passed over, and a diary that nobody writes in costs nothing.
"""

from collections import defaultdict
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from diary.clinical.reported import REPORTS, after_sessions
from diary.models import Diary, Event, Tally, Tallying, TreatmentSession, User, diary_of
from diary.models.tallies import Counts, side_by_side

LINES_AT_ONCE = 100_000


class Written(NamedTuple):
    """A diary that was written in, and the last line that says so; or none, and a line before which none waits."""

    position: int
    at: datetime
    patient: int | None


def due(*, now: datetime) -> list[Written]:
    """Return the diaries written in since they were counted, in the order in which they may be done."""
    after, last = Tallying.objects.reached().position, Event.objects.last_position()
    up_to = min(last, after + LINES_AT_ONCE)
    lines = Event.objects.writing().filter(position__gt=after, position__lte=up_to).values_list("stream")
    written = [
        Written(position, at, int(stream)) for stream, position, at in lines.annotate(Max("position"), Max("at"))
    ]
    return [*sorted(written), Written(up_to, sealed_until(now) if up_to == last else line_at(up_to), None)]


def sealed_until(now: datetime) -> datetime:
    """Return up to when the audit is a chain: what came later has no place in it yet."""
    return Event.objects.unsealed().order_by("pk").values_list("at", flat=True).first() or now


def line_at(position: int) -> datetime:
    return Event.objects.get(position=position).at


def count_if_written(line: Written, *, now: datetime) -> bool:
    """Count a diary's sessions anew; whoever is writing in it is waited for, since they may yet write nothing."""
    if line.patient is not None:
        count_again(line.patient)
    Tallying.objects.reach(line.position, line.at)
    return line.patient is not None


def put_off(line: Written, trouble: Exception, *, now: datetime) -> None:
    """Go on behind a diary that cannot be counted: it is tried again once it is written in."""
    Tallying.objects.reach(line.position, line.at)


@transaction.atomic
def count_again(pk: int) -> None:
    diary = Diary.objects.select_for_update(of=("self",)).select_related("patient").filter(pk=pk).first()
    if diary is None:  # erased
        return
    Tally.objects.filter(patient=pk).delete()
    Tally.objects.bulk_create(counted(diary.patient))


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
