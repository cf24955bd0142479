"""Everything that is kept of a patient as people read it: part by part, row by row, line by line, in words."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as say
from django.utils.translation import pgettext

from diary.exports.document import attributes, pages
from diary.models import User
from diary.personal import PARTS, Part

UNSAID = {"id", "offset_minutes", "text_digest", "inputs", "before", "key"}  # for machines: they stand in the JSON


Line = tuple[str, str]
"""What was asked, and what was said."""


def counts(patient: User) -> list[tuple[str, int]]:
    """Return how many rows each part has."""
    return [(part.key, part.rows(patient).count()) for part in PARTS]


def rows(key: str, patient: User, words: Mapping[str, object]) -> Iterator[list[list[Line]]]:
    """Yield the rows of a part, some at a time, each line by line; `words` says how a code is said to people."""
    part, zone = next(part for part in PARTS if part.key == key), ZoneInfo(patient.time_zone)
    for some in pages(part.rows(patient)):
        yield [[*lines_of(part, row, zone, words)] for row in some]


def lines_of(part: Part, row: Any, zone: ZoneInfo, words: Mapping[str, object]) -> Iterator[Line]:
    unsaid = UNSAID | ({"subject", "old", "new"} if part.key == "what_happened" else set())
    for name, attribute in attributes(part.model, part.exported):
        if name not in unsaid and (text := said(row, name, getattr(row, attribute), zone, words)):
            yield capfirst(str(row._meta.get_field(name).verbose_name)), text


def said(row: Any, name: str, value: Any, zone: ZoneInfo, words: Mapping[str, object]) -> str:
    """Return what a field says, nothing where it was not answered."""
    if row._meta.get_field(name).choices and value is not None:
        return str(getattr(row, f"get_{name}_display")())
    return as_text(value, zone, words)


def as_text(value: Any, zone: ZoneInfo, words: Mapping[str, object]) -> str:
    if value is None or value in ("", []):
        return ""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, datetime):
        return date_format(value.astimezone(zone), pgettext("date format", "l j F Y, H:i"))
    if isinstance(value, list):
        return pgettext("between the items of a list", ", ").join(as_text(item, zone, words) for item in value)
    if isinstance(value, dict):
        return "; ".join(
            f"{key}: {as_text(item, zone, words)}" for key, item in value.items() if item not in ("", None)
        )
    if isinstance(value, Model):
        return str(getattr(value, "name", "") or value.pk)
    return str(words.get(value, value)) if isinstance(value, str) else str(value)
