"""How each session went: what followed it, and what that is compared with."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from diary.clinical import diary as clinical
from diary.clinical.thresholds import BASELINE_REACHES_BACK, DOUBLED_WITHIN
from diary.clinical.trends import Band, Recovery, Settling, trends
from diary.models import Intake, User, instant
from diary.models.entries import EntryQuerySet
from diary.models.readings import ENTRY, INTAKE, clinical_entry, clinical_intake, moment

DAYS = 7
"""Days after a session that its course is followed: as long as it is, at most, in a usual week."""


@dataclass(frozen=True, slots=True)
class Course:
    """How one session went: its place among all, from 1, what followed it, and what that is compared with.

    `until` is the next session or now. `curve`: hours since the session with pain; a mistyped score put right at once
    is one point. `band` is None where the rules have no baseline.
    """

    id: UUID
    number: int
    ended_at: datetime
    until: datetime
    curve: list[tuple[float, int]]
    band: Band | None
    settling: Settling

    @property
    def usual(self) -> float | None:
        return self.band and self.band.baseline

    @property
    def risen(self) -> float | None:
        return self.band and self.band.risen_from

    @property
    def days(self) -> list[list[int]]:
        """The pain of each of the first seven days, of 24 hours each."""
        days: list[list[int]] = [[] for _ in range(DAYS)]
        for hours, pain in self.curve:
            if hours < DAYS * 24:
                days[int(hours // 24)].append(pain)
        return days

    @property
    def peak(self) -> int | None:
        return max((pain for _, pain in self.curve), default=None)


def courses(
    patient: User,
    entries: EntryQuerySet,
    held: list[clinical.Session],
    first: int,
    *,
    intakes: QuerySet[Intake],
    now: datetime,
    following: list[clinical.Session],
) -> list[Course]:
    """Return the courses of the sessions from `held[first]` on; `held` and `following` are all sessions, in order."""
    if first >= len(held):
        return []
    bearing, usual = entries_bearing_on(entries, held, first), intakes.values_list(*INTAKE).first()
    sessions = (*held, *following)
    diary = clinical.Diary(patient.time_zone, clinical_intake(usual), sessions, bearing)
    recoveries = trends(diary, instant(now)).recoveries
    ends = [*(session.ended_at for session in sessions[1:]), instant(now)]
    followed = enumerate(zip(sessions, ends, recoveries, strict=True), 1)
    return [course(number, *parts) for number, parts in followed][first : len(held)]


def entries_bearing_on(entries: EntryQuerySet, held: list[clinical.Session], first: int) -> tuple[clinical.Entry, ...]:
    """Return the entries that decide the courses from `held[first]` on.

    Those since; those from which its baseline is taken; and those before all treatment, for what soreness was usual.
    """
    start, shown = held[0].ended_at, held[first].ended_at
    bearing = Q(observed_at__gte=moment(start - BASELINE_REACHES_BACK), observed_at__lt=moment(start))
    bearing |= Q(observed_at__gte=moment(shown - BASELINE_REACHES_BACK - DOUBLED_WITHIN))
    return tuple(map(clinical_entry, entries.filter(bearing).order_by().values_list(*ENTRY)))


def course(number: int, session: clinical.Session, until: int, recovery: Recovery) -> Course:
    return Course(
        id=UUID(session.id),
        number=number,
        ended_at=moment(session.ended_at),
        until=moment(until),
        curve=[(reading.hours, reading.pain) for reading in recovery.curve],
        band=recovery.band,
        settling=recovery.settling,
    )
