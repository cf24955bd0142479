"""Diaries by chance, for two programs to disagree on: courses of people, dice on a grid, treatments.

Everything comes of the `Random` given: a number is enough to have a diary again.
"""

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


Made = tuple[dict[str, Any], str]  # a document, and the instant at which to assess it


@dataclass
class Person:
    """How somebody tends to answer. Courses and not dice: runs and climbs hardly come of dice."""

    pain: int  # where it lives
    course: list[int]  # added from one session to the next, in turn
    grades: list[int]  # of reactions, in turn: sticky, as spells are
    sore: list[int]
    words: list[str | None]
    skips: float  # of answers
    strays: list[int]  # of pain, by chance


def diary(chance: Random) -> Made:
    """Return a document of section 6 and the instant at which to assess it."""
    return chance.choice([course, course, dice, treatment])(chance)


def course(chance: Random) -> Made:
    """Return what somebody might live through, with instants at the edges of every window."""
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
    return shuffled(chance, document), written(chance, now(chance, ends, times))


def shuffled(chance: Random, document: dict[str, Any]) -> dict[str, Any]:
    chance.shuffle(document["sessions"])
    chance.shuffle(document["entries"])
    return document


# How people tend to answer, for `Person`. What is added from one session to the next:
COURSES = [
    [0],
    [0, 2, 2],
    [0, 0, 3],
    [2, 3, 4],
    [0, 4, 4, 4, 0, 0],
    [0, 2, 3, 2, 0, 0, 0],
    [1, 5, 1],
    [3, 2, 3, 2, 0],
    [-3],
]
# and from one entry to the next:
SHAPES = [[0], [0], [0, 1, 1, 2, 3], [0, 2, 3, 3, 3, 3, 0, 0], [3, 3, 0, 0], [0, 1, 2, 3, 4, 5, 6, 0, 0]]
GRADED = [[0, 1], [1, 1, 1, 2, 1], [2, 1, 0, 0, 0], [1, 3, 2, 0], [0, 2, 3, 3], [0]]
SORE = [[0], [4, 3, 2, 1, 0, 0], [5, 4, 4, 3, 3, 2], [2, 2, 1], [1, 0, 1], [5, 7, 8, 4], [6, 2, 2, 1, 0], [3]]
WORDS = [[None], [None, "worse"], ["worse"], ["same", None], list(COMPARED), ["better", "worse"]]


def person(chance: Random) -> Person:
    return Person(
        pain=chance.choice([0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10]),
        course=chance.choice(COURSES),
        grades=chance.choice(GRADED),
        sore=chance.choice(SORE),
        words=chance.choice(WORDS),
        skips=chance.choice([0.1, 0.4, 0.8]),
        strays=chance.choice([[0], [0, 0, 0, 1, -1, 2]]),
    )


def session_instants(chance: Random) -> list[int]:
    """Return seconds from the beginning. Two sessions never end at one instant (section 1)."""
    at, ends = 9 * DAY, []
    between = chance.choice([BETWEEN, [4 * DAY, 7 * DAY]])
    for _ in range(chance.choice([0, 1, 1, 2, 2, 3, 4, 5, 6, 7])):
        ends.append(at)
        at += chance.choice(between) + chance.choice(BESIDE)
    return ends


def entry_instants(chance: Random, ends: list[int]) -> list[int]:
    """Return instants at a rhythm, at the edges of a session's windows, and at the edges from another entry."""
    times = [chance.randrange(0, 60 * DAY) for _ in range(chance.choice([0, 0, 1, 3]))]
    for end in ends or [9 * DAY]:
        if chance.random() < 0.7:
            rhythm, first = chance.choice(RHYTHMS), end + chance.choice([0, HOUR, 20 * HOUR, 49 * HOUR, -4 * DAY])
            times += [first + rhythm * n for n in range(chance.randrange(1, 12))]
        times += [end + chance.choice(EDGES + BACK) + chance.choice(BESIDE) for _ in range(chance.randrange(4))]
    for near in chance.sample(times, min(len(times), chance.choice([0, 1, 2, 4]))):
        times.append(near + chance.choice(EDGES[:6]) + chance.choice(BESIDE))
    return [at for at in times if at >= 0]


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
        "usual_reactions": dict.fromkeys(chance.sample(REACTIONS, chance.choice([0, 0, 1, 2])), "mild"),
        "conditions": chance.sample(CONDITIONS, chance.choice([0, 1, 3])),
    }


def session(chance: Random, who: Person, number: int, at: int) -> dict[str, Any]:
    pain = bounded(who.pain + who.course[number % len(who.course)])
    return {
        "id": f"s{chance.randrange(10)}-{number}",  # so that ids are in another order than sessions
        "ended_at": written(chance, at),
        "pain_before": maybe(chance, 0.5, bounded(pain + chance.choice([0, 0, -1, 1]))),
        "pain_after": maybe(chance, 0.4, bounded(pain + chance.choice([0, 0, 1, 2, 3, -2]))),
        "sharp_increase": chance.choice([None, False, False, True]),
    }


