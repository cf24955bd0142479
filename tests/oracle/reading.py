"""A diary in the form `symptom-diary/1`, read or refused (sections 1 and 6). Instants: seconds of UTC from 1970."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FORMAT = "symptom-diary/1"
# The text shows instants and does not say which spellings there are: those of RFC 3339, as the product reads it.
DATE, TIME, OFFSET = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d(:\d\d([.,]\d+)?)?", r"Z|[+-]\d\d:\d\d"
AS_WRITTEN = re.compile(f"{DATE}[T ]{TIME}({OFFSET})", re.ASCII)
GRADES = ("none", "mild", "moderate", "severe")  # a grade is its place in this row, 0 to 3
REACTIONS = ("stiffness", "fatigue", "dizziness", "low_mood", "bruising")
COMPARED = ("better", "same", "worse")
RED_FLAGS = ("breathing", "saddle", "legs", "collapse", "head", "fever", "infection", "bleeding")
CONDITIONS = (
    "herniated_disc",
    "nerve_compression",
    "spinal_surgery",
    "bleeding_disorder",
    "blood_thinners",
    "skin_condition",
    "lowered_immunity",
    "lung_disease",
    "pregnancy",
    "allergy",
)


class Refused(ValueError):
    """The diary is wrong at this field, named by its path (section 6)."""


@dataclass(frozen=True)
class Session:
    id: str
    at: int  # T0
    pain_before: int | None
    pain_after: int | None
    sharp_increase: bool


@dataclass(frozen=True)
class Entry:
    id: str
    at: int  # observed_at
    recorded_at: int
    pain: int
    answers: dict[str, int]  # soreness 0 to 10 and the reactions' grades 0 to 3; what is not answered is absent
    compared: str | None
    red_flags: frozenset[str]


@dataclass(frozen=True)
class Written:
    """What the document says, before anything is made of it."""

    now: int
    sessions: list[Session]
    entries: list[Entry]
    usual_pain: int | None = None
    usual: dict[str, int] = field(default_factory=dict)  # the intake's answers, as an entry's
    conditions: frozenset[str] = frozenset()


def read(document: Any, now: str | None) -> Written:
    """Section 6. `now` is the instant of assessment; else the diary's own; else the clock. Raises `Refused`."""
    demand(isinstance(document, dict), "diary")
    demand(document.get("format") == FORMAT, "format")
    zone(document.get("time_zone"))
    at = moment_of_assessment(document, now)
    intake = mapping(document.get("intake"), "intake")
    return Written(
        now=at,
        sessions=sessions(document, at),
        entries=entries(document, at),
        usual_pain=score(intake.get("usual_pain"), "intake.usual_pain"),
        usual=answers(intake, "usual_soreness", "usual_reactions", "intake"),
        conditions=codes(intake.get("conditions"), CONDITIONS, "intake.conditions"),
    )


def moment_of_assessment(document: dict, now: str | None) -> int:
    """Section 6. The diary's own is read even where another wins: an instant is never let pass (section 1)."""
    own = document.get("now")
    at = instant(datetime.now(UTC).isoformat() if own is None else own, "now")
    return at if now is None else instant(now, "now")


def sessions(document: dict, now: int) -> list[Session]:
    """Return the sessions by instant. Section 1: no two with one id, none later than now, no two at one instant."""
    items = objects(document, "sessions")
    read_ = [session(item, f"sessions[{place}]", now) for place, item in enumerate(items)]
    distinct([each.id for each in read_], "sessions", "id")
    distinct([each.at for each in read_], "sessions", "ended_at")
    return sorted(read_, key=lambda each: each.at)


def session(item: dict, path: str, now: int) -> Session:
    sharp = item.get("sharp_increase")
    demand(sharp is None or isinstance(sharp, bool), f"{path}.sharp_increase")
    return Session(
        id=name(item.get("id"), f"{path}.id"),
        at=past(item.get("ended_at"), f"{path}.ended_at", now),
        pain_before=score(item.get("pain_before"), f"{path}.pain_before"),
        pain_after=score(item.get("pain_after"), f"{path}.pain_after"),
        sharp_increase=sharp is True,
    )


