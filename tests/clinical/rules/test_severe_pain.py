"""R2: a reaction must not escalate into severe pain; a significant intensification warrants evaluation."""

import pytest

from diary.clinical.rules.severe_pain import RULE
from tests.clinical.builders import at, entry, found, intake, session, the, usual

R2 = "severe-pain"


def test_the_rule():
    assert (RULE.code, RULE.highest) == (R2, "priority")
    assert (RULE.sources["rule"], RULE.sources["severe from 7"]) == ("document", "literature")


class TestSinglePain:
    """(i)"""

    def test_pain_7_risen_by_3_fires_also_inside_the_first_48_hours(self):
        finding = the(R2, session(), *usual(4), entry("1h", 7))
        assert (finding.session, finding.symptom, finding.code, finding.level) == ("S 0h", None, None, "priority")
        assert (finding.fired_at, finding.evidence, finding.state) == (at("1h"), ("1h",), "open")

    def test_pain_6_does_not(self):
        assert not found(R2, session(), *usual(3), entry("1h", 6))

    def test_risen_by_2_does_not(self):
        assert not found(R2, session(), *usual(5), entry("1h", 7))

    @pytest.mark.parametrize("compared", ["better", "same"])
    def test_said_to_be_better_or_the_same_it_does_not_unless_5_above_the_baseline(self, compared):
        assert not found(R2, session(), *usual(3), entry("1h", 7, None, compared))
        assert found(R2, session(), *usual(2), entry("1h", 7, None, compared))

    @pytest.mark.parametrize("compared", [None, "worse"])
    def test_said_to_be_worse_or_nothing_it_does(self, compared):
        assert found(R2, session(), *usual(4), entry("1h", 7, None, compared))

    def test_the_follow_up_lasts_14_days(self):
        assert found(R2, session(before=4), entry("14d", 9))
        assert not found(R2, session(before=4), entry("14d 1s", 9))

    def test_before_the_first_session_there_is_no_follow_up(self):
        assert not found(R2, session(), *usual(4), entry("-1h", 9))

    def test_pain_after_is_an_observation_without_an_id(self):
        finding = the(R2, session(before=4, after=7))
        assert (finding.fired_at, finding.evidence) == (at("0h"), ())

    def test_without_room_the_patients_word_decides(self):
        assert not found(R2, session(), *usual(9), entry("1h", 10))
        assert found(R2, session(), *usual(9), entry("1h", 10, None, "worse"))

    def test_a_patient_who_lives_at_8_and_stays_at_8_is_silent(self):
        assert not found(R2, session(), *usual(8), *[entry(f"{hours}h", 8) for hours in range(1, 200, 5)])


class TestRun:
    """(ii)"""

    def test_a_run_of_4_hours_fires(self):
        finding = the(R2, session(), *usual(5), entry("1h", 7), entry("3h", 7), entry("5h", 7))
        assert (finding.fired_at, finding.evidence) == (at("5h"), ("1h", "3h", "5h"))

    def test_a_second_less_does_not(self):
        assert not found(R2, session(), *usual(5), entry("1h", 7), entry("5h -1s", 7))

    def test_an_observation_below_7_breaks_it(self):
        ends = [session(), *usual(5), entry("1h", 7), entry("5h", 7)]
        assert found(R2, *ends, entry("3h", 7))
        assert not found(R2, *ends, entry("3h", 6))

    def test_one_that_is_not_risen_breaks_it(self):
        ends = [session(before=5), entry("1h", 7, None, "worse"), entry("5h", 7, None, "worse")]
        assert found(R2, *ends, entry("3h", 7, None, "worse"))
        assert not found(R2, *ends, entry("3h", 7))

    @pytest.mark.parametrize("compared", ["better", "same"])
    def test_with_its_last_said_to_be_no_worse_it_takes_12_hours(self, compared):
        start = [session(), *usual(5), entry("1h", 7)]
        assert not found(R2, *start, entry("13h -1s", 7, None, compared))
        assert the(R2, *start, entry("13h", 7, None, compared)).fired_at == at("13h")

    def test_only_the_last_word_counts(self):
        assert found(R2, session(), *usual(5), entry("1h", 7, None, "better"), entry("5h", 7))

    def test_a_run_is_of_one_follow_up(self):
        run = [*usual(5), entry("1h", 7, None, "same"), entry("5h", 7)]
        assert found(R2, session(), *run)
        assert not found(R2, session(), session("4h", before=5), *run)

    def test_pain_after_may_start_it(self):
        assert the(R2, session(before=5, after=7), *usual(5), entry("4h", 7)).evidence == ("4h",)
        assert not found(R2, session(before=5, after=7), *usual(5), entry("4h -1s", 7))


