"""What a chart shows, in one sentence made of its numbers."""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import number_format
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


@register.simple_tag
def said_of_pain(trend: Trend, zone: str, now: datetime) -> str:
    """Return the sentence above the chart of pain over time."""
    seen = trend.summary
    if not seen.count:
        return str(NONE[trend.period.name])
    sentences = ONE if seen.count == 1 else SAME if seen.lowest == seen.highest else BETWEEN
    when = days_ago(trend.latest.observed_at, now, ZoneInfo(zone))
    facts = {"lowest": seen.lowest, "highest": seen.highest, "last": trend.latest.pain, "when": when}
    return str(sentences[trend.period.name]) % facts


@register.simple_tag
def said_of_courses(course: Course) -> str:
    """Return the sentence above the courses of all sessions, about the latest."""
    facts = {"number": course.number, "peak": course.peak, "usual": plain(course.usual)}
    if course.peak is None:
        return say("Nothing has been logged yet since session %(number)s.") % facts
    if course.usual is None:
        return say("Since session %(number)s, pain was %(peak)s at most.") % facts
    return say("Since session %(number)s, pain was %(peak)s at most; before it, %(usual)s was usual.") % facts


@register.simple_tag
def said_of_settling(course: Course) -> str:
    """Return how long soreness took to settle after a session."""
    if course.settled_after is None:
        return say("not known to have settled") if course.peak is not None else say("nothing logged")
    hours = course.settled_after
    return ngettext("settled after %(hours)d hour", "settled after %(hours)d hours", hours) % {"hours": hours}


@register.filter
def plain(number: float | None) -> str:
    """Return a number without a needless fraction: 4, 4.5, 4.25."""
    return (
        "–"
        if number is None
        else number_format(number, use_l10n=True).rstrip("0").rstrip(".,")
        if number % 1
        else f"{number:.0f}"
    )


def days_ago(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """Return the day of an instant, by the calendar of that zone, as one says it."""
    days = (now.astimezone(zone).date() - instant.astimezone(zone).date()).days
    if days < 2:
        return say("yesterday") if days else say("today")
    return ngettext("%(days)d day ago", "%(days)d days ago", days) % {"days": days}
