"""The entries of a diary as a table for a spreadsheet."""

import csv
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from diary.clinical.diary import REACTIONS
from diary.models import Entry, User

SCORES = ("pain", "soreness", *REACTIONS)
LISTS = ("red_flags", "regions", "good", "aftercare")
COLUMNS = ("id", "observed_at", "local_time", "time_zone", *SCORES, "compared", *LISTS, "note", "withdrawn_at")
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
MARK = "\ufeff"  # without it a common spreadsheet takes UTF-8 for something else


def as_csv(patient: User) -> str:
    """Return all entries, the earliest first, withdrawn ones marked; instants in UTC and on the clock of the entry."""
    out = StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    lines.writerows(map(line_of, Entry.objects.of(patient).order_by("observed_at", "pk")))
    return MARK + out.getvalue()


def line_of(entry: Entry) -> list[Any]:
    return [safe(cell) for cell in cells_of(entry)]


def cells_of(entry: Entry) -> Iterator[Any]:
    yield str(entry.pk)
    yield entry.observed_at.isoformat()
    yield local(entry.observed_at, entry.zone)
    yield entry.zone
    yield from (getattr(entry, name) for name in SCORES)
    yield entry.compared
    yield from ("; ".join(map(str, getattr(entry, name))) for name in LISTS)
    yield entry.note
    yield entry.withdrawn_at.isoformat() if entry.withdrawn_at else ""


def local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def safe(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULAS) else cell