class TestSoreness:
    """(iii)"""

    def test_soreness_7_fires_whatever_the_pain(self):
        assert the(R2, session(), entry("1h", 0, 7)).evidence == ("1h",)
        assert not found(R2, session(), entry("1h", 0, 6))


class TestWithoutBaseline:
    """(iv)"""

    @pytest.mark.parametrize(("compared", "fires"), [(None, True), ("worse", True), ("better", False), ("same", False)])
    def test_pain_7_fires_unless_said_to_be_no_worse(self, compared, fires):
        assert bool(found(R2, session(), entry("1h", 7, None, compared))) is fires

    def test_pain_6_does_not(self):
        assert not found(R2, session(), entry("1h", 6, None, "worse"))

    def test_with_a_baseline_it_is_not_asked(self):
        assert not found(R2, session(), intake(5), entry("1h", 7))


class TestOneFindingNotOneASession:
    """Both sessions have a baseline of 3: what lies between is less than 48 h after the first, so not settled."""

    SESSIONS = (session(), session("40h", before=3), *usual(3))
    FIRST = (*SESSIONS, entry("20h", 8))

    def sessions(self, *parts):
        return [finding.session for finding in found(R2, *parts)]

    def test_a_severe_pain_that_goes_on_opens_no_new_one(self):
        assert self.sessions(*self.SESSIONS, entry("41h", 8), entry("60h", 8)) == ["S 40h"]
        assert self.sessions(*self.FIRST, entry("41h", 8), entry("60h", 8)) == ["S 0h"]

    def test_unless_an_observation_between_had_pain_below_7(self):
        assert self.sessions(*self.FIRST, entry("30h", 7), entry("41h", 8)) == ["S 0h"]
        first, second = found(R2, *self.FIRST, entry("30h", 6), entry("41h", 8))
        assert (first.state, second.session, second.fired_at) == ("open", "S 40h", at("41h"))

    def test_pain_after_of_the_next_session_is_one(self):
        first = [session(), *usual(3), entry("20h", 8), entry("41h", 8)]
        assert self.sessions(*first, session("40h", before=3, after=7)) == ["S 0h"]
        assert self.sessions(*first, session("40h", before=3, after=6)) == ["S 0h", "S 40h"]

    def test_the_observation_between_may_be_in_no_follow_up(self):
        far = [session(), session("20d", before=3), *usual(3), entry("11d", 10), entry("20d 1h", 9)]
        assert self.sessions(*far, entry("16d", 7)) == ["S 0h"]
        assert self.sessions(*far, entry("16d", 6)) == ["S 0h", "S 20d"]

    def test_or_pain_is_higher_than_at_the_firing_and_ever_since(self):
        assert self.sessions(*self.FIRST, entry("41h", 9)) == ["S 0h", "S 40h"]
        assert self.sessions(*self.FIRST, entry("30h", 9), entry("41h", 9)) == ["S 0h"]
        assert self.sessions(*self.FIRST, entry("30h", 9), entry("41h", 10)) == ["S 0h", "S 40h"]

    def test_also_where_the_firing_was_the_first_observation_of_all(self):
        parts = [session(before=3), session("7d", before=3), entry("5h", 7), entry("7d 5h", 9)]
        assert [finding.evidence for finding in found(R2, *parts)] == [("5h",), ("7d 5h",)]

    def test_as_high_as_since_the_firing_is_not_higher(self):
        parts = [session(before=3), session("7d", before=3), entry("5h", 7), entry("6d", 9), entry("7d 5h", 9)]
        assert [finding.evidence for finding in found(R2, *parts)] == [("5h",)]

    def test_a_run_opens_no_new_one_either(self):
        run = [entry("41h", 7, None, "same"), entry("53h", 7, None, "same")]
        assert self.sessions(*self.SESSIONS, *run) == ["S 40h"]
        assert self.sessions(*self.FIRST, *run) == ["S 0h"]

    def test_nor_does_a_pain_without_a_baseline(self):
        assert self.sessions(session(), session("40h"), entry("20h", 8, 7), entry("60h", 8)) == ["S 0h"]

    def test_soreness_always_opens_its_own(self):
        assert self.sessions(*self.FIRST, entry("41h", 8, 6)) == ["S 0h"]
        assert self.sessions(*self.FIRST, entry("41h", 8, 7)) == ["S 0h", "S 40h"]

    def test_a_pain_below_7_at_the_firing_itself_is_not_one_after_it(self):
        sore = [*self.SESSIONS, entry("20h", 6, 7), entry("30h", 8)]
        assert self.sessions(*sore, entry("41h", 8)) == ["S 0h"]
        assert self.sessions(*sore, entry("41h", 9)) == ["S 0h", "S 40h"]

    def test_once_the_earlier_finding_has_resolved_a_new_one_opens(self):
        living_at_8 = [session(), intake(7), entry("1h", 10), entry("2h", 8), session("40h", before=3), entry("41h", 8)]
        assert self.sessions(*living_at_8, entry("26h", 8)) == ["S 0h", "S 40h"]
        assert self.sessions(*living_at_8, entry("26h", 9)) == ["S 0h"]

    def test_at_the_observation_that_resolves_it_it_is_no_longer_open(self):
        living_at_8 = [session(), intake(7), entry("1h", 10), entry("18h", 8), session("40h", before=3)]
        assert self.sessions(*living_at_8, entry("42h -1s", 8)) == ["S 0h"]
        assert self.sessions(*living_at_8, entry("42h", 8)) == ["S 0h", "S 40h"]

    def test_the_oldest_that_goes_on_decides(self):
        parts = [session(), session("40h", before=3), session("45h", before=3), *usual(3)]
        rising = [entry("20h", 8), entry("41h", 9)]
        assert self.sessions(*parts, *rising, entry("46h", 9)) == ["S 0h", "S 40h"]
        assert self.sessions(*parts, *rising, entry("46h", 10)) == ["S 0h", "S 40h", "S 45h"]

    def test_one_that_has_resolved_gives_way_to_a_later_one_that_goes_on(self):
        parts = [session(), intake(7), entry("1h", 10), entry("2h", 8), entry("26h", 8)]
        parts += [session("40h", before=3), entry("41h", 8), session("45h", before=3)]
        assert self.sessions(*parts, entry("46h", 8)) == ["S 0h", "S 40h"]
        assert self.sessions(*parts, entry("46h", 9)) == ["S 0h", "S 40h", "S 45h"]

    def test_an_own_finding_that_has_resolved_is_no_reason_for_silence(self):
        parts = [session(), intake(7), entry("1h", 10), entry("2h", 8), entry("26h", 8), entry("27h", 10)]
        assert self.sessions(*parts) == ["S 0h", "S 0h"]


