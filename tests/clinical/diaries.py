"""Diaries made by chance, dense enough that every rule fires in some of them."""

from hypothesis import strategies as st

from diary.clinical.diary import COMPARED, CONDITIONS, HOUR, REACTIONS, RED_FLAGS, Diary, Entry, Intake, Session
from tests.clinical.builders import START

GRADES = st.integers(0, 3)
SCORES = st.integers(0, 10)
# Whole steps land on the boundaries of the rules, odd seconds beside them.
OFFSETS = st.builds(
    lambda steps, seconds: steps * 4 * HOUR + seconds,
    st.integers(-60, 160),
    st.sampled_from([0, 0, 0, -1, 1, 300, 900, 901]),
)


def maybe(strategy):
    return st.none() | strategy


def reactions():
    return st.dictionaries(st.sampled_from(REACTIONS), GRADES, max_size=3)


@st.composite
def diaries(draw):
    """A diary, and an instant at which to assess it: never before the last thing in it."""
    ended = draw(st.lists(OFFSETS, unique=True, max_size=6))
    observed = draw(st.lists(OFFSETS, max_size=25))
    sessions = tuple(
        Session(f"s{number}", START + at, draw(maybe(SCORES)), draw(maybe(SCORES)), draw(st.booleans()))
        for number, at in enumerate(ended)
    )
    entries = tuple(
        Entry(
            f"e{number}",
            START + at,
            START + at + draw(st.integers(0, 2)),
            draw(SCORES),
            draw(maybe(SCORES)),
            draw(reactions()),
            draw(maybe(st.sampled_from(COMPARED))),
            tuple(draw(st.lists(st.sampled_from(list(RED_FLAGS)), max_size=1))),
        )
        for number, at in enumerate(observed)
    )
    conditions = frozenset(draw(st.lists(st.sampled_from(CONDITIONS), max_size=2)))
    intake = Intake(draw(maybe(SCORES)), draw(maybe(SCORES)), draw(reactions()), conditions)
    now = max([START, *(START + at for at in [*ended, *observed])]) + draw(st.integers(0, 200)) * HOUR
    return Diary("Europe/Lisbon", intake, sessions, entries), now
