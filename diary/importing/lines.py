"""Reading a table line by line, each into an entry."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from diary.clinical.diary import REACTIONS
from diary.importing import answers
from diary.importing.answers import WrongAnswer
from diary.importing.cells import READ, moment, of_a_hundred
from diary.importing.foreign import blank
from diary.importing.heads import FIELDS, SCALES, SCORES, Reading
from diary.importing.table import Table
from diary.importing.wrongs import Wrong
from diary.models import User

EXAMPLES = 3
OURS = UUID("5a0b9a34-9d5c-4b0e-9f43-6a4f1d6f6d01")
"""Under which the ids of rows are derived from what they say."""
UNSAID = ("recorded_at", "version", "offset_minutes")
"""What no table says of an entry that stands here already."""
SAID = {"soreness", *REACTIONS, "compared", "note", "red_flags", "regions", "good", "aftercare"}
"""What a table says where it has a column of it. Without one for deleted entries all that it holds stand."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a table says, as entries; the rows that say nothing, those that cannot be read, the first as examples."""

    entries: list[dict[str, Any]]
    wrongs: list[Wrong] = field(default_factory=list)
    examples: list[tuple[list[str], dict[str, Any]]] = field(default_factory=list)


def read(table: Table, reading: Reading, by: User, now: datetime) -> Rows:
    """Read a table; who brings it is in the ids, so that the same table brought by two people is two diaries."""
    entries, wrongs, seen = list[dict[str, Any]](), list[Wrong](), dict[str, dict[str, Any]]()
    examples: list[tuple[list[str], dict[str, Any]]] = []
    for line, row in table.rows:
        told = zip(reading.columns, row, strict=True)
        cells = {kind: cell if kind == "note" else cell.strip() for kind, cell in told if kind and cell.strip()}
        try:
            entry = entry_of(cells, reading, by, now)
            if seen.setdefault(entry["id"], entry) != entry:
                raise WrongAnswer(_("says something else than an earlier line with its id"))
        except WrongAnswer as wrong:
            wrongs.append(Wrong(_("Line %(number)s") % {"number": line}, wrong.why))
            continue
        if seen[entry["id"]] is entry:  # the same line twice says nothing new
            entries.append(entry)
            examples += [(row, entry)] if len(examples) < EXAMPLES else []
    return Rows(entries, wrongs, examples)


def unsaid(reading: Reading) -> set[str]:
    """Return what a table that is read so does not say of an entry: that is compared with nothing."""
    return {*UNSAID, *SAID.difference(reading.columns)} | ({"zone"} if "time_zone" not in reading.columns else set())


def entry_of(cells: dict[str, str], reading: Reading, by: User, now: datetime) -> dict[str, Any]:
    zone = answers.zone(cells.get("time_zone", reading.zone))
    observed = answers.instant(now)(moment(cells, reading.dates, zone).isoformat())
    how = READ if reading.scale == SCALES[0] else READ | dict.fromkeys(SCORES, of_a_hundred)
    said = {kind: named(kind, how[kind], cell) for kind, cell in cells.items() if kind in how}
    if "pain" not in said:
        raise WrongAnswer(_("says no pain"))
    if taken := cells.get("withdrawn_at"):
        said["withdrawn_at"] = named("withdrawn_at", answers.instant(now), taken)
    entry = blank("", datetime.fromisoformat(observed), zone) | said
    return entry | {"id": identity(cells.get("id"), entry, by)}


def named(kind: str, read: Callable[[str], Any], cell: str) -> Any:
    try:
        return read(cell)
    except WrongAnswer as wrong:
        raise WrongAnswer(f"{FIELDS[kind]}: {wrong.why} (“{cell[:40]}”)") from None


def identity(told: str | None, entry: dict[str, Any], by: User) -> str:
    """Return the id that a row names, else one that follows from what it says: the same row is the same entry."""
    if told:
        return str(named("id", answers.identity, told))
    said = "|".join(f"{name}={entry[name]}" for name in sorted(entry) if name != "id")
    return str(uuid5(OURS, f"{by.pk}|{said}"))
