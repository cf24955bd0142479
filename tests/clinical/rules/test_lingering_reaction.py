"""R1: a reaction settles in a day or two and should not outlast a couple of days."""

import pytest

from diary.clinical.rules.lingering_reaction import RULE
from tests.clinical.builders import at, entry, found, intake, session, the

R1 = "lingering-reaction"
SYMPTOMS = ["soreness", "stiffness", "fatigue", "dizziness", "low_mood"]


def sore(when, value):
    return entry(when, 0, value)


def test_the_rule():
    assert (RULE.code, RULE.highest) == (R1, "review")
    assert RULE.sources["rule"] == "document"


class TestFiring:
    def test_exactly_48_hours_are_still_inside(self):
        assert not found(R1, session(), sore("48h", 5))

    def test_a_second_more_fires(self):
        finding = the(R1, session(), sore("48h 1s", 5))
        assert (finding.session, finding.symptom, finding.code) == ("S 0h", "soreness", None)
        assert (finding.level, finding.state, finding.resolved_at) == ("review", "open", None)
        assert (finding.fired_at, finding.evidence) == (at("48h 1s"), ("48h 1s",))

    @pytest.mark.parametrize("symptom", SYMPTOMS[1:])
    def test_every_symptom_is_looked_at(self, symptom):
        assert the(R1, session(), entry("49h", **{symptom: "moderate"})).symptom == symptom

    def test_bruising_is_not_as_it_lasts_longer_by_nature(self):
        assert not found(R1, session(), entry("49h", bruising="moderate"))

    def test_time_alone_never_fires_it(self):
        assert not found(R1, session(), sore("47h", 9), now="30d")

    def test_an_answer_left_open_is_no_observation(self):
        assert not found(R1, session(), sore("1h", 9), entry("60h", 9))

    def test_needling_again_cannot_hide_a_soreness_that_never_left(self):
        again = [session(), session("48h"), sore("1h", 5), sore("47h", 5), sore("50h", 5)]
        assert not found(R1, *again, sore("96h", 5))
        finding = the(R1, *again, sore("95h", 5), session("95h 30m"), sore("96h 1s", 5))
        assert (finding.session, finding.fired_at) == ("S 0h", at("96h 1s"))

    def test_96_hours_are_counted_to_the_second(self):
        weekly = [session(), session("60h"), sore("30h", 5), sore("59h", 3)]
        assert found(R1, *weekly)  # (a): 59 h after the first
        short = [session(), session("47h"), session("80h"), sore("30h", 5), sore("79h", 5)]
        assert not found(R1, *short, sore("96h", 5))
        assert the(R1, *short, sore("96h 1s", 5)).session == "S 0h"

    @pytest.mark.parametrize("symptom", ["dizziness", "low_mood"])
    def test_severe_dizziness_and_low_mood_do_not_wait(self, symptom):
        finding = the(R1, session(), entry("1h", **{symptom: "severe"}))
        assert (finding.fired_at, finding.level) == (at("1h"), "review")
        assert not found(R1, session(), entry("1h", **{symptom: "moderate"}))

    @pytest.mark.parametrize("symptom", ["stiffness", "fatigue"])
    def test_other_severe_reactions_do(self, symptom):
        assert not found(R1, session(), entry("1h", **{symptom: "severe"}))

    def test_what_comes_before_the_first_session_is_not_looked_at(self):
        assert not found(R1, session(), entry("-1h", dizziness="severe"))
        assert not found(R1, entry("-1h", dizziness="severe"))


