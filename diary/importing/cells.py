"""What a cell says: a moment, a number, a grade, words, codes."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from math import floor, nan
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from diary.clinical.diary import GRADES, REACTIONS
from diary.exports.table import items_of, unguarded
from diary.importing import answers
from diary.importing.answers import WrongAnswer

DATES = {
    "iso": (_("2026-03-10"), r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"),
    "dmy": (_("10.03.2026, the day first"), r"(?P<d>\d{1,2})[-/. ](?P<m>\d{1,2})[-/. ](?P<y>\d{4})"),
    "mdy": (_("03/10/2026, the month first"), r"(?P<m>\d{1,2})[-/. ](?P<d>\d{1,2})[-/. ](?P<y>\d{4})"),
}
CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap])?\.?m?\.?", re.IGNORECASE)
NOON = time(12)
HALF_DAY = 12


def moment(cells: dict[str, str], form: str, zone: str) -> datetime:
    """Return when a row was observed: an instant with an offset as it is, anything else on the clock of the zone.

    A date without a time is noon; a time that the clock has twice is the first, one that it leaves out the next.
    """
    told = cells.get("when")
    local = (told and with_offset(told)) or on_the_wall(cells, form).replace(tzinfo=ZoneInfo(zone))
    try:
        return local.astimezone(UTC)
    except OverflowError:  # before the year 1, after 9999
        raise no_such_date(told or cells["date"]) from None


def on_the_wall(cells: dict[str, str], form: str) -> datetime:
    told = cells.get("when")
    day, clock = split(told or cells.get("date", ""), form)
    if "time" in cells and not (told and clock):
        clock = clock_of(cells["time"])
    return datetime.combine(day, clock or NOON)


def with_offset(cell: str) -> datetime | None:
    try:
        told = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return told if told.utcoffset() is not None else None


def no_such_date(cell: str) -> WrongAnswer:
    return WrongAnswer(_("there is no such date (“%(cell)s”)") % {"cell": cell[:40]})


def split(cell: str, form: str) -> tuple[date, time | None]:
    """Return the date and the time that a cell begins and ends with."""
    found = re.match(DATES[form][1], cell)
    if not found:
        raise WrongAnswer(_("no date in this form (“%(cell)s”)") % {"cell": cell[:40]})
    try:
        day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        raise no_such_date(cell) from None
    rest = cell[found.end() :].strip(" ,T")
    return day, clock_of(rest) if rest else None


def clock_of(cell: str) -> time:
    found = CLOCK.fullmatch(cell.strip())
    if found:
        hours, half = int(found[1]), (found[4] or "").lower()
        hours = hours % HALF_DAY + (HALF_DAY if half == "p" else 0) if half else hours
        try:
            return time(hours, int(found[2]), int(found[3] or 0))
        except ValueError:
            pass
    raise WrongAnswer(_("no time of day (“%(cell)s”)") % {"cell": cell[:40]})


def number(cell: str, most: int = 10) -> float:
    """Return a number, also as 4.0, 4,0 or 4/10; what is none as one that no answer is."""
    plain = re.sub(rf"\s*/\s*{most}$", "", cell).replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        return nan


def whole(cell: str) -> int:
    found = number(cell)
    if not found.is_integer():
        raise WrongAnswer(_("not a whole number from 0 to 10"))
    return int(found)


def of_a_hundred(cell: str) -> int:
    """Return a mark on a line of 100 mm as one of eleven numbers, the nearest; half-way the higher, to miss nothing."""
    found = number(cell, 100)
    if not 0 <= found <= 100:
        raise WrongAnswer(_("not a number from 0 to 100"))
    return floor(found / 10 + 0.5)


def score(cell: str) -> int:
    return int(answers.score(whole(cell)))


def grade(cell: str) -> int:
    word = cell.lower()
    return GRADES.index(word) if word in GRADES else int(answers.grade(whole(cell)))


def note(cell: str) -> str:
    return str(answers.text(4000)(unguarded(cell).replace("\r\n", "\n")))


def codes(read: Callable[[Any], Any]) -> Callable[[str], Any]:
    return lambda cell: read(items_of(unguarded(cell)))


READ: dict[str, Callable[[str], Any]] = {
    "pain": score,
    "soreness": score,
    **dict.fromkeys(REACTIONS, grade),
    "compared": lambda cell: answers.compared(cell.lower()),
    "note": note,
    "red_flags": codes(answers.signs),
    "regions": codes(answers.regions),
    "good": codes(answers.good),
    "aftercare": codes(answers.aftercare),
}
