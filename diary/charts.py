"""Rows to the numbers of a chart: no colour, no HTML, no words.

Two read them. The browser draws a `series`: every entry, as columns which the database itself writes as JSON, since
ten years of rows cost ten times as much as Python objects. The page says the rest, a `Trend`: what its sentences,
tables and marks are made of. Both of one period, both of the same visible rows.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import Aggregate, BigIntegerField, Count, Func, Max, Min, Q, QuerySet, TextField
from django.db.models.lookups import GreaterThan

from diary.clinical import diary as clinical
from diary.clinical.baseline import Baseline
from diary.clinical.case import Case
from diary.clinical.observations import FollowUp
from diary.clinical.spells import spells
from diary.clinical.thresholds import (
    BASELINE_REACHES_BACK,
    BUCKET,
    DOUBLED_WITHIN,
    FOLLOW_UP,
    LOW_BASELINE,
    NOISY_RISE,
    RISE,
    TOP_OF_SCALE,
)
from diary.models import Entry, Flag, TreatmentSession, User, instant
from diary.models.readings import ENTRY, SESSION, clinical_entry, clinical_intake, clinical_session

DAY = 24 * 60
GAP = 2 * DAY
"""Minutes. Entries further apart than this are not joined by a line: nobody knows what lay between."""
LATE = DAY
"""Minutes. An entry recorded longer than this after it was observed is remembered, not felt."""
PERIODS = {"30": timedelta(days=30), "90": timedelta(days=90), "all": None}
COURSES = 26
"""Sessions whose courses are laid over each other, the latest: half a year, more is a tangle."""
DAYS = 7
"""Days after a session that its course is followed: as long as it is, at most, in a usual week."""
FLAGS = 50
"""Marks on one chart, the latest."""


class Period(NamedTuple):
    """The stretch of a diary that a chart shows: its name in an address, and its first instant (None: all of it)."""

    name: str
    since: datetime | None

    def of(self, rows: QuerySet[Any], field: str) -> QuerySet[Any]:
        return rows.filter(**{f"{field}__gte": self.since}) if self.since else rows


def period(name: str | None, now: datetime) -> Period:
    """Return the period of this name, the shortest for a name that is none."""
    known = name if name in PERIODS else next(iter(PERIODS))
    length = PERIODS[known]
    return Period(known, now - length if length else None)


# For the browser


class Minute(Func):
    """An instant as whole minutes since 1970."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # A thousandth of a minute keeps 12:00:00 from becoming 11:59 in floating point.
        template = "CAST((JULIANDAY(%(expressions)s) - 2440587.5) * 1440 + 0.001 AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "FLOOR(EXTRACT(EPOCH FROM %(expressions)s) / 60)::bigint"
        return self.as_sql(compiler, connection, template=template, **context)


class Column(Aggregate):
    """All values of an expression as one JSON array, in no promised order, but in the same one for each column."""

    function = "JSON_GROUP_ARRAY"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "COALESCE(JSON_AGG(%(expressions)s), '[]'::json)::text"
        return self.as_sql(compiler, connection, template=template, **context)


def series(entries: QuerySet[Entry], period: Period) -> str:
    """Return the entries of a period as JSON in columns; one statement, whatever their number.

    `minutes`: observed, whole minutes since 1970, each but the first as the difference to the one before (short, and
    half as many bytes on the wire); `pain` and `soreness`: 0-10, null where not answered; `late`: recorded more than
    `LATE` after. The order is the database's own: who reads adds up the minutes, then sorts.
    """
    late = GreaterThan(Minute("recorded_at") - Minute("observed_at"), LATE)
    columns = period.of(entries.standing().order_by(), "observed_at").aggregate(
        minutes=Column(Minute("observed_at")), pain=Column("pain"), soreness=Column("soreness"), late=Column(late)
    )
    columns = {name: column or "[]" for name, column in columns.items()}
    columns["minutes"] = json.dumps(differences(json.loads(columns["minutes"])), separators=(",", ":"))
    return "{" + ",".join(f'"{name}":{column}' for name, column in columns.items()) + "}"


def differences(numbers: list[int]) -> list[int]:
    return numbers[:1] + [later - earlier for earlier, later in pairwise(numbers)]


# For the page


class Summary(NamedTuple):
    """Of a period: how many entries, the lowest and highest pain, whether soreness was ever answered."""

    count: int
    lowest: int | None
    highest: int | None
    sore: int | None


@dataclass(frozen=True, slots=True)
class Course:
    """How one session went: its place among all (from 1), its follow-up, and what it is compared with.

    `usual` is the baseline and `risen` the pain from which a rise above it is counted, both None where the rules have
    none. `days` holds the pain of each of the first seven 24-hour days. `settled_after` is in hours.
    """

    number: int
    ended_at: datetime
    until: datetime
    usual: float | None
    risen: float | None
    days: list[list[int]]
    settled_after: int | None

    @property
    def peak(self) -> int | None:
        return max((pain for day in self.days for pain in day), default=None)


