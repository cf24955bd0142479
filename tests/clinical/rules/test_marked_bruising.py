"""R7: bleeding disorders and bruising."""

import pytest

from diary.clinical.rules.marked_bruising import RULE
from tests.clinical.builders import at, entry, found, intake, session, the

R7 = "marked-bruising"


def bruise(when, grade):
    return entry(when, bruising=grade)


def test_the_rule():
    assert (RULE.code, RULE.highest, RULE.sources["rule"]) == (R7, "priority", "document")


class TestFiring:
    def test_severe_bruising_in_a_follow_up(self):
        finding = the(R7, session(), bruise("1h", "severe"))
        assert (finding.session, finding.symptom, finding.code, finding.level) == ("S 0h", None, None, "review")
        assert (finding.fired_at, finding.evidence, finding.state) == (at("1h"), ("1h",), "open")

    def test_moderate_bruising_alone_does_not(self):
        assert not found(R7, session(), bruise("1h", "moderate"))

    def test_outside_a_follow_up_it_does_not(self):
        assert not found(R7, session(), bruise("-1h", "severe"))
        assert found(R7, session(), bruise("14d", "severe"))
        assert not found(R7, session(), bruise("14d 1s", "severe"))

    @pytest.mark.parametrize("condition", ["bleeding_disorder", "blood_thinners"])
    def test_moderate_where_the_patient_bleeds_easily(self, condition):
        easily = intake(None, None, condition)
        assert the(R7, easily, session(), bruise("1h", "moderate")).level == "review"
        assert not found(R7, easily, session(), bruise("1h", "mild"))

    @pytest.mark.parametrize("condition", ["skin_condition", "lowered_immunity"])
    def test_another_condition_does_not_count(self, condition):
        assert not found(R7, intake(None, None, condition), session(), bruise("1h", "moderate"))

    def test_priority_for_severe_where_the_patient_bleeds_easily(self):
        assert the(R7, intake(None, None, "blood_thinners"), session(), bruise("1h", "severe")).level == "priority"


class TestStepUp:
    @pytest.mark.parametrize("lower", ["none", "mild"])
    def test_a_step_up_to_moderate_from_an_answer_24_hours_before(self, lower):
        assert the(R7, session(), bruise("1h", lower), bruise("25h", "moderate")).evidence == ("25h",)
        assert not found(R7, session(), bruise("1h", lower), bruise("25h -1s", "moderate"))

    def test_any_earlier_answer_counts(self):
        assert found(R7, session(), bruise("1h", "mild"), bruise("10h", "moderate"), bruise("25h", "moderate"))

    def test_from_moderate_it_is_none(self):
        assert not found(R7, session(), bruise("1h", "moderate"), bruise("25h", "moderate"))

    def test_up_to_mild_it_is_none(self):
        assert not found(R7, session(), bruise("1h", "none"), bruise("25h", "mild"))

    def test_an_answer_of_another_follow_up_does_not_count(self):
        assert not found(R7, session(), session("20h"), bruise("1h", "none"), bruise("25h", "moderate"))
        assert not found(R7, session(), bruise("-1h", "none"), bruise("25h", "moderate"))

    def test_an_observation_that_does_not_answer_is_none(self):
        assert not found(R7, session(), entry("1h"), bruise("25h", "moderate"))

    def test_after_a_resolution_only_the_firing_answer_need_be_later(self):
        parts = [bruise("1h", "none"), bruise("26h", "moderate"), bruise("30h", "mild"), bruise("40h", "moderate")]
        assert [finding.fired_at for finding in found(R7, session(), *parts)] == [at("26h"), at("40h")]


class TestResolving:
    @pytest.mark.parametrize(("grade", "resolves"), [("none", True), ("mild", True), ("moderate", False)])
    def test_at_the_first_answer_of_none_or_mild_after_it(self, grade, resolves):
        finding = the(R7, session(), bruise("1h", "severe"), entry("2h"), bruise("3h", grade))
        assert (finding.resolved_at == at("3h")) is resolves

    def test_also_past_the_follow_up(self):
        assert the(R7, session(), bruise("1h", "severe"), bruise("20d", "none")).resolved_at == at("20d")

    def test_or_at_the_next_session(self):
        parts = [session(), session("7d"), bruise("1h", "severe"), bruise("8d", "none")]
        assert the(R7, *parts).resolved_at == at("7d")

    def test_a_resolved_one_keeps_its_level(self):
        parts = [intake(None, None, "blood_thinners"), session(), bruise("1h", "severe"), bruise("30h", "none")]
        assert the(R7, *parts).level == "priority"

    def test_the_level_is_the_highest_reached_while_open(self):
        thinned = intake(None, None, "blood_thinners")
        finding = the(R7, thinned, session(), bruise("1h", "moderate"), bruise("30h", "severe"))
        assert (finding.level, finding.fired_at, finding.evidence) == ("priority", at("1h"), ("1h",))
        assert the(R7, thinned, session(), bruise("1h", "moderate"), bruise("15d", "severe")).level == "review"
