"""What a chart shows, in one sentence made of its numbers, and the pictures that the server draws itself."""

from datetime import date, datetime, tzinfo
from statistics import median
from zoneinfo import ZoneInfo

from django import template
from django.utils.formats import date_format, localize
from django.utils.safestring import SafeString
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from diary import drawing
from diary.charts import Course, Trend
from diary.clinical.diary import HOUR
from diary.clinical.weeks import Week
from diary.periods import Period

register = template.Library()

MINUTE = 60

NONE = {
    "30": _("There are no entries in the last 30 days."),
    "90": _("There are no entries in the last three months."),
    "365": _("There are no entries in the last year."),
    "all": _("There are no entries yet."),
    "own": _("There are no entries %(days)s."),
}
ONE = {
    "30": _("There is one entry in the last 30 days, from %(when)s: pain was %(last)s."),
    "90": _("There is one entry in the last three months, from %(when)s: pain was %(last)s."),
    "365": _("There is one entry in the last year, from %(when)s: pain was %(last)s."),
    "all": _("There is one entry, from %(when)s: pain was %(last)s."),
    "own": _("There is one entry %(days)s, from %(when)s: pain was %(last)s."),
}
SAME = {
    "30": _("Pain was %(last)s in every entry of the last 30 days; the last was %(when)s."),
    "90": _("Pain was %(last)s in every entry of the last three months; the last was %(when)s."),
    "365": _("Pain was %(last)s in every entry of the last year; the last was %(when)s."),
    "all": _("Pain was %(last)s in every entry; the last was %(when)s."),
    "own": _("Pain was %(last)s in every entry %(days)s; the last was %(when)s."),
}
BETWEEN = {
    "30": _("Pain was between %(lowest)s and %(highest)s in the last 30 days; the last entry was %(last)s, %(when)s."),
    "90": _(
        "Pain was between %(lowest)s and %(highest)s in the last three months; the last entry was %(last)s, %(when)s."
    ),
    "365": _("Pain was between %(lowest)s and %(highest)s in the last year; the last entry was %(last)s, %(when)s."),
    "all": _("Pain was between %(lowest)s and %(highest)s in all entries; the last entry was %(last)s, %(when)s."),
    "own": _("Pain was between %(lowest)s and %(highest)s %(days)s; the last entry was %(last)s, %(when)s."),
}
UNSETTLED = {
    "still sore": _("still sore at the last answer"),
    "clear for now": _("clear at the last answer, not yet for a day"),
    "never sore": _("no soreness above the usual"),
    "unknown": _("not known: soreness was not answered"),
}


@register.simple_tag
def said_of_pain(trend: Trend) -> str:
    """Return the sentence above the chart of pain over time."""
    seen, days = trend.summary, said_of_days(trend.period)
    if not seen.count:
        return str(NONE[trend.period.name]) % {"days": days}
    sentences = ONE if seen.count == 1 else SAME if seen.lowest == seen.highest else BETWEEN
    when = days_ago(trend.latest.observed_at, trend.now, ZoneInfo(trend.zone))
    facts = {"lowest": seen.lowest, "highest": seen.highest, "last": trend.latest.pain, "when": when}
    facts["days"] = days
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
    hours = whole_hours(after)
    return ngettext("settled after %(hours)d hour", "settled after %(hours)d hours", hours) % {"hours": hours}


def whole_hours(hours: float) -> int:
    """Return hours as they are said: what took some minutes took an hour, never none."""
    return max(1, round(hours))


def said_of_days(period: Period) -> str:
    """Return the days of a period of one's own, to stand in a sentence."""
    if not period.first and not period.last:
        return ""
    facts = {"first": period.first and day(period.first), "last": period.last and day(period.last)}
    if period.first and period.last:
        return say("from %(first)s to %(last)s") % facts
    return (say("from %(first)s on") if period.first else say("up to %(last)s")) % facts


@register.filter
def day(date: date) -> str:
    """Return a day as it stands in a sentence or a table: "2 March 2026"."""
    return date_format(date, say("j F Y"))


@register.simple_tag
def said_of_all_settling(courses: list[Course]) -> str:
    """Return the sentence above the settling times: the middle of those known, and how many are not."""
    hours = [course.settling.hours for course in courses if course.settling.hours is not None]
    if courses and of_state(courses, "never sore") == len(courses):
        return say("After no session here was soreness above the usual.")
    if not hours:
        return say("Of no session here is it known yet how long soreness took to settle.")
    facts = {"hours": whole_hours(median(hours)), "known": len(hours), "all": len(courses)}
    return (
        ngettext(
            "Soreness settled after %(hours)d hours, known of %(known)d of %(all)d sessions.",
            "Soreness settled after %(hours)d hours in the middle, known of %(known)d of %(all)d sessions.",
            len(hours),
        )
        % facts
    )


@register.simple_tag
def drawn_settling(courses: list[Course]) -> SafeString:
    return drawing.settling(courses, said_of_all_settling(courses), lambda hours: say("%(hours)d h") % {"hours": hours})


@register.filter
def of_state(courses: list[Course], state: str) -> int:
    """Return how many sessions stand so: settled, still sore, clear for now, never sore, or not known."""
    return sum(course.settling.state == state for course in courses)


@register.simple_tag
def said_of_week(weeks: list[Week]) -> str:
    """Return the sentence above the weeks, about the latest with an entry."""
    week = next((week for week in reversed(weeks) if week.entries), None)
    if week is None:
        return say("Nothing was logged in these weeks.")
    facts = {"day": day(week.monday), "count": week.entries, "low": week.low, "middle": plain(week.middle)}
    return ngettext(
        "In the week from %(day)s there is one entry, with pain %(middle)s.",
        "In the week from %(day)s, the middle of %(count)d entries was pain %(middle)s, from %(low)s to %(high)s.",
        week.entries,
    ) % (facts | {"high": week.high})


@register.simple_tag
def drawn_weeks(weeks: list[Week]) -> SafeString:
    return drawing.by_week(weeks, said_of_week(weeks), lambda monday: date_format(monday, say("j M")))


@register.filter
def written(course: Course) -> str:
    """Return a curve as the browser reads it, whole minutes since that of the session's end: "313,3 1627,4"."""
    ended = int(course.ended_at.timestamp())
    minutes = ((ended + round(hours * HOUR)) // MINUTE - ended // MINUTE for hours, _pain in course.curve)
    return " ".join(f"{minute},{pain}" for minute, (_hours, pain) in zip(minutes, course.curve, strict=True))


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
