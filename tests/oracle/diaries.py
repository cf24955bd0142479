"""Diaries by chance, for two programs to disagree on: whole courses, and instants at the edges of every window."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any

from .reading import COMPARED, CONDITIONS, GRADES, REACTIONS, RED_FLAGS
from .terms import DAY, HOUR, MINUTE

BEGINS = datetime(2026, 3, 20, tzinfo=UTC)  # nine days before the clocks of Europe change
EDGES = [0, 15 * MINUTE, 4 * HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR, 72 * HOUR, 96 * HOUR, 8 * DAY, 14 * DAY]
BACK = [-48 * HOUR, -24 * HOUR, -15 * MINUTE, -8 * DAY]
BESIDE = [0, 0, 1, -1, MINUTE, -MINUTE]  # seconds from an edge
BETWEEN = [DAY // 2, DAY, 2 * DAY, 3 * DAY, 4 * DAY, 7 * DAY, 7 * DAY, 10 * DAY, 14 * DAY, 20 * DAY]
RHYTHMS = [4 * HOUR, 6 * HOUR, 8 * HOUR, 12 * HOUR, 12 * HOUR, DAY, DAY]
ZONES = [0, 0, 60, 330, 345, -570, 840]  # minutes from UTC


@dataclass
class Person:
    """How somebody tends to answer. Courses and not dice: runs and climbs hardly come of dice."""

    pain: int  # where it lives
    course: list[int]  # added from one session to the next, in turn
    grades: list[int]  # of reactions, in turn: sticky, as spells are
    sore: list[int]
    words: list[str | None]
    skips: float  # of answers


def diary(chance: Random) -> tuple[dict[str, Any], str]:
    """Return a document of section 6 and the instant at which to assess it."""
    who = person(chance)
    ends = session_instants(chance)
    times = sorted(entry_instants(chance, ends))
    document = {
        "format": "symptom-diary/1",
        "time_zone": chance.choice(["Europe/Lisbon", "Asia/Kathmandu", None]),
        "intake": chance.choice([None, intake(chance, who), intake(chance, who)]),
        "sessions": [session(chance, who, number, at) for number, at in enumerate(ends)],
        "entries": entries(chance, who, ends, times),
    }
    chance.shuffle(document["sessions"])
    chance.shuffle(document["entries"])
    return document, written(chance, now(chance, ends, times))


def person(chance: Random) -> Person:
    return Person(
        pain=chance.choice([0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10]),
        course=chance.choice([[0], [0, 0, 3], [2, 3, 4], [0, 4, 4, 4, 0, 0], [1, 5, 1], [3, 2, 3, 2, 0, 0], [-3]]),
        grades=chance.choice([[0, 1], [1, 1, 1, 2, 1], [2, 1, 0, 0, 0], [1, 3, 2, 0], [0, 2, 3, 3], [0]]),
        sore=chance.choice([[0], [4, 3, 2, 1, 0, 0], [2, 2, 1], [1, 0, 1], [5, 7, 8, 4], [6, 2, 2, 1, 0], [3]]),
        words=chance.choice([[None], [None, "worse"], ["worse"], ["same", None], list(COMPARED), ["better", "worse"]]),
        skips=chance.choice([0.1, 0.4, 0.8]),
    )


def session_instants(chance: Random) -> list[int]:
    """Return seconds from the beginning. Two sessions never end at one instant (section 1)."""
    at, ends = 9 * DAY, []
    for _ in range(chance.choice([0, 1, 1, 2, 2, 3, 4, 5, 6, 7])):
        ends.append(at)
        at += chance.choice(BETWEEN) + chance.choice(BESIDE)
    return ends


def entry_instants(chance: Random, ends: list[int]) -> set[int]:
    """Return instants at a rhythm, at the edges of a session's windows, and at the edges from another entry."""
    times = {chance.randrange(0, 60 * DAY) for _ in range(chance.choice([0, 0, 1, 3]))}
    for end in ends or [9 * DAY]:
        if chance.random() < 0.7:
            rhythm, first = chance.choice(RHYTHMS), end + chance.choice([0, HOUR, 20 * HOUR, 49 * HOUR, -4 * DAY])
            times |= {first + rhythm * n for n in range(chance.randrange(1, 12))}
        times |= {end + chance.choice(EDGES + BACK) + chance.choice(BESIDE) for _ in range(chance.randrange(4))}
    for near in chance.sample(sorted(times), min(len(times), chance.choice([0, 1, 2, 4]))):
        times.add(near + chance.choice(EDGES[:6]) + chance.choice(BESIDE))
    return {at for at in times if at >= 0}


