"""Everything that is kept of a patient as one JSON document, which `manage.py assess` reads as it is."""

import hashlib
import json
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Model

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


def document(patient: User, now: datetime) -> dict[str, Any]:
    """Return the whole export: what the rules read, as they read it, and under `settle` every row of every part."""
    parts = {part.key: [row_of(part, row) for row in part.rows(patient)] for part in PARTS}
    whole: dict[str, Any] = {key: rows[0] if key in ONE_OF and rows else rows for key, rows in parts.items()}
    for consent in whole["consents"]:
        consent["text"] = consenting.TEXTS.get((consent["version"], consent["language"]), "")
    settle = {"form": FORM, "exported_at": plain(now), "digest": digest(whole), **whole}
    return compose(diary_of(patient), instant(now)) | {"settle": settle}


def row_of(part: Part, row: Any) -> dict[str, Any]:
    if part.key == "what_happened":
        return happened(row)
    return {name: plain(value_of(row, name)) for name in part.exported}


def value_of(row: Any, name: str) -> Any:
    """Return what stands in a field: of a person or a practice the row, of anything else that is pointed to its id."""
    column = row._meta.get_field(name)
    return getattr(row, name if points_to_a_name(column) else column.attname)


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
    parts = {part.key: [row_of(part, row) for row in part.rows(patient)] for part in PARTS if part.key in SAID}
    return {key: rows[0] if key in ONE_OF and rows else rows for key, rows in parts.items()}


def digest(parts: dict[str, Any]) -> str:
    """Return the digest of a diary's content: two diaries that say the same have the same, whoever wrote it down."""
    said: dict[str, Any] = {key: parts.get(key) for key in SAID}
    for key in ("sessions", "entries", "amendments"):
        said[key] = [{name: row[name] for name in row if name not in WHO} for row in said[key] or []]
    said["amendments"] = sorted(said["amendments"], key=lambda row: (row["entry"], row["version"]))
    for key in ("sessions", "entries"):
        said[key] = sorted(said[key], key=lambda row: row["id"])
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def as_json(patient: User, now: datetime) -> str:
    return json.dumps(document(patient, now), ensure_ascii=False, indent=1)
