"""R3: sharp increases are to be told at once, during the session."""

import pytest

from diary.clinical.rules.sharp_rise import RULE
from tests.clinical.builders import at, entry, found, intake, session, the

R3 = "sharp-rise"


def test_the_rule():
    assert (RULE.code, RULE.highest, RULE.sources["rule"]) == (R3, "review", "document")


def test_a_sharp_increase_that_was_told_fires():
    finding = the(R3, session(sharp=True))
    assert (finding.session, finding.symptom, finding.code, finding.level) == ("S 0h", None, None, "review")
    assert (finding.fired_at, finding.evidence, finding.state) == (at("0h"), (), "open")


@pytest.mark.parametrize(
    ("before", "after", "fires"), [(2, 5, True), (2, 4, False), (None, 9, False), (0, None, False)]
)
def test_so_do_3_points_from_before_to_after(before, after, fires):
    assert bool(found(R3, session(before=before, after=after))) is fires


class TestResolving:
    def resolved_at(self, *parts, before=None, **told):
        return the(R3, session(sharp=True, before=before), *parts, **told).resolved_at

    def test_at_the_first_entry_within_a_point_of_pain_before(self):
        assert self.resolved_at(entry("1h", 5), entry("2h", 4), before=3) == at("2h")
        assert self.resolved_at(entry("1h", 5), before=3) is None

    def test_an_entry_as_the_session_ends_is_not_after_it(self):
        assert self.resolved_at(entry("0h", 3), before=3) is None
        assert self.resolved_at(entry("1s", 3), before=3) == at("1s")

    def test_pain_after_is_no_entry(self):
        assert the(R3, session(sharp=True, before=3, after=3)).resolved_at is None

    def test_pain_before_goes_before_the_baseline(self):
        assert self.resolved_at(entry("-1d", 9), entry("1h", 6), before=3) is None

    def test_else_it_is_the_baseline(self):
        assert self.resolved_at(intake(3), entry("1h", 5), entry("2h", 4)) == at("2h")
        assert self.resolved_at(intake(3), entry("1h", 5, None, "better")) is None

    @pytest.mark.parametrize(
        ("compared", "resolves"), [("better", True), ("same", True), ("worse", False), (None, False)]
    )
    def test_without_either_it_is_the_patients_word(self, compared, resolves):
        assert (self.resolved_at(entry("1h", 0, None, compared)) == at("1h")) is resolves

    def test_failing_that_at_the_next_session(self):
        assert self.resolved_at(entry("1h", 9), session("7d"), entry("8d", 0), before=3) == at("7d")

    def test_an_entry_past_14_days_still_resolves_it(self):
        assert self.resolved_at(entry("20d", 3), before=3) == at("20d")