class TestUsual:
    def test_the_intakes_is_the_usual_one(self):
        assert not found(R1, session(), intake(None, 3), sore("49h", 3))
        assert found(R1, session(), intake(None, 3), sore("49h", 4))
        assert not found(R1, session(), intake(stiffness="mild"), entry("49h", stiffness="mild"))
        assert found(R1, session(), intake(stiffness="mild"), entry("49h", stiffness="moderate"))

    def test_an_intake_of_nought_is_an_answer(self):
        before = [sore("-2d", 5), sore("-1d", 5)]
        assert found(R1, session(), intake(None, 0), *before, sore("49h", 5))
        assert not found(R1, session(), *before, sore("49h", 5))

    def test_one_answer_before_the_first_session_makes_none(self):
        assert found(R1, session(), sore("-1d", 5), sore("49h", 5))

    def test_the_lower_median_of_the_8_days_before_the_first_session(self):
        before = [sore("-8d", 2), sore("-2d", 6)]
        assert not found(R1, session(), *before, sore("49h", 2))
        assert found(R1, session(), *before, sore("49h", 3))

    def test_of_three_answers_the_middle_one(self):
        before = [sore("-3d", 5), sore("-2d", 3), sore("-1d", 1)]
        assert not found(R1, session(), *before, sore("49h", 3))
        assert found(R1, session(), *before, sore("49h", 4))

    def test_longer_ago_than_8_days_or_after_the_first_session_does_not_count(self):
        assert found(R1, session(), sore("-8d -1s", 5), sore("-2d", 5), sore("49h", 5))
        assert found(R1, session(), sore("0h", 5), sore("-2d", 5), sore("49h", 5))

    def test_reactions_have_their_own(self):
        before = [entry("-2d", fatigue="moderate"), entry("-1d", fatigue="mild")]
        assert not found(R1, session(), *before, entry("49h", fatigue="mild"))
        assert found(R1, session(), *before, entry("49h", fatigue="moderate"))

    def test_else_it_is_none_at_all(self):
        assert found(R1, session(), sore("49h", 1))
        assert not found(R1, session(), sore("49h", 0))


class TestSpell:
    def test_one_clear_day_between_sore_ones_does_not_end_it(self):
        assert the(R1, session(), sore("49h", 5), sore("60h", 0), sore("72h", 5)).state == "open"

    def test_a_clear_run_that_spans_24_hours_ends_it(self):
        finding = the(R1, session(), sore("49h", 5), sore("60h", 0), sore("84h", 0))
        assert (finding.state, finding.resolved_at) == ("resolved", at("84h"))
        assert the(R1, session(), sore("49h", 5), sore("60h", 0), sore("84h -1s", 0)).state == "open"

    def test_any_stretch_of_the_run_counts(self):
        finding = the(R1, session(), sore("49h", 5), sore("60h", 0), sore("70h", 0), sore("85h", 0), sore("99h", 0))
        assert finding.resolved_at == at("85h")

    def test_the_next_session_ends_it_at_a_clear_observation_with_no_present_one_between(self):
        finding = the(R1, session(), session("70h"), sore("49h", 5), sore("60h", 0), sore("71h", 5))
        assert finding.resolved_at == at("70h")

    def test_but_not_where_a_present_one_lies_between(self):
        parts = [session(), session("70h"), sore("49h", 5), sore("60h", 0), sore("65h", 5), sore("71h", 5)]
        assert the(R1, *parts).state == "open"

    def test_an_observation_as_the_session_ends_comes_after_it(self):
        parts = [session(), session("70h"), sore("49h", 5), sore("60h", 0), sore("70h", 5)]
        assert the(R1, *parts).resolved_at == at("70h")

    def test_the_run_may_go_on_past_the_follow_up(self):
        finding = the(R1, session(), sore("13d", 5), sore("14d", 0), sore("15d", 0))
        assert finding.resolved_at == at("15d")

    def test_it_starts_in_a_follow_up_only(self):
        assert found(R1, session(), sore("14d", 5))
        assert not found(R1, session(), sore("14d 1s", 5))

    def test_it_goes_on_past_the_follow_up(self):
        assert the(R1, session(), intake(None, 1), sore("13d", 2), sore("13d 1h", 2), sore("15d", 9)).level == "review"

    def test_after_one_has_ended_another_may_start(self):
        first, second = found(R1, session(), sore("49h", 5), sore("60h", 0), sore("84h", 0), sore("90h", 4))
        assert (first.state, second.state, second.fired_at) == ("resolved", "open", at("90h"))

    def test_one_finding_per_spell_and_symptom(self):
        parts = [entry(f"{hours}h", 0, 5, fatigue="mild") for hours in (49, 60, 72)]
        assert [(finding.symptom, finding.fired_at) for finding in found(R1, session(), *parts)] == [
            ("fatigue", at("49h")),
            ("soreness", at("49h")),
        ]


