"""Diaries that Hypothesis makes, and can make smaller: steps through time on and beside the boundaries of the rules.

Pain moves by steps, so that runs, climbs and calm days come about: wildly, slowly, or from week to week.
"""

from hypothesis import strategies as st

from diary.clinical.diary import (
    COMPARED,
    CONDITIONS,
    DAY,
    GRADES,
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

MINUTE = 60
GAPS = (
    *(0, MINUTE, 15 * MINUTE, 15 * MINUTE + 1, HOUR, 4 * HOUR - 1),
    *(4 * HOUR, 6 * HOUR, 10 * HOUR, 12 * HOUR - 1, 12 * HOUR, 20 * HOUR, DAY - 1, DAY, DAY + 1) * 2,
    *(2 * DAY, 2 * DAY + 1, 3 * DAY, 3 * DAY + 1, 4 * DAY, 4 * DAY + 1, 7 * DAY, 8 * DAY, 8 * DAY + 1, 14 * DAY),
)

gaps = st.sampled_from(GAPS)
scores = st.integers(0, 10)
steps = st.sampled_from((0, 0, 0, 1, 1, 1, 2, 3, 5, -1, -1, -2, -4, -8))
words = st.sampled_from((None, None, None, *COMPARED))
grades = st.integers(0, len(GRADES) - 1)
reactions = st.dictionaries(st.sampled_from((*REACTIONS, "bruising", "bruising")), grades, max_size=2)
soreness = st.sampled_from((None, None, 0, 0, 0, 0, 1, 2, 3, 5, 7, 8))
flags = st.just(()) | st.just(()) | st.lists(st.sampled_from(list(RED_FLAGS)), max_size=2).map(tuple)

intakes = st.builds(
    Intake,
    usual_pain=st.none() | scores,
    usual_soreness=st.sampled_from((None, None, 0, 2)),
    usual_reactions=st.dictionaries(st.sampled_from(REACTIONS), st.integers(0, 1), max_size=1),
    conditions=st.frozensets(st.sampled_from(CONDITIONS), max_size=2),
)
entry_events = st.tuples(gaps, steps, soreness, reactions, words, flags)
session_events = st.tuples(gaps, st.none() | steps, st.none() | steps, st.sampled_from((False, False, True)))
slow_gaps = st.sampled_from((HOUR, 4 * HOUR, 8 * HOUR, 12 * HOUR, 16 * HOUR, DAY))
slow_events = st.tuples(slow_gaps, st.sampled_from((0, 0, 0, 1, -1)), soreness, reactions, words, st.just(()))
weeks = st.tuples(
    st.tuples(st.just(4 * DAY), st.none() | steps, st.none(), st.just(False)),
    st.tuples(st.just(3 * DAY), st.sampled_from((0, 0, 1, 2, -2)), soreness, reactions, words, st.just(())),
)

wild = st.lists(entry_events | entry_events | entry_events | session_events, max_size=24)
slow = st.lists(slow_events | slow_events | slow_events | slow_events | session_events, max_size=24)
weekly = st.lists(weeks, min_size=3, max_size=10).map(lambda pairs: [event for pair in pairs for event in pair])
events = wild | slow | weekly


def diaries() -> st.SearchStrategy[tuple[Diary, Instant]]:
    """A diary, and an instant at which to assess it: never before the last thing in it."""
    return st.builds(a_diary, intakes, scores, st.booleans(), events, st.integers(0, 12))


def a_diary(intake: Intake, pain: int, days_before: bool, events: list, later: int) -> tuple[Diary, Instant]:
    at = START
    entries = [_usual(place, pain) for place in range(3)] if days_before else []
    sessions: dict[Instant, Session] = {}
    for place, event in enumerate(events):
        at += event[0]
        if len(event) == len(SESSION_FIELDS):
            sessions.setdefault(at, _session(f"s{place}", at, pain, *event[1:]))
        else:
            pain = min(10, max(0, pain + event[1]))
            entries.append(_entry(f"e{place}", at, pain, *event[2:]))
    diary = Diary("Europe/Lisbon", intake, tuple(sessions.values()), tuple(entries))
    return diary, at + later * 12 * HOUR


SESSION_FIELDS = ("gap", "before", "after", "sharp")


def _usual(place: int, pain: int) -> Entry:
    at = START - (3 - place) * DAY
    return Entry(f"usual{place}", at, at, pain)


def _session(id: str, at: Instant, pain: int, before: int | None, after: int | None, sharp: bool) -> Session:
    return Session(id, at, _moved(pain, before), _moved(pain, after), sharp)


def _moved(pain: int, step: int | None) -> int | None:
    return None if step is None else min(10, max(0, pain + step))


def _entry(id: str, at: Instant, pain: int, soreness: int | None, reactions: dict, word: str | None, flags) -> Entry:
    return Entry(id, at, at, pain, soreness, reactions, word, flags)