class TestResolving:
    def resolved(self, *later):
        return the(R2, session(), *usual(3), entry("1d", 8), *later)

    def test_it_resolves_where_a_calm_run_reaches_24_hours(self):
        assert self.resolved(entry("2d", 6), entry("3d", 6)).resolved_at == at("3d")
        assert self.resolved(entry("2d", 6), entry("3d -1s", 6)).state == "open"

    def test_the_run_lies_wholly_after_the_observation_that_fired(self):
        assert self.resolved(entry("2d 1h", 6)).state == "open"

    def test_pain_7_breaks_the_run(self):
        assert self.resolved(entry("2d", 6), entry("2d 6h", 7), entry("3d", 6)).state == "open"

    def test_but_not_where_it_is_within_a_point_of_the_baseline_and_not_worse(self):
        fired = [session(), *usual(6), entry("1d", 9)]
        assert the(R2, *fired, entry("2d", 7), entry("3d", 7)).resolved_at == at("3d")
        assert the(R2, *fired, entry("2d", 7), entry("3d", 7, None, "worse")).state == "open"
        assert the(R2, *fired, entry("2d", 7), entry("3d", 8)).state == "open"

    def test_worse_below_7_is_calm(self):
        assert self.resolved(entry("2d", 6, None, "worse"), entry("3d", 6, None, "worse")).state == "resolved"

    def test_soreness_7_breaks_the_run_and_6_does_not(self):
        assert self.resolved(entry("2d", 3, 6), entry("3d", 3)).state == "resolved"
        assert self.resolved(entry("2d", 3, 7), entry("3d", 3)).state == "open"

    def test_where_soreness_fired_it_one_answer_about_it_is_needed(self):
        fired = [session(), *usual(3), entry("1d", 3, 7)]
        assert the(R2, *fired, entry("2d", 3), entry("3d", 3)).state == "open"
        assert the(R2, *fired, entry("2d", 3), entry("3d", 3), entry("4d", 3, 2)).resolved_at == at("4d")
        assert the(R2, *fired, entry("2d", 3, 2), entry("3d", 3)).resolved_at == at("3d")

    def test_an_answer_before_the_run_was_broken_is_none(self):
        fired = [session(), *usual(3), entry("1d", 3, 7)]
        assert the(R2, *fired, entry("36h", 3, 2), entry("40h", 9), entry("2d", 3), entry("3d", 3)).state == "open"

    def test_where_pain_and_soreness_fired_it_together_too(self):
        assert the(R2, session(), *usual(3), entry("1d", 8, 7), entry("2d", 3), entry("3d", 3)).state == "open"

    def test_without_a_baseline_pain_below_7_is_calm(self):
        fired = [session(), entry("1d", 8)]
        assert the(R2, *fired, entry("2d", 6), entry("3d", 6)).state == "resolved"
        assert the(R2, *fired, entry("2d", 6), entry("3d", 7, None, "same")).state == "open"

    def test_the_run_may_cross_follow_ups(self):
        fired = [session(), *usual(3), entry("1d", 8), entry("2d", 6), entry("3d", 6)]
        assert the(R2, *fired, session("2d 12h", before=6, after=6)).resolved_at == at("3d")
        assert found(R2, *fired, session("2d 12h", before=6, after=7))[0].state == "open"

    def test_once_resolved_it_can_fire_again_on_later_observations(self):
        parts = [session(), *usual(3), entry("1d", 8), entry("2d", 6), entry("3d", 6), entry("4d", 8)]
        first, second = found(R2, *parts)
        assert (first.resolved_at, second.fired_at, second.session) == (at("3d"), at("4d"), "S 0h")

    def test_while_open_it_does_not_fire_again(self):
        assert the(R2, session(), *usual(3), entry("1d", 8), entry("2d", 9), entry("3d", 10, 9)).fired_at == at("1d")

    def test_two_findings_may_look_for_the_same_calm_day(self):
        parts = [session(), session("40h", before=3), *usual(3)]
        parts += [entry("20h", 8), entry("30h", 6), entry("41h", 9), entry("50h", 3), entry("74h", 3)]
        assert [finding.resolved_at for finding in found(R2, *parts)] == [at("74h"), at("74h")]
