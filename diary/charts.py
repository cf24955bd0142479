"""Rows to the numbers of a chart: no colour, no HTML, no words.

Two read them. The browser draws a `series`: every entry, as columns which the database itself writes as JSON, since
ten years of rows cost ten times as much as Python objects. The page says the rest, a `Trend`: what its sentences,
tables and marks are made of. Both of one period, both of the same visible rows.

Of the four charts of a page `static/js/charts.js` draws pain over time and the courses laid over each other;
`drawing` draws settling times and weeks, on the server (docs/adr/0016).
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from operator import sub
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import BooleanField, Case, Count, Max, Min, Q, QuerySet, Value, When
from django.db.models.lookups import Exact, GreaterThan

from diary.clinical import diary as clinical
from diary.clinical.thresholds import BASELINE_REACHES_BACK, DOUBLED_WITHIN
from diary.clinical.trends import Band, Recovery, Settling, trends
from diary.clinical.weeks import WEEK, Week, monday, weeks
from diary.models import Flag, Intake, User, instant
from diary.models.columns import Column, Day, Minute
from diary.models.entries import EntryQuerySet
from diary.models.flags import FlagQuerySet
from diary.models.prepared import LONG_AGO, Prepared
from diary.models.readings import (
    BEGINNING,
    ENTRY,
    INTAKE,
    SESSION,
    clinical_entry,
    clinical_intake,
    clinical_session,
    moment,
)
from diary.models.sessions import TreatmentSessionQuerySet
from diary.periods import DAY, Period, midnight
from diary.permissions import visible_entries

LATE = 24 * 60
"""Minutes. An entry recorded longer than this after it was observed is remembered, not felt."""
COURSES = 26
"""Sessions whose courses are laid over each other, the latest: half a year, more is a tangle."""
DAYS = 7
"""Days after a session that its course is followed: as long as it is, at most, in a usual week."""
ROWS = 60
"""Rows of the table on one page."""
FLAGS = 50
"""Marks on one chart, the latest."""
WEEKS = 53
"""Weeks of the summary by week, the latest: a year."""
COLUMNS = ("minutes", "pain", "soreness", "late")
END = datetime(9000, 1, 1, tzinfo=UTC)


# For the browser


def series(user: User, patient: User, period: Period, now: datetime) -> str:
    """Return a patient's entries of a period, as far as this person sees them, as JSON in columns; one statement.

    `minutes`: observed, whole minutes since 1970, each but the first as the difference to the one before (short, and
    half as many bytes on the wire); `pain` and `soreness`: 0-10, null where not answered; `late`: recorded more than
    `LATE` after. The order is the database's own: who reads adds up the minutes, then sorts.
    """
    bounds = {"since": period.since or BEGINNING, "until": period.until or END}
    found = SERIES[User.Role(user.role)].rows(user=user, patient=patient, now=now, **bounds)
    minutes, *others = found[0] if found else ["[]"] * len(COLUMNS)
    columns = [json.dumps(differences(json.loads(minutes)), separators=(",", ":")), *others]
    return "{" + ",".join(f'"{name}":{column}' for name, column in zip(COLUMNS, columns, strict=True)) + "}"


def columns_of(user: User, patient: User, now: datetime, since: datetime, until: datetime) -> QuerySet[Any, Any]:
    """Return one row, of a column each, or none where there is no entry."""
    entries = Period("", since, until).of(visible_entries(user, now).of(patient).standing(), "observed_at")
    columns = map(Column, (Minute("observed_at"), "pain", "soreness", was_late()))
    return (
        entries.order_by().values("patient").annotate(**dict(zip(COLUMNS, columns, strict=True))).values_list(*COLUMNS)
    )


SERIES = {
    role: Prepared(
        columns_of,
        user=User(pk=-1, role=role),
        patient=User(pk=-2),
        now=LONG_AGO,
        since=LONG_AGO - DAY,
        until=LONG_AGO - 2 * DAY,
    )
    for role in (User.Role.PATIENT, User.Role.PRACTITIONER)
}


def was_late() -> Case:
    """Whether an entry was recorded more than `LATE` after it was observed: never on the same day, which most are."""
    same_day = When(Exact(Day("recorded_at"), Day("observed_at")), then=Value(False))
    later = GreaterThan(Minute("recorded_at") - Minute("observed_at"), LATE)
    return Case(same_day, default=later, output_field=BooleanField())


def differences(numbers: list[int]) -> list[int]:
    return [*numbers[:1], *map(sub, numbers[1:], numbers)]


class Reading(NamedTuple):
    """One entry: when it was observed, pain 0-10, soreness 0-10 or None, whether it was written a day or more later."""

    at: datetime
    pain: int
    soreness: int | None
    late: bool


def readings(entries: EntryQuerySet, period: Period) -> list[Reading]:
    """Return the entries of a period, the oldest first, for who draws them here and not in the browser."""
    rows = period.of(entries.standing(), "observed_at").annotate(late=was_late()).order_by("observed_at")
    return [Reading(*row) for row in rows.values_list("observed_at", "pain", "soreness", "late")]


# For the page


@dataclass(frozen=True, slots=True)
class Summary:
    """Of a period: how many entries, the lowest and highest pain, the highest soreness, how many recorded late."""

    count: int
    lowest: int | None
    highest: int | None
    sore: int | None
    late: int


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


@dataclass(frozen=True, slots=True)
class Trend:
    """What a page says of a period, in the patient's zone.

    `table` is a page of rows (id, observed_at, pain, soreness, late), the newest first; `latest` the newest of all, or
    None; `courses` the oldest first, and `earlier` when the sessions before those ended, in seconds since 1970;
    `weeks` the oldest first, the latest of the period; `flags` the newest first; `numbers` the place of each session
    among all.
    """

    period: Period
    now: datetime
    zone: str
    summary: Summary
    latest: Any
    table: Page
    courses: list[Course]
    earlier: list[int]
    weeks: list[Week]
    flags: list[Flag]
    numbers: dict[UUID, int]


def trend(
    patient: User,
    entries: EntryQuerySet,
    sessions: TreatmentSessionQuerySet,
    flags: FlagQuerySet,
    *,
    intakes: QuerySet[Intake],
    period: Period,
    now: datetime,
    page: str | None = None,
) -> Trend:
    """Return what a page says of a patient's period, from the rows that its reader may see.

    Where the intake is not among them, what is usual comes from the entries alone.
    """
    standing = entries.standing()
    shown = period.of(standing, "observed_at")
    totals = summary(shown)
    rows = (
        shown.annotate(late=was_late())
        .latest_first()
        .values_list("id", "observed_at", "pain", "soreness", "late", named=True)
    )
    held = [clinical_session(row) for row in sessions.standing().order_by("ended_at").values_list(*SESSION)]
    within, end = before(held, period.since, 0), before(held, period.until, len(held))
    first = max(within, end - COURSES)
    table = page_of(rows, totals.count, page)
    return Trend(
        period=period,
        now=now,
        zone=patient.time_zone,
        summary=totals,
        latest=rows.first() if table.number > 1 else next(iter(table), None),
        table=table,
        courses=courses(patient, standing, held[:end], first, intakes=intakes, now=now, following=held[end:]),
        earlier=[session.ended_at for session in held[within:first]],
        weeks=by_week(shown, held, period, zone=ZoneInfo(patient.time_zone), now=now),
        flags=marks(flags, period),
        numbers={UUID(session.id): number for number, session in enumerate(held, 1)},
    )


def before(held: list[clinical.Session], moment: datetime | None, otherwise: int) -> int:
    """Return how many sessions ended before a moment."""
    return sum(session.ended_at < instant(moment) for session in held) if moment else otherwise


def by_week(
    shown: EntryQuerySet, held: list[clinical.Session], period: Period, *, zone: ZoneInfo, now: datetime
) -> list[Week]:
    """Return the latest weeks of a period, on the patient's calendar."""
    last = (min(period.until - timedelta.resolution, now) if period.until else now).astimezone(zone).date()
    since = max(filter(None, (midnight(monday(last) - (WEEKS - 1) * WEEK, zone.key), period.since)))
    said = shown.filter(observed_at__gte=since).order_by().values_list(Minute("observed_at"), "pain")
    ended = ((day_of(session.ended_at, zone), number) for number, session in enumerate(held, 1))
    first = since.astimezone(zone).date()
    within = [(day, number) for day, number in ended if first <= day <= last]
    return weeks(((day_of(minute * 60, zone), pain) for minute, pain in said), within, last)


def day_of(seconds: int, zone: ZoneInfo) -> date:
    return datetime.fromtimestamp(seconds, zone).date()


def summary(entries: EntryQuerySet) -> Summary:
    totals = entries.order_by().aggregate(
        count=Count("pk"),
        lowest=Min("pain"),
        highest=Max("pain"),
        sore=Max("soreness"),
        late=Count("pk", filter=was_late()),
    )
    return Summary(**totals)


def page_of(rows: QuerySet[Any], count: int, number: str | None) -> Page:
    paginator = Paginator(rows, ROWS)
    paginator.count = count  # known already
    return paginator.get_page(number)


def marks(flags: FlagQuerySet, period: Period) -> list[Flag]:
    """Return the flags of a period that the diary supports, the newest first."""
    return list(period.of(flags.filter(withdrawn_at=None), "fired_at").latest_first()[:FLAGS])


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
