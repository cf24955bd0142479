"""The entries of a diary as a table for a spreadsheet."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta, timezone, tzinfo
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from diary.clinical.diary import REACTIONS
from diary.models import Entry, User
from diary.models.entries import EntryQuerySet

SCORES = ("pain", "soreness", *REACTIONS)
LISTS = ("red_flags", "regions", "good", "aftercare")
COLUMNS = ("id", "observed_at", "local_time", "time_zone", *SCORES, "compared", *LISTS, "note", "withdrawn_at")
ALWAYS = ("local_time", "pain", "soreness", "compared")
PARTS = {
    "reactions": REACTIONS,
    "signs": ("red_flags",),
    "places": ("regions",),
    "good": ("good",),
    "aftercare": ("aftercare",),
    "notes": ("note",),
    "exact": ("id", "observed_at", "time_zone"),
    "withdrawn": ("withdrawn_at",),
}
"""What may be left out: each choice with its columns. Without `withdrawn`, entries that were taken out are left out."""
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
GUARD = "'"
MARK = "\ufeff"  # without it a common spreadsheet takes UTF-8 for something else
BLANK = " \v\f\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u202f\u205f\u3000\ufeff\0"
AT_A_TIME = 500


def columns_of(chosen: Iterable[str]) -> tuple[str, ...]:
    """Return the columns of some parts, in their order; when and how much it hurt is always among them."""
    wanted = {*ALWAYS, *(column for part in chosen for column in PARTS.get(part, ()))}
    return tuple(column for column in COLUMNS if column in wanted)


def as_csv(patient: User, columns: tuple[str, ...] = COLUMNS) -> Iterator[str]:
    """Yield the entries as lines, the earliest first; instants in UTC and on the clock of the entry.

    A few hundred at a time, each read at once: whoever downloads slowly holds no lock of the database meanwhile.
    """
    yield MARK + written([columns])
    rows = Entry.objects.of(patient)
    for some in pages(rows if "withdrawn_at" in columns else rows.standing()):
        yield written([safe(cells[column]) for column in columns] for cells in map(cells_of, some))


def pages(rows: EntryQuerySet) -> Iterator[list[Entry]]:
    rows = rows.order_by("observed_at", "pk")
    last: Entry | None = None
    while some := [*(rows.after(last) if last else rows)[:AT_A_TIME]]:
        yield some
        last = some[-1]


def written(lines: Iterable[Iterable[Any]]) -> str:
    out = StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue()


def cells_of(entry: Entry) -> dict[str, Any]:
    return {
        "id": str(entry.pk),
        "observed_at": entry.observed_at.isoformat(),
        "local_time": local(entry),
        "time_zone": entry.zone,
        **{name: getattr(entry, name) for name in SCORES},
        "compared": entry.compared,
        **{name: "; ".join(map(escaped, getattr(entry, name))) for name in LISTS},
        "note": entry.note,
        "withdrawn_at": entry.withdrawn_at.isoformat() if entry.withdrawn_at else "",
    }


def escaped(item: str) -> str:
    """Return an item of a list without a bare sign that parts items; `items_of` gives back what it was."""
    return re.sub(r"([\\;])", r"\\\1", item)


def items_of(cell: str) -> list[str]:
    """Return the items of a list, without blanks around them."""
    items = (re.sub(r"\\(.)", r"\1", item).strip() for item in re.findall(r"(?:\\.|[^;])+", cell))
    return [item for item in items if item]


def local(entry: Entry) -> str:
    """Return what the clocks of the entry's zone showed; where this machine does not know it, by its kept offset."""
    try:
        here: tzinfo = ZoneInfo(entry.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        here = timezone(timedelta(minutes=entry.offset_minutes))
    return entry.observed_at.astimezone(here).strftime("%Y-%m-%d %H:%M")


def safe(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula; `unguarded` gives back what it was."""
    return f"{GUARD}{cell}" if isinstance(cell, str) and is_formula(cell) else cell


def unguarded(cell: str) -> str:
    """Return a cell without the sign that kept a spreadsheet from taking it for a formula."""
    return cell[1:] if cell.startswith(GUARD) and is_formula(cell) else cell


def is_formula(cell: str) -> bool:
    """Tell whether a text begins as a formula, whatever blank signs stand before it, or as a guarded one."""
    bare = cell.lstrip(GUARD)
    return bare.startswith(FORMULAS) or bare.lstrip(BLANK).startswith(FORMULAS)
