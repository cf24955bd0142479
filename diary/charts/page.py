"""What a page says of a period: in sentences, tables and marks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Min, QuerySet

from diary.charts.courses import Course, courses
from diary.charts.entries import was_late
from diary.clinical import diary as clinical
from diary.clinical.weeks import WEEK, Week, monday, weeks
from diary.models import Flag, Intake, User, instant
from diary.models.columns import Minute
from diary.models.entries import EntryQuerySet
from diary.models.flags import FlagQuerySet
from diary.models.readings import SESSION, clinical_session
from diary.models.sessions import TreatmentSessionQuerySet
from diary.periods import Period, midnight

COURSES = 26
"""Sessions whose courses are laid over each other, the latest: half a year, more is a tangle."""
ROWS = 60
"""Rows of the table on one page."""
FLAGS = 50
"""Marks on one chart, the latest."""
WEEKS = 53
"""Weeks of the summary by week, the latest: a year."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Of a period: how many entries, the lowest and highest pain, the highest soreness, how many recorded late."""

    count: int
    lowest: int | None
    highest: int | None
    sore: int | None
    late: int


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
    return list(supported(flags, period).latest_first()[:FLAGS])


def unmarked(trend: Trend, flags: FlagQuerySet) -> int:
    """Return how many flags of a period there are besides those of its trend."""
    return supported(flags, trend.period).count() - FLAGS if len(trend.flags) == FLAGS else 0


def supported(flags: FlagQuerySet, period: Period) -> FlagQuerySet:
    return period.of(flags.filter(withdrawn_at=None), "fired_at")
