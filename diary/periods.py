"""The stretch of a diary that a chart or a report is about."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

DAY = timedelta(days=1)
PERIODS = {"30": timedelta(days=30), "90": timedelta(days=90), "365": timedelta(days=365), "all": None}
OWN = "own"

Rows = TypeVar("Rows", bound=QuerySet[Any])


class Period(NamedTuple):
    """The stretch of a diary that a chart shows: its name in an address, its first instant and the one it ends before.

    None: without such an end. `first` and `last` are the days of a period of one's own, either may be left open.
    """

    name: str
    since: datetime | None
    until: datetime | None = None
    first: date | None = None
    last: date | None = None

    def of(self, rows: Rows, field: str) -> Rows:
        bounds = {f"{field}__gte": self.since, f"{field}__lt": self.until}
        return rows.filter(**{name: bound for name, bound in bounds.items() if bound})

    @property
    def query(self) -> str:
        """The period as the end of an address."""
        if self.name != OWN:
            return f"range={self.name}"
        return f"since={self.first or ''}&until={self.last or ''}"


def period(name: str | None, now: datetime) -> Period:
    """Return the period of this name, the shortest for a name that is none."""
    known = name if name in PERIODS else next(iter(PERIODS))
    length = PERIODS[known]
    return Period(known, now - length if length else None)


def own_period(first: date | None, last: date | None, zone: str) -> Period:
    """Return the days from `first` to `last`, both included, on the calendar of a zone."""
    since = midnight(first, zone) if first else None
    return Period(OWN, since, midnight(last + DAY, zone) if last else None, first, last)


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
