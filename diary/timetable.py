"""Reading hours as people say them: "Mon–Fri 9:00–17:00"."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import gettext as say
from django.utils.translation import pgettext

from diary.hours import Hours, next_opening
from diary.wording import in_a_row

Times = tuple[tuple[int, int], ...]


def weekly(hours: Hours) -> str:
    """Say the week: days in a row with the same times together; nothing where there are no hours."""
    return "; ".join(f"{days} {times}" for days, times in grouped(hours))


def grouped(hours: Hours) -> Iterator[tuple[str, str]]:
    """Yield each run of days with the same times, and those times."""
    by_day = [times_of(hours, day) for day in range(7)]
    for times, run in groupby(range(7), key=by_day.__getitem__):
        if times:
            yield days_said([*run]), in_a_row(span(opens, closes) for opens, closes in times)


def times_of(hours: Hours, weekday: int) -> Times:
    return tuple((at.opens, at.closes) for at in sorted(hours.openings) if at.weekday == weekday)


def days_said(days: list[int]) -> str:
    first, last = str(WEEKDAYS_ABBR[days[0]]), str(WEEKDAYS_ABBR[days[-1]])
    if len(days) == 7:
        return say("every day")
    if len(days) == 1:
        return first
    between = (
        pgettext("two days that follow one another", "%(first)s, %(last)s") if len(days) == 2 else "%(first)s–%(last)s"
    )
    return between % {"first": first, "last": last}


def span(opens: int, closes: int) -> str:
    return f"{clock(opens)}–{clock(closes)}"


def clock(minutes: int) -> str:
    """Say a time of day; the end of the day is 24:00."""
    return f"{minutes // 60}:{minutes % 60:02}"


def place(zone: str) -> str:
    """Say a zone by its place: Lisbon."""
    return zone.rpartition("/")[2].replace("_", " ")


def said(practitioner: Any, zone: str) -> str:
    """Say when a practitioner reads, with whose clock where the reader's differs; empty where they have not told."""
    hours = practitioner.hours
    if not hours.openings:
        return ""
    facts = {"hours": weekly(hours), "place": place(hours.zone)}
    return facts["hours"] if hours.zone == zone else say("%(hours)s (%(place)s time)") % facts


def next_reading(hours: Hours, now: datetime, zone: str) -> str:
    """Say when a practitioner reads next, on the clock of a zone: now, a time today, a day and a time, or nothing."""
    opens = next_opening(hours, now)
    if opens is None:
        return ""
    local, here = opens.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if opens <= now:
        return say("now")
    time = date_format(local, "H:i")
    if local.date() == here.date():
        return say("today at %(time)s") % {"time": time}
    return say("%(day)s at %(time)s") % {"day": date_format(local, say("l j F")), "time": time}