def now(chance: Random, ends: list[int], times: list[int]) -> int:
    """Return the last instant there is or one after it; often where the silence after the last session is told."""
    last = max([*ends, *times, 0])
    if ends and ends[-1] + 96 * HOUR > last and chance.random() < 0.7:
        return max(last, ends[-1] + 96 * HOUR + chance.choice(BESIDE))
    return last + chance.choice([0, 0, 1, HOUR, 5 * DAY])


def intake(chance: Random, who: Person) -> dict[str, Any]:
    return {
        "usual_pain": maybe(chance, 0.6, who.pain),
        "usual_soreness": maybe(chance, 0.3, chance.choice([0, 0, 1, 2])),
        "usual_reactions": {each: "mild" for each in chance.sample(REACTIONS, chance.choice([0, 0, 1, 2]))},
        "conditions": chance.sample(CONDITIONS, chance.choice([0, 1, 3])),
    }


def session(chance: Random, who: Person, number: int, at: int) -> dict[str, Any]:
    pain = bounded(who.pain + who.course[number % len(who.course)])
    return {
        "id": f"s{chance.randrange(10)}-{number}",  # so that ids are in another order than sessions
        "ended_at": written(chance, at),
        "pain_before": maybe(chance, 0.5, bounded(pain + chance.choice([0, 0, -1, 1]))),
        "pain_after": maybe(chance, 0.4, bounded(pain + chance.choice([0, 0, 1, 2, 3, -2]))),
        "sharp_increase": chance.choice([None, False, False, False, chance.random() < 0.3]),
    }


def entries(chance: Random, who: Person, ends: list[int], times: list[int]) -> list[dict[str, Any]]:
    """Return them in their order: what is answered goes on from one to the next."""
    shape = chance.choice([[0], [0, 1, 1, 2, 3], [0, 2, 3, 3, 3, 3, 0, 0], [3, 3, 0, 0], [0, 1, 2, 3, 4, 5, 6, 0, 0]])
    start = chance.randrange(5)
    return [entry(chance, who, ends, at, place + start, shape) for place, at in enumerate(times)]


def entry(chance: Random, who: Person, ends: list[int], at: int, place: int, shape: list[int]) -> dict[str, Any]:
    since = sum(end <= at for end in ends)
    added = who.course[(since - 1) % len(who.course)] + shape[place % len(shape)] if since else 0
    noise = chance.choice([0, 0, 0, 0, 1, -1, 2])
    return {
        "id": f"e{chance.randrange(100)}-{place}",
        "observed_at": written(chance, at),
        "pain": bounded(who.pain + added + noise),
        "soreness": maybe(chance, 1 - who.skips, bounded(turn(who.sore, place) + chance.choice([0, 0, 0, 1]))),
        "reactions": reactions(chance, who, place),
        "compared": turn(who.words, place) if chance.random() < 0.8 else chance.choice([None, *COMPARED]),
        "red_flags": chance.sample(RED_FLAGS, chance.choice([0] * 30 + [1, 2])),
        **recorded(chance, at),
    }


def recorded(chance: Random, at: int) -> dict[str, Any]:
    """Return an entry's `recorded_at`: left out, or soon, or days later."""
    late = chance.choice([None, None, 0, 5, MINUTE, 3 * DAY])
    return {} if late is None else {"recorded_at": written(chance, at + late)}


def reactions(chance: Random, who: Person, place: int) -> dict[str, str]:
    answered = [each for each in REACTIONS if chance.random() > who.skips]
    return {each: GRADES[turn(who.grades, place + REACTIONS.index(each))] for each in answered}


def turn(values: list, place: int) -> Any:
    """Return a value for this place; each stands for three in a row."""
    return values[place // 3 % len(values)]


def bounded(score: int) -> int:
    return max(0, min(10, score))


def maybe(chance: Random, likely: float, value: Any) -> Any:
    return value if chance.random() < likely else None


def written(chance: Random, at: int) -> str:
    """Return the instant in some zone's hours; now and then with part of a second, which is cut."""
    zone = timezone(timedelta(minutes=chance.choice(ZONES)))
    part = timedelta(milliseconds=chance.choice([0] * 9 + [999]))
    return (BEGINS + timedelta(seconds=at) + part).astimezone(zone).isoformat()
