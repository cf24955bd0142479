"""A diary on one sheet: what its reader may see of a period, in the sections that were chosen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from diary import charts, drawing
from diary.charts import Course, Trend
from diary.forms.reports import ReportForm
from diary.models import Flag
from diary.models.flags import FlagQuerySet
from diary.periods import DAY, Period, own_period
from diary.permissions import Shown, shown_by, shown_to
from diary.templatetags.trends import said_of_pain

SECTIONS = {part: part for part in ("sessions", "flags", "notes", "intake")} | {"scores": "chart", "signs": "flags"}
"""In which section of a report a part of a link stands."""
NOTES = 40
"""Notes on one report, the latest."""


class Held(NamedTuple):
    """A session on a report: how it went, and the row it is of."""

    course: Course
    session: Any


@dataclass(frozen=True, slots=True)
class Report:
    """What stands on the sheet. `picture` is None where there is nothing to draw.

    `notes` are entries with a note, the latest first, and `untold` how many more there are; `unlisted` and `unmarked`
    how many sessions and flags of the period are left out. `since` and `until` are its first and last instant.
    `flags` are those of the period and those that went on when it began, the newest first.
    `chosen` names its sections; `reader` is None where it is opened by a link, `link`, and not by an account.
    """

    patient: Any
    reader: Any
    link: Any
    chosen: set[str]
    now: datetime
    trend: Trend
    since: datetime
    until: datetime
    picture: SafeString | None
    held: list[Held]
    unlisted: int
    flags: list[Flag]
    unmarked: int
    notes: list[Any]
    untold: int
    intake: Any

    @property
    def is_own(self) -> bool:
        return self.reader is not None and bool(self.reader.pk == self.patient.pk)

    @property
    def holds_scores(self) -> bool:
        """Whether what followed a session is shown: of scores that are left out, none is "not answered"."""
        return self.link is None or bool(self.link.with_scores)

    @property
    def last_moment(self) -> datetime:
        """The last moment of the last day, where the period ends at midnight."""
        return self.until - timedelta.resolution


def report(*, reader: Any, patient: Any, form: ReportForm, now: datetime) -> Report:
    """Return what `reader` may see of a patient's diary, for the days and sections that a form says."""
    chosen = {name for name in form.fields if form.has(name)}
    shown = shown_to(reader, patient, now)
    return composed(shown, patient=patient, period=form.period, chosen=chosen, now=now, reader=reader)


def report_by(link: Any, now: datetime) -> Report:
    """Return what a link shows of its diary."""
    patient = link.patient
    period = own_period(link.first_day, link.last_day, patient.time_zone)
    chosen = {SECTIONS[part] for part in link.parts}
    return composed(shown_by(link, now), patient=patient, period=period, chosen=chosen, now=now, link=link)


def composed(
    rows: Shown,
    *,
    patient: Any,
    period: Period,
    chosen: set[str],
    now: datetime,
    reader: Any = None,
    link: Any = None,
) -> Report:
    flags = rows.flags.select_related("handled_by")
    trend = charts.trend(patient, rows.entries, rows.sessions, flags, intakes=rows.intakes, period=period, now=now)
    shown = charts.readings(rows.entries, trend.period) if "chart" in chosen else []
    told = [*trend.period.of(rows.notes, "observed_at").latest_first()] if "notes" in chosen else []
    since, until = edges(trend, shown)
    return Report(
        patient=patient,
        reader=reader,
        link=link,
        chosen=chosen,
        now=now,
        trend=trend,
        since=since,
        until=until,
        picture=picture(trend, shown, since, until) if shown else None,
        held=held(trend, rows.sessions) if "sessions" in chosen else [],
        unlisted=len(trend.earlier),
        flags=told_flags(trend, flags) if "flags" in chosen else [],
        unmarked=charts.unmarked(trend, flags) if "flags" in chosen else 0,
        notes=told[:NOTES],
        untold=len(told[NOTES:]),
        intake=rows.intakes.first() if "intake" in chosen else None,
    )


def told_flags(trend: Trend, flags: FlagQuerySet) -> list[Flag]:
    """Return the flags of a period and those that went on when it began: none of them is "found nothing"."""
    since = trend.period.since
    return [*trend.flags, *(flags.going_on(since).latest_first() if since else ())]


def edges(trend: Trend, shown: list[charts.Reading]) -> tuple[datetime, datetime]:
    """Return the first and the last instant of what is shown: a period without a beginning begins with the diary."""
    until = min(trend.period.until or trend.now, trend.now)
    first = [one.at for one in shown[:1]] + [course.ended_at for course in trend.courses[:1]]
    since = trend.period.since or min(first, default=until)
    return min(since, until - DAY), until


def held(trend: Trend, sessions: Any) -> list[Held]:
    rows = sessions.select_related("practitioner").in_bulk([course.id for course in trend.courses])
    return [Held(course, rows[course.id]) for course in reversed(trend.courses)]


def picture(trend: Trend, shown: list[charts.Reading], since: datetime, until: datetime) -> SafeString:
    zone = ZoneInfo(trend.zone)
    form = _("j M") if until - since < timedelta(days=400) else _("M Y")
    return drawing.over_time(
        shown,
        drawing.Span(since, until),
        sessions=[(course.number, course.ended_at) for course in trend.courses],
        flags=[flag.fired_at for flag in trend.flags],
        label=said_of_pain(trend),
        said=lambda at: date_format(at.astimezone(zone), form),
    )
