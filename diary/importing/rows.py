"""Row by row: which answers belong in each part of an export, and how each must be."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from diary.clinical.diary import REACTIONS
from diary.exports.document import SAID
from diary.importing import answers
from diary.importing.answers import Read, WrongAnswer
from diary.importing.wrongs import Unreadable, Wrong

Shape = dict[str, Read]
ROWS = 10_000
"""Of one kind, at the most."""
NAMES = {"sessions": _("session"), "entries": _("entry"), "amendments": _("earlier version"), "intake": _("background")}


def shapes(now: datetime) -> dict[str, Shape]:
    """Return how each answer of each part must be."""
    moment, maybe = answers.instant(now), answers.optional
    said, kept = entry_shape(moment), {"version": answers.version, "withdrawn_at": maybe(moment)}
    return {
        "sessions": session_shape(moment) | kept,
        "entries": {"id": answers.identity, "recorded_at": moment} | said | kept,
        "amendments": amendment_shape(moment, said),
        "intake": intake_shape(moment),
    }


def entry_shape(moment: Read) -> Shape:
    """Return what a patient says in an entry, then and after it was put right."""
    maybe = answers.optional
    return {
        "observed_at": moment,
        "zone": answers.zone,
        "offset_minutes": answers.offset,
        "pain": answers.score,
        "soreness": maybe(answers.score),
        **dict.fromkeys(REACTIONS, maybe(answers.grade)),
        "compared": answers.compared,
        "red_flags": answers.signs,
        "regions": answers.regions,
        "good": answers.good,
        "aftercare": answers.aftercare,
        "note": answers.text(4000),
    }


def amendment_shape(moment: Read, said: Shape) -> Shape:
    return {
        "entry": answers.identity,
        "version": answers.version,
        "values": lambda value: read_row(value, said),
        "amended_at": moment,
        "amended_by": answers.whoever,
    }


def session_shape(moment: Read) -> Shape:
    maybe = answers.optional
    return {
        "id": answers.identity,
        "practitioner": answers.whoever,
        "ended_at": moment,
        "zone": answers.zone,
        "pain_before": maybe(answers.score),
        "pain_after": maybe(answers.score),
        "sharp_increase": answers.truth,
        "response": answers.text(500),
        "sites": answers.regions,
        "aftercare": answers.aftercare,
        "note": answers.text(4000),
        "recorded_at": moment,
        "recorded_by": answers.whoever,
    }


def intake_shape(moment: Read) -> Shape:
    maybe, long = answers.optional, answers.text(2000)
    return {
        "usual_pain": maybe(answers.score),
        "usual_soreness": maybe(answers.score),
        **{f"usual_{name}": maybe(answers.grade) for name in REACTIONS},
        "conditions": answers.conditions,
        "blood_thinners": answers.thinners,
        **dict.fromkeys(("medicines", "allergies", "earlier_treatments", "expectation"), long),
        "needle_nervousness": maybe(answers.score),
        "saved_at": maybe(moment),
    }


def checked(parts: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Return the parts with each answer as it must be. Raises Unreadable with all rows that are wrong."""
    shape, found, wrongs = shapes(now), dict[str, Any](), list[Wrong]()
    for key in SAID:
        rows = parts.get(key)
        if key == "intake":
            found[key] = one(key, rows, shape[key], NAMES[key], wrongs) if rows else []
            continue
        if not isinstance(rows, list):
            raise Unreadable(_("A part of this file is missing. Choose the JSON file as it was downloaded."))
        if len(rows) > ROWS:
            raise Unreadable(_("This file holds more than 10,000 rows of a kind, which is too much at once."))
        places = (_("%(what)s %(number)s") % {"what": NAMES[key], "number": number + 1} for number in range(len(rows)))
        found[key] = [one(key, row, shape[key], where, wrongs) for row, where in zip(rows, places, strict=True)]
    wrongs += [] if wrongs else twice(found)
    if wrongs:
        raise Unreadable(_("Something in this diary cannot be read, so nothing of it is taken in."), wrongs)
    return found


def one(key: str, row: Any, shape: Shape, where: Any, wrongs: list[Wrong]) -> Any:
    try:
        return read_row(row, shape)
    except WrongAnswer as wrong:
        wrongs.append(Wrong(where, wrong.why))
    return None


def read_row(row: Any, shape: Shape) -> dict[str, Any]:
    if not isinstance(row, dict) or row.keys() != shape.keys():
        raise WrongAnswer(_("not the answers that belong there"))
    said = {}
    for name, read in shape.items():
        try:
            said[name] = read(row[name])
        except WrongAnswer as wrong:
            raise WrongAnswer(f"{name}: {wrong.why}") from None
    return said


def twice(found: dict[str, Any]) -> list[Wrong]:
    """Return rows that a diary cannot hold together: one id twice, two sessions of one moment, versions of nothing."""
    ids = {row["id"] for row in found["entries"]}
    seen: set[tuple[Any, ...]] = set()
    wrongs = []
    for key in ("sessions", "entries", "amendments"):
        for number, row in enumerate(found[key], 1):
            marks: set[tuple[Any, ...]] = {
                (key, row.get("id"), row.get("entry"), row["version"] if key == "amendments" else 0)
            }
            marks |= {("ended", row["ended_at"])} if key == "sessions" and not row["withdrawn_at"] else set()
            if marks & seen or (key == "amendments" and row["entry"] not in ids):
                where = _("%(what)s %(number)s") % {"what": NAMES[key], "number": number}
                wrongs.append(Wrong(where, _("stands twice, or belongs to nothing in the file")))
            seen |= marks
    return wrongs
