"""R4: pain that intensifies or persists instead of settling."""

import pytest

from diary.clinical.rules.escalating_pain import RULE
from tests.clinical.builders import at, entry, found, intake, session, the, usual

R4 = "escalating-pain"


def test_the_rule():
    assert (RULE.code, RULE.highest) == (R4, "priority")
    assert (RULE.sources["rule"], RULE.sources["a climb"]) == ("document", "ours")


class TestRun:
    """(a), with a baseline of 3: risen is 5, risen by a point more 6."""

    def run(self, *pains, **more):
        return [entry(when, pain, **more) for when, pain in pains]

    def test_a_risen_run_of_12_hours_with_one_risen_further_fires(self):
        finding = the(R4, session(), *usual(3), entry("50h", 6), entry("56h", 5), entry("62h", 5))
        assert (finding.session, finding.symptom, finding.code, finding.level) == ("S 0h", None, None, "review")
        assert (finding.fired_at, finding.state) == (at("62h"), "open")
        assert finding.evidence == ("50h", "56h", "62h")

    def test_a_second_less_does_not(self):
        assert not found(R4, session(), *usual(3), entry("50h", 6), entry("62h -1s", 5))

    def test_with_none_risen_further_it_takes_48_hours(self):
        start = [session(), *usual(3), entry("10h", 5), entry("30h", 5)]
        assert not found(R4, *start, entry("58h -1s", 5))
        assert the(R4, *start, entry("58h", 5)).evidence == ("10h", "30h", "58h")

    def test_risen_further_is_a_point_above_the_rise_of_that_observation(self):
        start = [session(), intake(3), entry("50h", 6)]  # provisional: risen from 6, further from 7
        assert not found(R4, *start, entry("62h", 6))
        assert found(R4, *start, entry("62h", 7))
        assert found(R4, *start, entry("62h", 6, None, "worse"))  # risen from 5, further from 6

    def test_the_run_may_start_within_48_hours_but_not_end_there(self):
        assert not found(R4, session(), *usual(3), entry("30h", 6), entry("48h", 6))
        assert the(R4, session(), *usual(3), entry("30h", 6), entry("48h 1s", 6)).evidence == ("30h", "48h 1s")

    def test_a_rise_that_comes_and_goes_inside_48_hours_is_expected(self):
        assert not found(R4, session(), *usual(3), entry("10h", 6), entry("40h", 6), entry("47h", 3), entry("60h", 3))

    def test_one_that_is_not_risen_breaks_the_run(self):
        ends = [session(), *usual(3), entry("50h", 6), entry("62h", 6)]
        assert found(R4, *ends, entry("56h", 5))
        assert not found(R4, *ends, entry("56h", 4))

    def test_what_rose_further_before_the_break_does_not_count(self):
        start = [session(), *usual(3), entry("20h", 6), entry("30h", 4), entry("40h", 5)]
        assert not found(R4, *start, entry("60h", 5))

    def test_it_fires_at_pain_4_or_more_only(self):
        assert found(R4, session(), *usual(1), entry("50h", 5), entry("62h", 4))
        low = [entry(f"-{days}d", 0, id=f"usual {days}") for days in (3, 2, 1)]
        assert not found(R4, session(), *low, entry("50h", 6), entry("62h", 3))
        assert found(R4, session(), *low, entry("50h", 6), entry("62h", 4))

    def test_the_run_is_of_one_follow_up(self):
        run = [*usual(3), entry("50h", 6), entry("62h", 6)]
        assert found(R4, session(), *run)
        assert not found(R4, session(), session("55h", before=3), *run)
        assert not found(R4, session(), *usual(3), entry("13d 20h", 6), entry("14d 20h", 6))

    def test_without_room_the_patients_word_makes_the_run(self):
        run = [entry("50h", 10, None, "worse"), entry("62h", 10, None, "worse")]
        assert found(R4, session(), *usual(9), *run)
        assert not found(R4, session(), *usual(9), *run, entry("56h", 10))

    def test_pain_after_may_start_it(self):
        finding = the(R4, session(before=3, after=6), *usual(3), entry("20h", 6), entry("49h", 6))
        assert finding.evidence == ("20h", "49h")
        assert not found(R4, session(before=3, after=5), *usual(3), entry("48h 1s", 4))
        assert found(R4, session(before=3, after=5), *usual(3), entry("48h 1s", 5))


