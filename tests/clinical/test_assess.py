"""The one door: what an assessment is, and in which order it answers."""

from dataclasses import FrozenInstanceError

import pytest

from diary.clinical.assess import RULES_VERSION, Assessment, Finding, assess
from diary.clinical.diary import LEVELS
from diary.clinical.finding import highest
from diary.clinical.rules import RULES
from tests.clinical.builders import assessed, at, diary, entry, found, session, usual
from tests.clinical.diaries import a_diary

SOURCES = {"document", "literature", "ours"}


def test_an_empty_diary_has_nothing_to_say():
    assert assess(diary(), at("0h")) == Assessment(RULES_VERSION, at("0h"), (), (), None)


def test_the_rules_are_the_eight_in_the_order_of_the_text():
    assert [rule.code for rule in RULES] == [
        "lingering-reaction",
        "severe-pain",
        "sharp-rise",
        "escalating-pain",
        "worsening-course",
        "red-flag",
        "marked-bruising",
        "silence",
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_says_what_each_part_of_it_rests_on(rule):
    assert set(rule.sources.values()) <= SOURCES
    assert "document" in rule.sources.values()
    assert rule.highest in LEVELS


def test_findings_are_ordered_by_time_then_rule_session_symptom_and_code():
    flags = entry("49h", 9, 9, None, "legs", "head", stiffness="severe", bruising="severe")
    ordered = [
        (finding.rule, finding.symptom, finding.code) for finding in assessed(session(sharp=True), flags).findings
    ]
    assert ordered == [
        ("sharp-rise", None, None),
        ("lingering-reaction", "soreness", None),
        ("lingering-reaction", "stiffness", None),
        ("marked-bruising", None, None),
        ("red-flag", None, "head"),
        ("red-flag", None, "legs"),
        ("severe-pain", None, None),
    ]


def test_of_one_rule_and_instant_they_are_ordered_by_session_then_symptom():
    parts = [session(id="z"), session("47h", id="a"), session("94h", id="b")]
    parts += [entry("46h", 0, 5), entry("60h", 0, None, None, fatigue="mild"), entry("93h", 0, 5, fatigue="mild")]
    findings = found("lingering-reaction", *parts, entry("144h", 0, 5, fatigue="mild"))
    assert [(finding.session, finding.symptom) for finding in findings] == [("a", "fatigue"), ("z", "soreness")]


def test_at_one_instant_the_session_goes_before_the_symptom():
    parts = [session("0h", id="a"), session("45h", id="b"), entry("40h", stiffness="mild")]
    later = [entry("60h", fatigue="mild"), entry("97h", stiffness="mild", fatigue="mild")]
    findings = assessed(*parts, *later).findings
    assert [(finding.session, finding.symptom) for finding in findings[:2]] == [("a", "stiffness"), ("b", "fatigue")]
    assert findings[0].fired_at == findings[1].fired_at


def test_a_finding_is_open_until_it_is_resolved():
    finding = Finding("r", "s", None, None, "notice", 10, (), None)
    assert (finding.state, finding.open_at(9), finding.open_at(10), finding.open_at(99)) == ("open", False, True, True)
    over = Finding("r", "s", None, None, "notice", 10, (), 20)
    assert (over.state, over.open_at(19), over.open_at(20)) == ("resolved", True, False)


def test_the_levels_are_compared_in_their_order():
    assert highest(["review", "urgent", "notice", "priority"]) == "urgent"
    assert highest(["notice", "review"]) == "review"


def test_nothing_of_an_assessment_can_be_changed():
    assessment = assessed(session(), *usual(3), entry("1h", 8))
    with pytest.raises(FrozenInstanceError):
        assessment.findings[0].level = "notice"


def test_a_rule_reaches_each_of_its_levels_and_no_other():
    """Over diaries made by chance, as many as it takes for the rarest."""
    reached = {
        (finding.rule, finding.level)
        for seed in range(400)
        for finding in assess(*a_diary(seed, seed % 7, 25)).findings
    }
    assert reached == {(rule.code, level) for rule in RULES for level in rule.levels}
    assert all(rule.levels == tuple(sorted(rule.levels, key=LEVELS.index)) for rule in RULES)
