"""Reading hours: when a practitioner reads, and how much reading time has passed. Plain Python, no clock.

Times are minutes since midnight on the clocks of the practitioner's zone; instants are aware datetimes. A time that
the clocks skip is read by the offset before the change, one that they show twice is its first: as calendars do
(RFC 5545, 3.3.5). Asked of instants and answered in elapsed time, an hour lost or gained overnight costs nobody a
minute of reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

END_OF_DAY = 24 * 60
"""Minutes. A closing time may be the end of the day."""
ESCALATES_AFTER = timedelta(minutes=30)
"""How much reading time an urgent flag may wait for its first reader (docs/reliability.md, row 11)."""
AT_ONCE = timedelta(0)
LOOKS_AHEAD = timedelta(days=400)
"""Further ahead nobody is promised anything."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """One stretch of a weekday (0 is Monday), in minutes since midnight; it closes on the same day."""

    weekday: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class Away:
    """Days without reading, both included; without a last day, until further notice."""

    first_day: date
    last_day: date | None = None

    def holds(self, day: date) -> bool:
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Hours:
    """The reading hours of one practitioner, in the zone in which they were said."""

    zone: str
    openings: tuple[Opening, ...] = ()
    away: tuple[Away, ...] = ()


def is_away(hours: Hours, at: datetime) -> bool:
    """Tell whether the day of an instant, where the practitioner is, is one without reading."""
    day = at.astimezone(ZoneInfo(hours.zone)).date()
    return any(away.holds(day) for away in hours.away)


def is_open(hours: Hours, at: datetime) -> bool:
    return any(opens <= at for opens, _ in stretches(hours, at, at + timedelta(microseconds=1)))


def next_opening(hours: Hours, at: datetime) -> datetime | None:
    """Return the first instant from `at` on at which the practitioner reads; None where none is in sight."""
    return next((opens for opens, _ in stretches(hours, at, at + LOOKS_AHEAD)), None)


def next_day_of_reading(hours: Hours, at: datetime) -> datetime:
    """Return the next start of a day's reading after `at`; where none is in sight, the next midnight."""
    here = ZoneInfo(hours.zone)
    today = at.astimezone(here).date()
    for days in range(LOOKS_AHEAD.days):
        opened = opened_on(hours, today + days * DAY, here)
        if opened and opened[0][0] > at:
            return opened[0][0]
    return instant(today + DAY, 0, here)


def elapsed(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """Return how much reading time lies between two instants."""
    return sum((closes - opens for opens, closes in stretches(hours, start, end)), AT_ONCE)


def deadline(hours: Hours, start: datetime, open_for: timedelta = ESCALATES_AFTER) -> datetime | None:
    """Return the instant at which that much reading time has passed since `start`; None where none is in sight."""
    left = open_for
    for opens, closes in stretches(hours, start, start + LOOKS_AHEAD):
        if opens + left <= closes:
            return opens + left
        left -= closes - opens
    return None


def stretches(hours: Hours, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield when the practitioner reads between two instants, in order; what touches or overlaps is one stretch."""
    last: tuple[datetime, datetime] | None = None
    for opens, closes in clipped(hours, since.astimezone(UTC), until.astimezone(UTC)):
        if last and opens <= last[1]:
            last = last[0], max(last[1], closes)
        else:
            if last:
                yield last
            last = opens, closes
    if last:
        yield last


def clipped(hours: Hours, since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the opening hours of each day that reach into the time between two instants (UTC), cut to it."""
    here = ZoneInfo(hours.zone)
    day, last_day = since.astimezone(here).date() - DAY, until.astimezone(here).date()
    while day <= last_day:
        for opens, closes in opened_on(hours, day, here):
            if max(opens, since) < min(closes, until):
                yield max(opens, since), min(closes, until)
        day += DAY


def opened_on(hours: Hours, day: date, here: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Return the opening hours of a day as instants, in order; none where the practitioner is away."""
    if any(away.holds(day) for away in hours.away):
        return []
    that_day = [opening for opening in hours.openings if opening.weekday == day.weekday()]
    return sorted((instant(day, opening.opens, here), instant(day, opening.closes, here)) for opening in that_day)


def instant(day: date, minutes: int, here: ZoneInfo) -> datetime:
    """Return the instant, in UTC, of a time on a day, which may be the end of it."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=here)
    return (midnight + timedelta(minutes=minutes)).astimezone(UTC)