class TestCarriedInto:
    """A spell is carried into a session when the last answer of the 48 hours before it is present."""

    def test_with_a_present_answer_in_the_48_hours_before_the_anchor_stays(self):
        assert found(R1, session(), session("90h"), sore("42h", 5), sore("96h 1s", 5))

    def test_with_the_last_answer_longer_ago_the_session_becomes_the_anchor(self):
        assert not found(R1, session(), session("90h 1s"), sore("42h", 5), sore("96h 1s", 5))

    def test_with_no_answer_in_between_the_finding_is_on_the_new_anchor(self):
        assert the(R1, session(), session("7d"), sore("20h", 5), sore("10d", 5)).session == "S 7d"

    def test_carried_through_two_sessions_the_anchor_is_the_first(self):
        parts = [session(), session("40h"), session("80h"), sore("39h", 5), sore("79h", 5), sore("97h", 5)]
        assert the(R1, *parts).session == "S 0h"

    def test_the_session_is_the_anchor_when_it_first_fired(self):
        parts = [session(), session("10d"), sore("50h", 5), sore("11d", 5), sore("13d", 5)]
        assert the(R1, *parts).session == "S 0h"

    def test_an_answer_as_the_session_ends_says_nothing_of_the_time_before(self):
        parts = [session(), session("90h"), sore("20h", 5), sore("90h", 5), sore("97h", 5)]
        assert not found(R1, *parts)


class TestLevel:
    def faint(self, first, second, when="60h"):
        return the(R1, session(), sore("20h", first), sore(when, second)).level

    def test_a_faint_and_fading_soreness_within_72_hours_is_a_notice(self):
        assert self.faint(3, 2) == "notice"
        assert self.faint(2, 1, "72h") == "notice"

    def test_after_72_hours_it_is_not(self):
        assert self.faint(3, 2, "72h 1s") == "review"

    def test_above_2_it_is_not(self):
        assert self.faint(5, 3) == "review"

    def test_when_not_lower_than_before_it_is_not(self):
        assert self.faint(2, 2) == "review"
        assert self.faint(1, 2) == "review"

    def test_without_an_observation_of_the_spell_before_it_is_not(self):
        assert the(R1, session(), sore("60h", 1)).level == "review"
        assert the(R1, session(), sore("20h", 0), sore("60h", 1)).level == "review"

    def test_a_clear_observation_of_the_spell_is_one_before(self):
        assert the(R1, session(), sore("20h", 5), sore("40h", 0), sore("60h", 1)).level == "review"

    def test_an_observation_that_does_not_answer_it_is_none(self):
        assert the(R1, session(), sore("20h", 5), entry("40h", 0), sore("60h", 1)).level == "notice"

    def test_72_hours_are_counted_from_the_latest_session(self):
        parts = [session(), session("40h"), sore("39h", 5), sore("100h", 2)]
        assert the(R1, *parts).level == "notice"

    def test_other_symptoms_mild_is_a_notice_and_more_is_for_review(self):
        assert the(R1, session(), entry("49h", fatigue="mild")).level == "notice"
        assert the(R1, session(), entry("49h", fatigue="moderate")).level == "review"

    def test_it_is_the_highest_reached_while_open(self):
        tired = [entry("49h", fatigue="mild"), entry("60h", fatigue="severe"), entry("70h", fatigue="mild")]
        finding = the(R1, session(), *tired)
        assert (finding.level, finding.fired_at, finding.evidence) == ("review", at("49h"), ("49h",))

    def test_what_was_reached_before_it_fired_does_not_count(self):
        assert the(R1, session(), entry("40h", fatigue="severe"), entry("49h", fatigue="mild")).level == "notice"

    def test_a_rise_right_after_the_next_session_counts_though_it_would_not_fire_by_itself(self):
        parts = [session(), session("60h"), entry("50h", fatigue="mild"), entry("61h", fatigue="severe")]
        assert the(R1, *parts).level == "review"
