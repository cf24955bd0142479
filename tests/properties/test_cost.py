"""Section 7, sentence 6: cost grows as n log n, ten years of daily entries in well under a tenth of a second.

Growth is counted in lines of the core that are run, which no busy machine changes; only the last test reads a clock.
"""

import sys
import time
from itertools import count, cycle, islice

import pytest

from diary.clinical.assess import assess
from diary.clinical.diary import DAY, HOUR, Diary, Entry, Intake, Session
from tests.clinical.builders import START

SMALL, TIMES = 200, 8
N_LOG_N = 1.6  # per entry; log 1600 / log 200 is 1.4


def entries(number, hours, *, pain=(3,), soreness=(0,), word=(None,), bruising=(None,)):
    answers = zip(count(), cycle(pain), cycle(soreness), cycle(word), cycle(bruising), strict=False)
    for place, score, sore, compared, grade in islice(answers, number):
        at = START + place * hours * HOUR
        reactions = {} if grade is None else {"bruising": grade, "stiffness": grade}
        yield Entry(f"e{place}", at, at, score, sore, reactions, compared)


def sessions(number, hours, every, after=None):
    return tuple(Session(f"s{t}", START + t + 1, 3, after) for t in range(0, number * hours * HOUR, every))


SHAPES = {
    "a session a week, all quiet": ({}, 24, 7 * DAY, None),
    "one session, always severe": ({"pain": (9,), "soreness": (8,)}, 6, 10**9, None),
    "many a day, up and down": ({"pain": (3, 8, 5, 9, 2, 7)}, 1, 7 * DAY, None),
    "always about to be calm": ({"pain": (9, 3, 3, 3), "soreness": (8, 0, None)}, 10, 3 * DAY, None),
    "severe through every session": ({"pain": (8, 7), "soreness": (8,), "word": ("same", "worse")}, 6, DAY, 8),
    "climbing for ever": ({"pain": (1, 2, 3, 4, 5, 6)}, 5, 14 * DAY, None),
    "a climb that never gets there": ({"pain": (2, 2, 2, 3, 4)}, 1, 14 * DAY, None),
    "sore, clear, sore": ({"soreness": (4, 0), "bruising": (3, 0)}, 12, 2 * DAY, None),
    "a session after every entry": ({"pain": (3, 8), "soreness": (3,)}, 24, DAY, 6),
}


def made(shape, number):
    answers, hours, every, after = SHAPES[shape]
    made = Diary("UTC", Intake(), sessions(number, hours, every, after), tuple(entries(number, hours, **answers)))
    return made, START + number * hours * HOUR + DAY


def lines_run(diary, now):
    counted = count()

    def trace(frame, event, _):
        if "/clinical/" not in frame.f_code.co_filename:
            return None
        if event == "line":
            next(counted)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        assess(diary, now)
    finally:
        sys.settrace(before)
    return next(counted)


@pytest.mark.parametrize("shape", SHAPES)
def test_cost_grows_as_n_log_n(shape):
    few, many = lines_run(*made(shape, SMALL)), lines_run(*made(shape, SMALL * TIMES))
    assert few > SMALL
    assert many / few <= TIMES * N_LOG_N


def test_what_looks_at_every_pair_is_seen_to(monkeypatch):
    """The control: a core that forgets where a calm run was looked for before."""
    monkeypatch.setattr("diary.clinical.spells.Calm.after", lambda calm, fired: calm._walk(fired.place + 1, []))
    with pytest.raises(AssertionError):
        test_cost_grows_as_n_log_n("severe through every session")


def test_ten_years_of_daily_entries_take_well_under_a_tenth_of_a_second():
    diary, now = made("a session a week, all quiet", 3653)
    took = []
    for _ in range(5):
        start = time.process_time()
        assess(diary, now)
        took.append(time.process_time() - start)
    assert min(took) < 0.1