def entries(chance: Random, who: Person, ends: list[int], times: list[int]) -> list[dict[str, Any]]:
    """Return them in their order: what is answered goes on from one to the next."""
    shape = chance.choice(SHAPES)
    start = chance.randrange(5)
    return [entry(chance, who, ends, at, place + start, shape) for place, at in enumerate(times)]


def entry(chance: Random, who: Person, ends: list[int], at: int, place: int, shape: list[int]) -> dict[str, Any]:
    since = sum(end <= at for end in ends)
    added = who.course[(since - 1) % len(who.course)] + shape[place % len(shape)] if since else 0
    return {
        "id": f"e{chance.randrange(100)}-{place}",
        "observed_at": written(chance, at),
        "pain": bounded(who.pain + added + chance.choice(who.strays)),
        "soreness": maybe(
            chance, 1 - who.skips, bounded(who.sore[place % len(who.sore)] + chance.choice([0, 0, 0, 1]))
        ),
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


# Dice: nothing goes on from one entry to the next, and what meets on the grid is as near as it can be to every edge.


def dice(chance: Random) -> Made:
    ends = sorted({on_grid(chance, 30) for _ in range(chance.randrange(1, 5))})
    times = [on_grid(chance, 40) for _ in range(chance.randrange(18))]
    low, reach = chance.choice([0, 2, 4, 5, 6, 7, 8]), chance.choice([2, 3, 5, 6])
    scores = range(low, min(10, low + reach) + 1)
    document = {
        "format": "symptom-diary/1",
        "intake": chance.choice([None, {"usual_pain": low, "conditions": chance.choice([[], ["blood_thinners"]])}]),
        "sessions": [thrown_session(chance, scores, f"s{place}", at) for place, at in enumerate(ends)],
        "entries": thrown_entries(chance, scores, times),
    }
    return shuffled(chance, document), written(chance, now(chance, ends, sorted(times)))


def on_grid(chance: Random, long: int) -> int:
    step = chance.choice(RHYTHMS)
    return max(0, 9 * DAY + step * chance.randrange(-4, long) + chance.choice([0, 0, 0, 0, 1, -1, 10 * MINUTE]))


def thrown_session(chance: Random, scores: range, id: str, at: int) -> dict[str, Any]:
    before, after = (maybe(chance, 0.5, chance.choice(scores)) for _ in range(2))
    return {"id": id, "ended_at": written(chance, at), "pain_before": before, "pain_after": after}


def thrown_entries(chance: Random, scores: range, times: list[int]) -> list[dict[str, Any]]:
    words = chance.choice([[None], [None, "worse"], ["worse"], ["worse", "same"], [None, *COMPARED]])
    sore = chance.choice([[None], [0, 1, 2], [0, 7, 8], [None, 0, 3], [1, 2, 3]])
    asked, grades = chance.choice([[], ["bruising"], list(REACTIONS)]), chance.choice([GRADES, GRADES[:2], GRADES[1:]])
    return [
        {
            "id": f"e{place}",
            "observed_at": written(chance, at),
            "pain": chance.choice(scores),
            "soreness": chance.choice(sore),
            "reactions": {each: chance.choice(grades) for each in asked},
            "compared": chance.choice(words),
        }
        for place, at in enumerate(times)
    ]


# A treatment of many sessions, a level to each: what takes three of them, or five, hardly comes of the others.

LEVELS = [[0, 0, 2, 2, 2, 0, 0], [0, 3, 3, 3, 1, 1, 3], [2, 1, 2, 0, 1, 0], [0, 3, 3, 3, 0, 0], [0, 3, 3, 3, 0, 1]]
AFTER_EACH = [-DAY, 48 * HOUR, 48 * HOUR + 1, 72 * HOUR, 72 * HOUR + 1, 4 * DAY, 5 * DAY, 8 * DAY, 8 * DAY + 1]


def treatment(chance: Random) -> Made:
    usual, levels = chance.randrange(9), chance.choice(LEVELS)
    ends = [9 * DAY + 8 * DAY * place + chance.choice(BESIDE) for place in range(chance.randrange(5, 8))]
    times = [
        (place, end + at) for place, end in enumerate(ends) for at in chance.sample(AFTER_EACH, chance.randrange(4))
    ]
    document = {
        "format": "symptom-diary/1",
        "intake": {"usual_pain": usual},
        "sessions": [thrown_session(chance, range(usual, usual + 1), f"s{n}", at) for n, at in enumerate(ends)],
        "entries": [
            {"id": f"e{n}", "observed_at": written(chance, at), "pain": bounded(usual + levels[place % len(levels)])}
            for n, (place, at) in enumerate(times)
        ],
    }
    return shuffled(chance, document), written(chance, now(chance, ends, sorted(at for _, at in times)))


# Single values.


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
