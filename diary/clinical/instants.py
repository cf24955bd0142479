"""Instants as text: ISO 8601 with a UTC offset, in; UTC with `Z`, out. Both to the second."""

import re
from datetime import UTC, datetime, timedelta

from diary.clinical.diary import Instant

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FIRST = (datetime.min.replace(tzinfo=UTC) - EPOCH) // SECOND
LAST = (datetime.max.replace(tzinfo=UTC) - EPOCH) // SECOND

OFFSET = r"Z|[+-]\d\d(:?\d\d)?"
SHAPE = re.compile(rf"\d{{4}}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)?({OFFSET})", re.ASCII | re.IGNORECASE)
NOT_AN_INSTANT = "not a date and time with its UTC offset, such as 2026-03-02T10:00:00+00:00"


def instant_of(text: object) -> Instant:
    """Return the instant that an ISO 8601 text with a UTC offset names, cut to the second. Raises ValueError."""
    if not isinstance(text, str) or not SHAPE.fullmatch(text):
        raise ValueError(NOT_AN_INSTANT)
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError as impossible:
        raise ValueError(NOT_AN_INSTANT) from impossible
    instant = (moment.replace(microsecond=0) - EPOCH) // SECOND
    if not FIRST <= instant <= LAST:
        raise ValueError("outside the years 1 to 9999")
    return instant


def text_of(instant: Instant) -> str:
    """Return the instant as UTC text; what lies past the calendar's last second as that second."""
    return (EPOCH + SECOND * min(instant, LAST)).isoformat().replace("+00:00", "Z")
