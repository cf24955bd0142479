"""A diary under other thresholds: the rules that rest on one follow it, and the rules' own stay the default."""

import pytest

from diary.clinical import thresholds
from diary.clinical.adjustable import RULED, SAFE, Thresholds
from diary.clinical.assess import assess
from tests.clinical.builders import at, diary, entry, intake, lasting, session, usual


def rules(parts, **tried):
    """The rule of each finding, with its level, under these thresholds."""
    findings = assess(diary(*parts), at("60d"), Thresholds(**tried)).findings
    return [(finding.rule, finding.level) for finding in findings]


def test_the_rules_own_thresholds_are_the_default_and_inside_the_safe_range():
    own = thresholds.SETTLES_WITHIN, thresholds.SEVERE_PAIN, thresholds.MULTIPLE_SESSIONS
    assert (RULED.settles_within, RULED.severe_pain, RULED.multiple_sessions) == own
    assert Thresholds() == RULED
    for name, safe in SAFE.items():
        assert getattr(RULED, name) in safe
        assert safe == tuple(sorted(safe))


def test_a_reaction_may_take_longer_to_settle():
    parts = session(), entry("50h", 0, 5), entry("80h", 0, 0), entry("110h", 0, 0)
    assert rules(parts) == [("lingering-reaction", "review")]
    assert rules(parts, settles_within=lasting("49h")) == [("lingering-reaction", "review")]
    assert rules(parts, settles_within=lasting("50h")) == []


def test_rising_pain_is_waited_for_as_long():
    parts = [session(), *usual(3), entry("36h", 6, 0), entry("50h", 6, 0), entry("80h", 3, 0)]
    assert rules(parts) == [("escalating-pain", "review")]
    assert rules(parts, settles_within=lasting("50h")) == []


def test_an_answer_of_the_time_that_it_may_take_does_not_say_that_it_settled():
    parts = session(), entry("60h", 0, 5)
    assert rules(parts) == [("lingering-reaction", "review")]
    assert rules(parts, settles_within=lasting("72h")) == [("silence", "notice")]


def test_severe_may_begin_higher():
    parts = [session(), *usual(2), entry("1h", 7), entry("2h", 6), entry("3d", 2, 0)]
    assert rules(parts) == [("severe-pain", "priority")]
    assert rules(parts, severe_pain=8) == []


def test_what_is_less_than_severe_closes_a_severe_pain():
    parts = [session(), *usual(2), entry("1h", 8), entry("3h", 7), entry("28h", 7), entry("3d", 2, 0)]
    under = {tried: assess(diary(*parts), at("60d"), Thresholds(severe_pain=tried)).findings[0] for tried in (7, 8)}
    assert under[7].resolved_at is None
    assert under[8].resolved_at == at("28h")


def test_without_a_baseline_it_closes_below_severe_as_well():
    parts = [session(), entry("1h", 8), entry("3h", 7), entry("28h", 7)]
    first = assess(diary(*parts), at("28h"), Thresholds(severe_pain=8)).findings[0]
    assert (first.rule, first.resolved_at) == ("severe-pain", at("28h"))


@pytest.mark.parametrize(("multiple", "level"), [(2, "priority"), (3, None), (4, None)])
def test_a_course_may_be_seen_over_fewer_or_more_sessions(multiple, level):
    parts = [intake(3), session("0d", before=3), session("7d", before=6), session("14d", before=6)]
    course = [("worsening-course", level)] if level else []
    assert [found for found in rules(parts, multiple_sessions=multiple) if found[0] == "worsening-course"] == course


def test_what_cannot_be_told_follows_the_number_of_sessions():
    parts = diary(session("0d"), session("20d"))

    def reasons(multiple):
        unknown = assess(parts, at("60d"), Thresholds(multiple_sessions=multiple)).not_evaluable
        return [missing.reason for missing in unknown if missing.rule == "worsening-course"]

    assert reasons(2) == ["no-baseline"]
    assert reasons(3) == []


def test_the_settled_level_is_taken_from_as_late():
    """What was felt in between no longer belongs to it."""
    parts = [intake(3), *(part for day in (0, 10, 20) for part in (session(f"{day}d"), entry(f"{day}d 60h", 8)))]

    def course(**tried):
        return [found for found in rules(parts, **tried) if found[0] == "worsening-course"]

    assert course() == [("worsening-course", "priority")]
    assert course(settles_within=lasting("60h")) == []
