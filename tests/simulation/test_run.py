"""A run, and its controls: without rules nothing is seen, and a rule that always fires is heard."""

import pytest

from diary.clinical.diary import DAY, HOUR, Diary, Entry, Session
from diary.clinical.finding import Finding
from diary.simulation.bars import verdicts
from diary.simulation.cases import CONFIRMED, HARMS, LINGERING_SORENESS, PROGRESSIVE
from diary.simulation.parameters import Parameters
from diary.simulation.rulers import RULERS, Ruler, has_risen, is_severe, naive
from diary.simulation.run import Run, run

OFTEN = Parameters(harm=0.5, lingering=0.5, aggravation=0.2)
"""Enough harm to be seen in a small cohort."""
CAN_TELL = ("lingering-reaction", "severe-pain", "worsening-course", "marked-bruising")


def always(diary: Diary, now: int) -> list[Finding]:
    return [
        Finding(rule, None, None, None, "priority", entry.observed_at, (entry.id,), None)
        for entry in diary.entries
        for rule in CAN_TELL
    ]


@pytest.fixture(scope="module")
def small() -> Run:
    off, on = Ruler("off", lambda diary, now: []), Ruler("always", always)
    return run(60, 4, OFTEN, [*RULERS, off, on])


def test_with_the_rules_switched_off_sensitivity_is_nought_and_all_is_silent(small: Run):
    off = small.tallies["off"]
    assert set(off.harms) == set(HARMS)
    assert all(counts.told.are == 0 < counts.told.of for counts in off.harms.values())
    assert all(share.are == share.of > 0 for share in off.silent.values())
    assert (off.told.are, off.false_alarms, off.courses_with_false_alarm.are) == (0, 0, 0)
    assert [verdict.result for verdict in verdicts(off)] == ["met", "missed", "met", "missed", "met"]


def test_with_a_rule_that_always_fires_false_alarms_soar(small: Run):
    rules, on = small.tallies["the rules"], small.tallies["always"]
    assert on.false_alarms > 10 * rules.false_alarms
    assert on.told.interval is None  # more than one a session
    assert on.told_of(LINGERING_SORENESS).value == 1.0
    assert on.told_of([CONFIRMED]).value == 1.0
    assert on.courses_with_false_alarm.value == 1.0
    assert [verdict.result for verdict in verdicts(on)] == ["missed", "met", "missed", "met", "missed"]


def test_the_rules_are_between_the_two(small: Run):
    rules = small.tallies["the rules"]
    assert 0 < rules.told.are < small.tallies["always"].told.are
    assert rules.told_of(LINGERING_SORENESS).are > 0
    assert rules.told_of([PROGRESSIVE]).are > 0


def test_a_naive_rule_never_confirms_a_course_and_never_reads_soreness(small: Run):
    for ruler in RULERS[1:]:
        assert small.tallies[ruler.name].told_of([CONFIRMED, *LINGERING_SORENESS]).are == 0
        assert small.tallies[ruler.name].told.are > 0


def test_the_same_seed_gives_the_same_run():
    assert run(5, 9, Parameters()) == run(5, 9, Parameters())
    assert run(5, 9, Parameters()) != run(5, 8, Parameters())


def test_every_patient_is_ticked_off():
    done: list[int] = []
    run(3, 1, Parameters(), tick=done.append)
    assert done == [1, 2, 3]


def scores(*pains: int) -> Diary:
    entries = tuple(Entry(f"e{n}", n * HOUR, n * HOUR, pain) for n, pain in enumerate(pains))
    return Diary(sessions=(Session("s1", HOUR),), entries=entries)


def test_a_naive_alarm_lasts_while_its_rule_minds_and_never_precedes_the_first_session():
    found = naive(is_severe, scores(9, 7, 8, 6, 7), DAY)
    assert [(each.fired_at // HOUR, each.evidence) for each in found] == [(1, ("e1", "e2")), (4, ("e4",))]
    found = naive(has_risen, scores(0, 2, 4, 5, 4, 6), DAY)
    assert [(each.fired_at // HOUR, each.evidence) for each in found] == [(1, ("e1", "e2")), (5, ("e5",))]
