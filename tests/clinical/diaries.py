"""Diaries made by chance, dense enough that every rule fires in some of them."""

from random import Random

from hypothesis import strategies as st

from diary.clinical.diary import (
    COMPARED,
    CONDITIONS,
    DAY,
    HOUR,
    REACTIONS,
    RED_FLAGS,
    Diary,
    Entry,
    Instant,
    Intake,
    Session,
)
from tests.clinical.builders import START

SECONDS = (0, 0, 0, 0, -1, 1, 300, 900, 901)  # on the boundaries of the rules, and beside them


def diaries() -> st.SearchStrategy[tuple[Diary, Instant]]:
    """A diary, and an instant at which to assess it: never before the last thing in it."""
    return st.builds(a_diary, st.integers(0, 2**32), st.integers(0, 6), st.integers(0, 25))


def a_diary(seed: int, sessions: int, entries: int) -> tuple[Diary, Instant]:
    dice = Random(seed)
    days = dice.choice((4, 15, 40))  # dense, or as a diary is kept, or with long silences
    instants = sorted({an_instant(dice, days) for _ in range(sessions)})
    diary = Diary(
        "Europe/Lisbon",
        an_intake(dice),
        tuple(a_session(dice, f"s{number}", at) for number, at in enumerate(instants)),
        tuple(an_entry(dice, f"e{number}", an_instant(dice, days)) for number in range(entries)),
    )
    last = max([START, *instants, *(entry.observed_at for entry in diary.entries)])
    return diary, last + dice.randrange(0, 200) * HOUR


def an_instant(dice: Random, days: int) -> Instant:
    return START + dice.randrange(-5, days * 6) * DAY // 6 + dice.choice(SECONDS)


def an_intake(dice: Random) -> Intake:
    conditions = frozenset(dice.sample(CONDITIONS, dice.choice((0, 0, 3))))
    return Intake(maybe(dice, score(dice)), maybe(dice, score(dice) // 3), reactions(dice), conditions)


def a_session(dice: Random, id: str, at: Instant) -> Session:
    return Session(id, at, maybe(dice, score(dice)), maybe(dice, score(dice)), dice.random() < 0.1)


def an_entry(dice: Random, id: str, at: Instant) -> Entry:
    flags = tuple(code for code in RED_FLAGS if dice.random() < 0.02)
    compared = maybe(dice, dice.choice(COMPARED))
    soreness = maybe(dice, max(0, score(dice) - 2))
    return Entry(id, at, at + dice.randrange(3), score(dice), soreness, reactions(dice), compared, flags)


def reactions(dice: Random) -> dict[str, int]:
    return {symptom: dice.randrange(4) for symptom in dice.sample(REACTIONS, dice.randrange(4))}


def score(dice: Random) -> int:
    return dice.choice((0, 1, 2, 3, 4, 5, 6, 7, 7, 8, 8, 9, 10))


def maybe(dice: Random, answer):
    return dice.choice((None, answer))
