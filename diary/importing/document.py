"""Reading the JSON export back: the form, its version, each row, and that nothing was changed since."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from diary.clinical import document as rules
from diary.clinical.diary import REACTIONS
from diary.exports.document import FORM, SAID, digest
from diary.exports.fhir.reading import InvalidBundle, document_of
from diary.importing import answers
from diary.importing.answers import Read, WrongAnswer
from diary.importing.wrongs import Unreadable, Wrong

BYTES = 20_000_000
ROWS = 10_000

NAMES = {"sessions": _("session"), "entries": _("entry"), "amendments": _("earlier version"), "intake": _("background")}


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds: the parts that can be taken in, their digest, how many rows of other parts stay out."""

    parts: dict[str, Any]
    digest: str
    others: dict[str, int] = field(default_factory=dict)


def shapes(now: datetime) -> dict[str, dict[str, Read]]:
    """Return how each answer of each part must be."""
    moment, maybe = answers.instant(now), answers.optional
    grades = dict.fromkeys(REACTIONS, maybe(answers.grade))
    said = {
        "observed_at": moment,
        "zone": answers.zone,
        "offset_minutes": answers.offset,
        "pain": answers.score,
        "soreness": maybe(answers.score),
        **grades,
        "compared": answers.compared,
        "red_flags": answers.signs,
        "regions": answers.regions,
        "good": answers.good,
        "aftercare": answers.aftercare,
        "note": answers.text(4000),
    }
    kept = {"version": answers.version, "withdrawn_at": maybe(moment)}
    session = {
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
    return {
        "sessions": session | kept,
        "entries": {"id": answers.identity, "recorded_at": moment} | said | kept,
        "amendments": {
            "entry": answers.identity,
            "version": answers.version,
            "values": lambda value: read_row(value, said),
            "amended_at": moment,
            "amended_by": answers.whoever,
        },
        "intake": intake_shape(moment),
    }


def intake_shape(moment: Read) -> dict[str, Read]:
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
    others = {key: len(rows) for key, rows in settle.items() if isinstance(rows, list) and rows and key not in SAID}
    return Found(parts, digest(parts), others)


def of_rules(whole: dict[str, Any], now: datetime) -> Found:
    """Read a diary that another program wrote: what the rules read of it, and no more."""
    try:
        diary, _now = rules.read(whole, int(now.timestamp()))
    except rules.InvalidDiary as wrong:
        where = Wrong(wrong.field, wrong.problem)
        raise Unreadable(_("Something in this diary cannot be read, so nothing of it is taken in."), [where]) from None
    intake = diary.intake
    parts = {
        "intake": None,
        "sessions": [session_of(one, diary.time_zone) for one in diary.sessions],
        "entries": [entry_of(one, diary.time_zone) for one in diary.entries],
        "amendments": [],
    }
    found = checked(parts, now)
    others = {"intake": 1} if intake.conditions or intake.usual_pain is not None else {}
    return Found(found, digest(found), others)


def session_of(session: Any, zone: str) -> dict[str, Any]:
    ended = datetime.fromtimestamp(session.ended_at, UTC).isoformat()
    return {
        "id": own_id(session.id),
        "practitioner": None,
        "ended_at": ended,
        "zone": zone,
        "pain_before": session.pain_before,
        "pain_after": session.pain_after,
        "sharp_increase": session.sharp_increase,
        "response": "",
        "sites": [],
        "aftercare": [],
        "note": "",
        "recorded_at": ended,
        "recorded_by": None,
        "version": 1,
        "withdrawn_at": None,
    }


def entry_of(entry: Any, zone: str) -> dict[str, Any]:
    observed = datetime.fromtimestamp(entry.observed_at, UTC)
    grades = {name: entry.reactions.get(name) for name in REACTIONS}
    return blank(own_id(entry.id), observed, zone) | grades | {
        "recorded_at": datetime.fromtimestamp(entry.recorded_at, UTC).isoformat(),
        "pain": entry.pain,
        "soreness": entry.soreness,
        "compared": entry.compared or "",
        "red_flags": [*entry.red_flags],
    }  # fmt: skip


def blank(id: str, observed: datetime, zone: str) -> dict[str, Any]:
    """Return an entry of a moment that says nothing but that."""
    local = observed.astimezone(ZoneInfo(zone))
    said: dict[str, Any] = {"id": id, "observed_at": observed.isoformat(), "recorded_at": observed.isoformat()}
    said |= {"zone": zone, "offset_minutes": int((local.utcoffset() or observed - observed).total_seconds() // 60)}
    said |= dict.fromkeys(("pain", "soreness", *REACTIONS, "withdrawn_at"))
    said |= {key: [] for key in ("red_flags", "regions", "good", "aftercare")}
    return said | {"compared": "", "note": "", "version": 1}


def own_id(name: str) -> str:
    """Return an id of this product's for one of another program's: the same for the same."""
    try:
        return str(UUID(name))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, name))


# Row by row


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


def one(key: str, row: Any, shape: dict[str, Read], where: Any, wrongs: list[Wrong]) -> Any:
    try:
        return read_row(row, shape)
    except WrongAnswer as wrong:
        wrongs.append(Wrong(where, wrong.why))
    return None


def read_row(row: Any, shape: dict[str, Read]) -> dict[str, Any]:
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