def entries(document: dict, now: int) -> list[Entry]:
    """Return the entries in the order of section 1: `observed_at`, then `recorded_at`, then `id`."""
    items = objects(document, "entries")
    read_ = [entry(item, f"entries[{place}]", now) for place, item in enumerate(items)]
    distinct([each.id for each in read_], "entries", "id")
    return sorted(read_, key=lambda each: (each.at, each.recorded_at, each.id))


def entry(item: dict, path: str, now: int) -> Entry:
    own, at = name(item.get("id"), f"{path}.id"), past(item.get("observed_at"), f"{path}.observed_at", now)
    recorded, compared = item.get("recorded_at"), item.get("compared")
    demand(item.get("pain") is not None, f"{path}.pain")
    demand(compared is None or compared in COMPARED, f"{path}.compared")
    return Entry(
        id=own,
        at=at,
        recorded_at=at if recorded is None else instant(recorded, f"{path}.recorded_at"),
        pain=score(item["pain"], f"{path}.pain"),
        answers=answers(item, "soreness", "reactions", path),
        compared=compared,
        red_flags=codes(item.get("red_flags"), RED_FLAGS, f"{path}.red_flags"),
    )


def answers(item: dict, soreness: str, reactions: str, path: str) -> dict[str, int]:
    """Return what was answered about the body. Section 1: null and absent are "not answered", never 0."""
    grades = mapping(item.get(reactions), f"{path}.{reactions}")
    for code in grades:
        demand(code in REACTIONS, f"{path}.{reactions}.{code}")
    given = {symptom: grade(grades.get(symptom), f"{path}.{reactions}.{symptom}") for symptom in REACTIONS}
    given["soreness"] = score(item.get(soreness), f"{path}.{soreness}")
    return {symptom: value for symptom, value in given.items() if value is not None}


# Single values. Each returns what it read or raises `Refused` with the path.


def demand(holds: bool, path: str) -> None:
    if not holds:
        raise Refused(path)


def instant(text: Any, path: str) -> int:
    """Return whole seconds from 1970, cut to the second; an instant says its UTC offset."""
    demand(isinstance(text, str) and AS_WRITTEN.fullmatch(text) is not None, path)
    try:
        moment = datetime.fromisoformat(text).replace(microsecond=0)
        return (moment.astimezone(UTC) - EPOCH) // timedelta(seconds=1)
    except (ValueError, OverflowError):
        raise Refused(path) from None


def past(text: Any, path: str, now: int) -> int:
    at = instant(text, path)
    demand(at <= now, path)
    return at


def score(value: Any, path: str) -> int | None:
    """Return 0 to 10 or null; 5.0, "5" and true are none (section 1)."""
    demand(value is None or (type(value) is int and 0 <= value <= 10), path)
    return value


def grade(value: Any, path: str) -> int | None:
    demand(value is None or value in GRADES, path)
    return None if value is None else GRADES.index(value)


def codes(values: Any, known: tuple[str, ...], path: str) -> frozenset[str]:
    demand(values is None or isinstance(values, list), path)
    for place, value in enumerate(values or []):
        demand(value in known, f"{path}[{place}]")
    return frozenset(values or [])


def name(value: Any, path: str) -> str:
    demand(isinstance(value, str) and value != "", path)
    return value


def mapping(value: Any, path: str) -> dict:
    demand(value is None or isinstance(value, dict), path)
    return value or {}


def objects(document: dict, key: str) -> list[dict]:
    items = document.get(key)
    demand(items is None or isinstance(items, list), key)
    for place, item in enumerate(items or []):
        demand(isinstance(item, dict), f"{key}[{place}]")
    return items or []


def distinct(values: list, key: str, attribute: str) -> None:
    for place, value in enumerate(values):
        demand(value not in values[:place], f"{key}[{place}].{attribute}")


def zone(value: Any) -> None:
    demand(value is None or isinstance(value, str), "time_zone")
    try:
        if value is not None:
            ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused("time_zone") from None
