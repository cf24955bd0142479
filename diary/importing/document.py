"""Reading the JSON export back: the form, its version, and that nothing was changed since."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from diary.clinical import document as rules
from diary.clinical.diary import Intake
from diary.exports.document import FORM, SAID, digest
from diary.exports.fhir.reading import InvalidBundle, document_of
from diary.importing.foreign import entry_of, session_of
from diary.importing.rows import checked
from diary.importing.wrongs import Unreadable, Wrong
from diary.personal import PARTS

BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds: the parts that can be taken in, their digest, how many rows of other parts stay out."""

    parts: dict[str, Any]
    digest: str
    others: dict[str, int] = field(default_factory=dict)


def read(content: bytes, now: datetime) -> Found:
    """Read a file. Raises Unreadable with the first reason for which nothing of it can be taken in."""
    if len(content) > BYTES:
        raise Unreadable(
            _(
                "This file is larger than 20 MB. An export for record systems (FHIR) is that large from about 4,000 "
                "entries on: bring the one as JSON, which holds the same and is a fifth of the size."
            )
        )
    whole = unbundled(parsed(content))
    if not isinstance(whole, dict) or not str(whole.get("format", "")).startswith("symptom-diary/"):
        raise Unreadable(_("This is not a diary: it does not say that its form is symptom-diary/1."))
    if whole["format"] != rules.FORMAT:
        raise Unreadable(_("This diary is of another version than the one that can be read, symptom-diary/1."))
    settle = whole.get("settle")
    return of_rules(whole, now) if settle is None else of_settle(settle, now)


def parsed(content: bytes) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Unreadable(_("This file cannot be read as text. Choose the JSON file as it was downloaded.")) from None
    except (ValueError, RecursionError):
        why = _("This is not JSON, or the file is cut off. Choose the JSON file as it was downloaded.")
        raise Unreadable(why) from None


def unbundled(whole: Any) -> Any:
    """Return the document that a FHIR bundle of ours was made of; anything else as it is."""
    if not isinstance(whole, dict) or whole.get("resourceType") != "Bundle":
        return whole
    try:
        return document_of(whole)
    except InvalidBundle:
        raise Unreadable(_("This FHIR bundle is none that Settle wrote, or it was changed.")) from None


def of_settle(settle: Any, now: datetime) -> Found:
    if not isinstance(settle, dict) or settle.get("form") != FORM:
        raise Unreadable(_("What Settle added to this diary is of another version than the one that can be read."))
    parts = checked({key: settle.get(key) for key in SAID}, now)
    if digest(settle) != settle.get("digest"):
        raise Unreadable(
            _("The digest in this file is not that of what it holds: it was changed or damaged. Download it again.")
        )
    known = {part.key for part in PARTS} - {*SAID}
    others = {key: len(rows) for key, rows in settle.items() if key in known and isinstance(rows, list) and rows}
    return Found(parts, digest(parts), others)


def of_rules(whole: dict[str, Any], now: datetime) -> Found:
    """Read a diary that another program wrote: what the rules read of it, and no more."""
    try:
        diary, _now = rules.read(whole, int(now.timestamp()))
    except rules.InvalidDiary as wrong:
        where = Wrong(wrong.field, wrong.problem)
        raise Unreadable(_("Something in this diary cannot be read, so nothing of it is taken in."), [where]) from None
    parts = {
        "intake": None,
        "sessions": [session_of(one, diary.time_zone) for one in diary.sessions],
        "entries": [entry_of(one, diary.time_zone) for one in diary.entries],
        "amendments": [],
    }
    found = checked(parts, now)
    return Found(found, digest(found), {} if diary.intake == Intake() else {"intake": 1})
