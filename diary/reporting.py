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
from diary.permissions import visible_entries, visible_flags, visible_intakes, visible_notes, visible_sessions
from diary.templatetags.trends import said_of_pain

NOTES = 40
"""Notes on one report, the latest."""


class Held(NamedTuple):
    """A session on a report: how it went, and the row it is of."""

    course: Course
    session: Any


@dataclass(frozen=True, slots=True)
class Report:
    """What stands on the sheet. `picture` is None where there is nothing to draw.

    `notes` are entries with a note, the latest first, and `untold` how many more there are; `unlisted` how many
    sessions of the period are left out. `since` and `until` are its first and last instant.
    """

    patient: Any
    reader: Any
    now: datetime
    trend: Trend
    since: datetime
    until: datetime
    picture: SafeString | None
    held: list[Held]
    unlisted: int
    notes: list[Any]
    untold: int

    @property
    def is_own(self) -> bool:
        return bool(self.reader.pk == self.patient.pk)

    @property
    def last_moment(self) -> datetime:
        """The last moment of the last day, where the period ends at midnight."""
        return self.until - timedelta.resolution


def report(*, reader: Any, patient: Any, form: ReportForm, now: datetime) -> Report:
    """Return what `reader` may see of a patient's diary, for the days and sections that a form says."""
    entries = visible_entries(reader, now).of(patient)
    sessions = visible_sessions(reader, now).of(patient)
    trend = charts.trend(
        patient,
        entries,
        sessions,
        visible_flags(reader, now).of(patient).select_related("handled_by"),
        intakes=visible_intakes(reader, now).filter(patient=patient),
        period=form.period,
        now=now,
    )
    shown = charts.readings(entries, trend.period) if form.has("chart") else []
    notes = trend.period.of(visible_notes(reader, now).of(patient).standing(), "observed_at").latest_first()
    told = [*notes] if form.has("notes") else []
    since, until = edges(trend, shown)
    return Report(
        patient=patient,
        reader=reader,
        now=now,
        trend=trend,
        since=since,
        until=until,
        picture=picture(trend, shown, since, until) if shown else None,
        held=held(trend, sessions) if form.has("sessions") else [],
        unlisted=len(trend.earlier),
        notes=told[:NOTES],
        untold=len(told[NOTES:]),
    )


def edges(trend: Trend, shown: list[charts.Reading]) -> tuple[datetime, datetime]:
    """Return the first and the last instant of what is shown: a period without a beginning begins with the diary."""
    until = min(trend.period.until or trend.now, trend.now)
    first = [shown[0].at] if shown else [course.ended_at for course in trend.courses[:1]]
    since = trend.period.since or min(first, default=until)
    return min(since, until - charts.DAY_LONG), until


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