class TestClimb:
    """(b), which needs no baseline."""

    def climb(self, *steps):
        return found(R4, session(), *[entry(when, *answers) for when, *answers in steps])

    def test_four_observations_that_go_up_fire(self):
        (finding,) = self.climb(("30h", 2), ("40h", 3), ("50h", 4), ("60h", 5))
        assert (finding.level, finding.fired_at) == ("priority", at("60h"))
        assert finding.evidence == ("30h", "40h", "50h", "60h")

    def test_three_do_not(self):
        assert not self.climb(("30h", 2), ("45h", 3), ("60h", 5))

    def test_4_hours_apart_to_the_second(self):
        assert self.climb(("30h", 2), ("34h", 3), ("50h", 4), ("60h", 5))
        assert not self.climb(("30h", 2), ("34h -1s", 3), ("50h", 4), ("60h", 5))
        assert self.climb(("30h", 2), ("40h", 3), ("56h", 4), ("60h", 5))
        assert not self.climb(("30h", 2), ("40h", 3), ("56h 1s", 4), ("60h", 5))
        assert self.climb(("30h", 2), ("40h", 3), ("44h", 4), ("60h", 5))
        assert not self.climb(("30h", 2), ("40h", 3), ("44h -1s", 4), ("60h", 5))

    def test_spanning_24_hours(self):
        assert self.climb(("36h", 2), ("42h", 3), ("50h", 4), ("60h", 5))
        assert not self.climb(("36h 1s", 2), ("42h", 3), ("50h", 4), ("60h", 5))

    def test_none_lower_than_the_one_before(self):
        assert not self.climb(("30h", 2), ("40h", 4), ("50h", 3), ("60h", 5))

    def test_at_least_two_higher_than_the_one_before(self):
        assert self.climb(("30h", 2), ("40h", 2), ("50h", 4), ("60h", 5))
        assert self.climb(("30h", 2), ("40h", 4), ("50h", 4), ("60h", 5))
        assert self.climb(("30h", 2), ("40h", 4), ("50h", 5), ("60h", 5))
        assert not self.climb(("30h", 2), ("40h", 2), ("50h", 2), ("60h", 5))
        assert not self.climb(("30h", 2), ("40h", 5), ("50h", 5), ("60h", 5))

    def test_last_minus_first_at_least_3(self):
        assert not self.climb(("30h", 3), ("40h", 4), ("50h", 4), ("60h", 5))

    def test_no_observation_between_lower_than_the_one_of_the_four_before_it(self):
        steps = [("30h", 2), ("40h", 3), ("50h", 4), ("60h", 5)]
        assert self.climb(*steps, ("35h", 2))
        assert not self.climb(*steps, ("37h", 1))
        assert not self.climb(*steps, ("47h", 2))
        assert not self.climb(*steps, ("57h", 3))

    def test_a_dip_between_that_stays_above_the_step_before_does_not_matter(self):
        assert self.climb(("30h", 2), ("40h", 3), ("44h", 6), ("46h", 4), ("50h", 4), ("60h", 5))

    @pytest.mark.parametrize("step", range(4))
    def test_none_said_to_be_better(self, step):
        steps = [["30h", 2], ["40h", 3], ["50h", 4], ["60h", 5]]
        steps[step] += [None, "better"]
        assert not self.climb(*steps)

    @pytest.mark.parametrize("step", range(4))
    def test_the_last_not_as_the_same(self, step):
        steps = [["30h", 2], ["40h", 3], ["50h", 4], ["60h", 5]]
        steps[step] += [None, "same"]
        assert bool(self.climb(*steps)) is (step < 3)

    def test_where_there_is_a_baseline_the_last_is_risen(self):
        steps = [entry("30h", 2), entry("40h", 3), entry("50h", 4), entry("60h", 5)]
        assert found(R4, session(), *usual(3), *steps)
        assert not found(R4, session(), *usual(4), *steps)

    def test_it_fires_more_than_48_hours_after_the_session_at_pain_4_or_more(self):
        assert not self.climb(("20h", 2), ("30h", 3), ("40h", 4), ("48h", 5))
        assert self.climb(("20h", 2), ("30h", 3), ("40h", 4), ("48h 1s", 5))
        assert not self.climb(("30h", 0), ("40h", 1), ("50h", 2), ("60h", 3))
        assert self.climb(("30h", 1), ("40h", 2), ("50h", 3), ("60h", 4))

    def test_it_is_of_one_follow_up(self):
        steps = [entry("30h", 2), entry("40h", 3), entry("50h", 4), entry("100h", 5)]
        assert found(R4, session(), *steps)
        assert not found(R4, session(), session("51h"), *steps)

    def test_the_longest_is_taken(self):
        (finding,) = self.climb(("20h", 2), ("30h", 2), ("40h", 3), ("50h", 4), ("60h", 5))
        assert finding.evidence == ("20h", "30h", "40h", "60h")