@dataclass(frozen=True, slots=True)
class Trend:
    """What a page says of a period: `readings` are the rows of its table, the newest first, not yet fetched."""

    period: Period
    summary: Summary
    latest: Any
    readings: QuerySet[Any]
    courses: list[Course]
    flags: list[Flag]


def trend(
    patient: User,
    entries: QuerySet[Entry],
    sessions: QuerySet[TreatmentSession],
    flags: QuerySet[Flag],
    *,
    period: Period,
    now: datetime,
) -> Trend:
    """Return what a page says of a patient's period, from the rows that its reader may see."""
    standing = entries.standing()
    rows = readings(period.of(standing, "observed_at"))
    return Trend(
        period=period,
        summary=summary(period.of(standing, "observed_at")),
        latest=rows.first(),
        readings=rows,
        courses=courses(patient, standing, sessions.standing(), period=period, now=now),
        flags=marks(flags, period),
    )


def readings(entries: QuerySet[Entry]) -> QuerySet[Any]:
    """Return rows of (id, observed_at, pain, soreness, late), the newest first."""
    late = GreaterThan(Minute("recorded_at") - Minute("observed_at"), LATE)
    rows = entries.annotate(late=late).latest_first()
    return rows.values_list("id", "observed_at", "pain", "soreness", "late", named=True)


def summary(entries: QuerySet[Entry]) -> Summary:
    return Summary(
        **entries.order_by().aggregate(count=Count("pk"), lowest=Min("pain"), highest=Max("pain"), sore=Max("soreness"))
    )


def marks(flags: QuerySet[Flag], period: Period) -> list[Flag]:
    """Return the flags of a period that the diary supports, the newest first."""
    return list(period.of(flags.filter(withdrawn_at=None), "fired_at").latest_first()[:FLAGS])


def courses(
    patient: User,
    entries: QuerySet[Entry],
    sessions: QuerySet[TreatmentSession],
    *,
    period: Period,
    now: datetime,
) -> list[Course]:
    """Return the courses of a period's latest sessions, the oldest first."""
    held = [clinical_session(row) for row in sessions.order_by("ended_at").values_list(*SESSION)]
    since = instant(period.since) if period.since else 0
    first = max(sum(session.ended_at < since for session in held), len(held) - COURSES)
    if first >= len(held):
        return []
    bearing = entries_bearing_on(entries, held, first)
    diary = clinical.Diary(patient.time_zone, clinical_intake(patient.intake), tuple(held), bearing)
    return [
        course(number, follow_up, settled, now)
        for number, (follow_up, settled) in enumerate(with_settling(Case(diary, instant(now))), 1)
    ][first:]


def entries_bearing_on(
    entries: QuerySet[Entry], held: list[clinical.Session], first: int
) -> tuple[clinical.Entry, ...]:
    """Return the entries that decide the courses from `held[first]` on: those since, those from which their baselines
    are taken, and those that say what soreness was usual before all treatment."""
    reach = [
        ago(held[0], BASELINE_REACHES_BACK),
        ago(held[0], 0),
        ago(held[first], BASELINE_REACHES_BACK + DOUBLED_WITHIN),
    ]
    bearing = Q(observed_at__gte=reach[0], observed_at__lt=reach[1]) | Q(observed_at__gte=reach[2])
    return tuple(map(clinical_entry, entries.filter(bearing).order_by().values_list(*ENTRY)))


def ago(session: clinical.Session, seconds: int) -> datetime:
    return moment(session.ended_at - seconds)


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def course(number: int, follow_up: FollowUp, settled_after: int | None, now: datetime) -> Course:
    start = follow_up.session.ended_at
    until = min(start + FOLLOW_UP, instant(now), follow_up.next.ended_at if follow_up.next else instant(now))
    days: list[list[int]] = [[] for _ in range(DAYS)]
    for observation in follow_up.observations:
        if observation.at - start < DAYS * BUCKET:
            days[(observation.at - start) // BUCKET].append(observation.pain)
    baseline = follow_up.baseline
    return Course(
        number=number,
        ended_at=moment(start),
        until=moment(until),
        usual=baseline and baseline.value,
        risen=baseline and risen_from(baseline),
        days=days,
        settled_after=settled_after,
    )


def risen_from(baseline: Baseline) -> float | None:
    """Return the pain from which a rise is counted where the patient does not say "worse"; None without room for it."""
    if not baseline.has_room:
        return None
    noisy = baseline.provisional or baseline.value < LOW_BASELINE
    return min(TOP_OF_SCALE, baseline.value + (NOISY_RISE if noisy else RISE))


def with_settling(case: Case) -> Iterator[tuple[FollowUp, int | None]]:
    """Yield each follow-up with the hours after which soreness was first reported gone for good, None where it was not."""
    reactions = spells(case.answers["soreness"], case.sessions, case.usual("soreness"))
    ended = {spell.anchor.id: spell.ended_at for spell in reactions}
    for follow_up in case.follow_ups:
        at = ended.get(follow_up.session.id)
        yield follow_up, None if at is None else round((at - follow_up.session.ended_at) / clinical.HOUR)
