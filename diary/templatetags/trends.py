"""What a chart shows, in one sentence made of its numbers."""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import localize
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from diary.charts import Course, Trend

register = template.Library()

NONE = {
    "30": _("There are no entries in the last 30 days."),
    "90": _("There are no entries in the last three months."),
    "all": _("There are no entries yet."),
}
ONE = {
    "30": _("There is one entry in the last 30 days, from %(when)s: pain was %(last)s."),
    "90": _("There is one entry in the last three months, from %(when)s: pain was %(last)s."),
    "all": _("There is one entry, from %(when)s: pain was %(last)s."),
}
SAME = {
    "30": _("Pain was %(last)s in every entry of the last 30 days; the last was %(when)s."),
    "90": _("Pain was %(last)s in every entry of the last three months; the last was %(when)s."),
    "all": _("Pain was %(last)s in every entry; the last was %(when)s."),
}
BETWEEN = {
    "30": _("Pain was between %(lowest)s and %(highest)s in the last 30 days; the last entry was %(last)s, %(when)s."),
    "90": _(
        "Pain was between %(lowest)s and %(highest)s in the last three months; the last entry was %(last)s, %(when)s."
    ),
    "all": _("Pain was between %(lowest)s and %(highest)s in all entries; the last entry was %(last)s, %(when)s."),
}
UNSETTLED = {
    "still sore": _("still sore at the last answer"),
    "never sore": _("no soreness reported"),
    "unknown": _("not known: soreness was not answered"),
}


@register.simple_tag
def said_of_pain(trend: Trend) -> str:
    """Return the sentence above the chart of pain over time."""
    seen = trend.summary
    if not seen.count:
        return str(NONE[trend.period.name])
    sentences = ONE if seen.count == 1 else SAME if seen.lowest == seen.highest else BETWEEN
    when = days_ago(trend.latest.observed_at, trend.now, ZoneInfo(trend.zone))
    facts = {"lowest": seen.lowest, "highest": seen.highest, "last": trend.latest.pain, "when": when}
    return str(sentences[trend.period.name]) % facts


@register.simple_tag
def said_of_course(course: Course) -> str:
    """Return the sentence above the courses of all sessions, about the latest."""
    if course.peak is None:
        return say("Nothing has been logged yet since session %(number)s.") % {"number": course.number}
    facts = {"number": course.number, "peak": course.peak, "usual": plain(course.usual)}
    if course.usual is None:
        return say("Since session %(number)s, pain was %(peak)s at most.") % facts
    return say("Since session %(number)s, pain was %(peak)s at most; before it, %(usual)s was usual.") % facts


@register.simple_tag
def said_of_settling(course: Course) -> str:
    """Return how long soreness took to settle after a session."""
    state, after = course.settling
    if after is None:
        return str(UNSETTLED[state])
    hours = max(1, round(after))
    return ngettext("settled after %(hours)d hour", "settled after %(hours)d hours", hours) % {"hours": hours}


@register.filter
def written(curve: list[tuple[float, int]]) -> str:
    """Return a curve as the browser reads it: "5.2,3 27.1,4"."""
    return " ".join(f"{hours},{pain}" for hours, pain in curve)


@register.filter
def latest(courses: list[Course], count: int) -> list[Course]:
    """Return the last few courses, the newest first."""
    return courses[: -count - 1 : -1]


@register.filter
def plain(number: float | None) -> str:
    """Return a number without a needless fraction: 4, 4.5, 4.25; a dash for none."""
    return "–" if number is None else localize(int(number) if number % 1 == 0 else number)


def days_ago(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """Return the day of an instant, by the calendar of that zone, as one says it."""
    days = (now.astimezone(zone).date() - instant.astimezone(zone).date()).days
    if days < 2:
        return say("yesterday") if days else say("today")
    return ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}
