"""Every change of a zone's offset from 2020 to 2035, found second by second, and 17 points around each."""

from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

MINUTE, HOUR, DAY = 60, 3600, 86400
FIRST, LAST = (int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) for year in (2020, 2036))

POINTS = (
    *(-4 * DAY, -2 * DAY, -DAY, -12 * HOUR, -2 * HOUR, -HOUR, -30 * MINUTE, -1),
    0,
    *(1, 30 * MINUTE, HOUR, 2 * HOUR, 12 * HOUR, DAY, 2 * DAY, 4 * DAY),
)

# Half an hour, two hours, three; south and north; Ramadan; a quarter of an hour off; none at all
ODD = (
    *("Australia/Lord_Howe", "Antarctica/Troll", "Antarctica/Casey", "Africa/Casablanca", "Pacific/Chatham"),
    *("Europe/Lisbon", "Europe/Dublin", "America/New_York", "America/St_Johns", "Asia/Kathmandu"),
)


class Change(NamedTuple):
    """At `at`, in seconds since 1970, a zone's offset went from `before` to `after`, in seconds."""

    zone: str
    at: int
    before: int
    after: int

    @property
    def points(self) -> list[int]:
        return [self.at + point for point in POINTS]


def zones() -> list[str]:
    return sorted(available_timezones())


def offset(zone: str, at: int) -> int:
    return int(datetime.fromtimestamp(at, ZoneInfo(zone)).utcoffset().total_seconds())


@cache
def changes_of(zone: str) -> tuple[Change, ...]:
    days = [(day, offset(zone, day)) for day in range(FIRST, LAST + 1, DAY)]
    return tuple(_change(zone, start, end) for (start, old), (end, new) in pairwise(days) if old != new)


def _change(zone: str, start: int, end: int) -> Change:
    before, after = offset(zone, start), offset(zone, end)
    while end - start > 1:
        middle = (start + end) // 2
        start, end = (middle, end) if offset(zone, middle) == before else (start, middle)
    return Change(zone, end, before, after)
