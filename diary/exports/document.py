"""Everything that is kept of a patient as one JSON document, which `manage.py assess` reads as it is."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, QuerySet

from diary import consenting
from diary.clinical.document import compose
from diary.models import User, diary_of, instant
from diary.personal import PARTS, Part, points_to_a_name

FORM = "settle-export/1"
SAID = ("intake", "sessions", "entries", "amendments")
"""The parts that are the diary itself: what an import writes, and what its digest is of."""
WHO = {"practitioner", "recorded_by", "amended_by"}
"""Names of people with accounts here: another system has others, so the digest is not of them."""
ONE_OF = {"account", "intake", "reminders"}
IN_ORDER = {"sessions": ("pk",), "entries": ("pk",), "amendments": ("entry_id", "version")}
"""The order in which the digest reads what may be many."""
AT_A_TIME = 500
ROW = 2
"""From this depth on a member is written at once: above it stand the document and `settle`, whose parts may be long."""

Row = dict[str, Any]


class ChangedMeanwhile(Exception):
    """The diary changed while it was written into a file: the file is not whole, and says so by its end."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a part as an export has them, read anew, a few hundred at a time, whenever they are gone through.

    So the file of a long diary takes no more room than that of a short one, and whoever downloads slowly holds no lock
    of the database meanwhile.
    """

    part: Part
    patient: User
    order: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Row]:
        found = self.part.rows(self.patient)
        for some in pages(found.order_by(*self.order) if self.order else found):
            yield from (row_of(self.part, row) for row in some)

    def in_order(self) -> "Rows":
        """Return them in the order in which the digest reads them."""
        return Rows(self.part, self.patient, IN_ORDER[self.part.key])


def pages(found: QuerySet[Any]) -> Iterator[list[Any]]:
    """Yield rows some at a time, as they stood in line when the first was asked for."""
    keys = [*found.values_list("pk", flat=True)]
    for start in range(0, len(keys), AT_A_TIME):
        some = found.in_bulk(keys[start : start + AT_A_TIME])
        yield [some[key] for key in keys[start : start + AT_A_TIME] if key in some]


def document(patient: User, now: datetime) -> dict[str, Any]:
    """Return the whole export: what the rules read, as they read it, and under `settle` every row of every part."""
    whole = streamed(patient, now)
    settle = {key: [*rows] if isinstance(rows, Rows) else rows for key, rows in whole["settle"].items()}
    return whole | {"settle": settle}


def streamed(patient: User, now: datetime) -> dict[str, Any]:
    """Return the export with its long parts as `Rows`: to be gone through, not to be kept."""
    whole = parts_of(patient, PARTS)
    settle = {"form": FORM, "exported_at": plain(now), "digest": digest(whole), **whole}
    return compose(diary_of(patient), instant(now)) | {"settle": settle}


def parts_of(patient: User, parts: Iterable[Part]) -> dict[str, Any]:
    found = {part.key: Rows(part, patient) for part in parts}
    return {key: next(iter(rows), []) if key in ONE_OF else rows for key, rows in found.items()}


def row_of(part: Part, row: Any) -> Row:
    if part.key == "what_happened":
        return happened(row)
    said = {name: plain(getattr(row, attribute)) for name, attribute in attributes(part.model, part.exported)}
    if part.key == "consents":
        said["text"] = consenting.TEXTS.get((said["version"], said["language"]), "")
    return said


@cache  # asked for each row of each export
def attributes(model: str, names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return fields, each with where its value is: of a person or a practice the row, of any other row its id."""
    columns = [apps.get_model(model)._meta.get_field(name) for name in names]
    return [(column.name, column.name if points_to_a_name(column) else column.attname) for column in columns]


def happened(event: Any) -> dict[str, Any]:
    """Return one event; who a flag was passed on to is not named: it would tell who answers to a typed address."""
    names = ("actor_name", "verb", "subject", "old", "new")
    said = {"at": plain(event.at)} | {name: getattr(event, name) for name in names}
    return said | ({"new": ""} if event.verb == "flag-passed-on" else {})


def plain(value: Any) -> Any:
    """Return a value as JSON has it: instants to the microsecond, a person or a practice by name, a row by its id."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Model):
        return getattr(value, "name", "") or str(value.pk)
    return value


def said_by(patient: User) -> dict[str, Any]:
    """Return the parts that are the diary itself."""
    return parts_of(patient, (part for part in PARTS if part.key in SAID))


def digest(parts: Mapping[str, Any]) -> str:
    """Return the digest of a diary's content: two diaries that say the same have the same, whoever wrote it down.

    It is that of the parts as one JSON text, gone through row by row.
    """
    summed = hashlib.sha256()
    for number, key in enumerate(sorted(SAID)):
        summed.update(f'{", " if number else "{"}"{key}": '.encode())
        for piece in digested(key, parts.get(key)):
            summed.update(piece.encode())
    summed.update(b"}")
    return summed.hexdigest()


def digested(key: str, rows: Any) -> Iterator[str]:
    if key not in IN_ORDER:
        yield json.dumps(rows, sort_keys=True)
        return
    yield "["
    for number, row in enumerate(in_order(key, rows or [])):
        said = {name: row[name] for name in row if name not in WHO}
        yield (", " if number else "") + json.dumps(said, sort_keys=True)
    yield "]"


def in_order(key: str, rows: Any) -> Iterable[Row]:
    if isinstance(rows, Rows):
        return rows.in_order()
    return sorted(rows, key=lambda row: (row["entry"], row["version"]) if key == "amendments" else row["id"])


# As text


def as_json(patient: User, now: datetime) -> Iterator[str]:
    """Yield the export as JSON, row by row. Raises ChangedMeanwhile before its end: the file is then none."""
    whole = streamed(patient, now)
    pieces = written(whole)
    last = next(pieces)
    for piece in pieces:
        yield last
        last = piece
    check(patient, whole)
    yield last


def check(patient: User, whole: Row) -> None:
    """Raise ChangedMeanwhile where a diary says something else than when an export of it was begun."""
    if digest(said_by(patient)) != whole["settle"]["digest"]:
        raise ChangedMeanwhile


def written(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield a value as `json.dumps(value, ensure_ascii=False, indent=1)` writes it, and `Rows` as a list."""
    if isinstance(value, dict) and depth < ROW:
        yield from enclosed("{}", ((f"{json.dumps(key)}: ", said) for key, said in value.items()), depth)
    elif isinstance(value, Rows | list):
        yield from enclosed("[]", (("", row) for row in value), depth)
    else:
        yield json.dumps(value, ensure_ascii=False, indent=1).replace("\n", "\n" + " " * depth)


def enclosed(brackets: str, members: Iterable[tuple[str, Any]], depth: int) -> Iterator[str]:
    before = brackets[0] + "\n"
    for name, value in members:
        yield before + " " * (depth + 1) + name
        yield from written(value, depth + 1)
        before = ",\n"
    yield brackets if before[0] == brackets[0] else "\n" + " " * depth + brackets[1]