class TestLevel:
    def test_priority_where_it_is_2_above_the_first_of_the_longest_run(self):
        assert the(R4, session(), *usual(3), entry("49h", 5), entry("62h", 6)).level == "review"
        assert the(R4, session(), *usual(3), entry("49h", 5), entry("62h", 7, None, "same")).level == "priority"

    def test_the_longest_run_not_a_shorter_one(self):
        parts = [entry("30h", 6), entry("40h", 5), entry("60h", 7, None, "same")]
        assert the(R4, session(), *usual(3), *parts).level == "review"

    def test_it_is_the_highest_reached_while_open(self):
        parts = [entry("49h", 5), entry("62h", 6), entry("70h", 7, None, "same")]
        finding = the(R4, session(), *usual(3), *parts)
        assert (finding.level, finding.fired_at, finding.evidence) == ("priority", at("62h"), ("49h", "62h"))

    def test_only_a_notice_where_severe_pain_of_the_same_session_is_open(self):
        finding = the(R4, session(), *usual(3), entry("50h", 8), entry("62h", 8))
        assert (finding.level, finding.fired_at) == ("notice", at("62h"))

    def test_severe_pain_that_opens_at_the_same_observation_counts(self):
        assert the(R4, session(), *usual(3), entry("50h", 5), entry("62h", 7)).level == "notice"

    def test_severe_pain_of_another_session_does_not(self):
        parts = [session(), session("40h", before=3), *usual(3), entry("20h", 8)]
        assert the(R4, *parts, entry("90h", 6), entry("102h", 6)).level == "review"

    def test_after_severe_pain_has_resolved_the_level_may_rise(self):
        parts = [entry("50h", 8), entry("62h", 8), entry("70h", 5), entry("94h", 6), entry("96h", 5)]
        finding = the(R4, session(), *usual(3), *parts)
        assert (finding.level, finding.fired_at) == ("review", at("62h"))

    def test_what_the_resolving_observation_shows_is_of_a_finding_to_come(self):
        climb = [entry("50h", 4), entry("60h", 5), entry("70h", 6), entry("80h", 7)]
        calm = [entry("88h", 2), entry("96h", 3), entry("104h", 4), entry("112h", 5)]
        finding = the(R4, session(), *climb, *calm)
        assert (finding.level, finding.resolved_at) == ("notice", at("112h"))

    def test_both_forms_at_once_give_the_higher_level_and_all_the_evidence(self):
        parts = [entry("30h", 4, None, "worse"), entry("40h", 6), entry("50h", 6), entry("62h", 7, None, "worse")]
        finding = the(R4, session(), *usual(4), *parts, entry("20h", 4))
        assert finding.evidence == ("20h", "30h", "40h", "50h", "62h")


class TestResolving:
    START = (session(), *usual(3), entry("50h", 6), entry("62h", 6))

    def test_where_a_run_within_a_point_of_the_baseline_reaches_24_hours(self):
        assert the(R4, *self.START, entry("70h", 4), entry("94h", 4)).resolved_at == at("94h")
        assert the(R4, *self.START, entry("70h", 4), entry("94h -1s", 4)).state == "open"
        assert the(R4, *self.START, entry("70h", 4), entry("80h", 5), entry("94h", 4)).state == "open"

    def test_across_follow_ups(self):
        assert the(R4, *self.START, session("80h"), entry("70h", 4), entry("94h", 4)).resolved_at == at("94h")

    def test_else_within_a_point_of_the_first_of_the_climb(self):
        climb = [session(), entry("30h", 2), entry("40h", 3), entry("50h", 4), entry("60h", 5)]
        assert the(R4, *climb, entry("70h", 3), entry("94h", 3)).resolved_at == at("94h")
        assert the(R4, *climb, entry("70h", 3), entry("94h", 4)).state == "open"

    def test_a_baseline_goes_before_the_climb(self):
        climb = [session(), intake(1), entry("30h", 2), entry("40h", 3), entry("50h", 4), entry("60h", 5)]
        assert the(R4, *climb, entry("70h", 3), entry("94h", 3)).state == "open"

    def test_once_resolved_it_can_fire_again_on_later_observations(self):
        calm = [entry("70h", 4), entry("94h", 4)]
        assert len(found(R4, *self.START, *calm, entry("100h", 6), entry("112h", 6))) == 2

    def test_a_new_run_holds_only_observations_after_the_resolving_one(self):
        at_the_top = [entry(f"{hours}h", 10, None, "worse") for hours in (50, 62, 70, 94)]
        parts = [session(), *usual(9), *at_the_top]
        assert the(R4, *parts).resolved_at == at("94h")  # 10 is within a point of 9
        assert len(found(R4, *parts, entry("106h", 10, None, "worse"))) == 1
        again = [entry("95h", 10, None, "worse"), entry("107h", 10, None, "worse")]
        assert [finding.evidence for finding in found(R4, *parts, *again)] == [("50h", "62h"), ("95h", "107h")]
