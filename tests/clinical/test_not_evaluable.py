"""Section 5 of the rules: what cannot be told, never a silent "no"."""

import pytest

from tests.clinical.builders import assessed, entry, intake, session, usual


def untold(*parts):
    return [(unknown.rule, unknown.session, unknown.reason) for unknown in assessed(*parts).not_evaluable]


def both(session, reason):
    return [("escalating-pain", session, reason), ("severe-pain", session, reason)]


class TestPain:
    def test_no_baseline_where_pain_was_observed_in_the_follow_up(self):
        assert untold(session(), entry("1h", 5)) == both("S 0h", "no-baseline")
        assert untold(session(after=5)) == both("S 0h", "no-baseline")

    def test_not_where_none_was(self):
        assert untold(session()) == []
        assert untold(session(), entry("14d 1s", 5)) == []

    def test_nor_where_there_is_a_baseline(self):
        assert untold(session(before=5), entry("1h", 5)) == []

    def test_no_room_above_8_where_no_observation_of_the_follow_up_answers_compared(self):
        assert untold(session(), *usual(9), entry("1h", 9)) == both("S 0h", "no-room")
        assert untold(session(), *usual(9), entry("1h", 9), entry("2h", 9, None, "same")) == []
        assert untold(session(), *usual(9), entry("14d 1s", 9, None, "same")) == both("S 0h", "no-room")

    def test_an_empty_follow_up_included(self):
        assert untold(session(), *usual(9)) == both("S 0h", "no-room")

    def test_at_8_there_is_room(self):
        assert untold(session(before=8)) == []

    def test_forms_that_need_no_baseline_are_still_judged(self):
        assessment = assessed(session(), entry("1h", 8))
        assert "severe-pain" in {finding.rule for finding in assessment.findings}
        assert assessment.not_evaluable


class TestCourse:
    SESSIONS = (session(), session("20d"), session("40d"))

    def test_no_baseline(self):
        assert untold(*self.SESSIONS) == [("worsening-course", "S 0h", "no-baseline")]

    @pytest.mark.parametrize(("pain", "reason"), [(9, "no-room"), (8, "no-settled-level")])
    def test_no_room_where_course_and_rise_leave_the_scale(self, pain, reason):
        others = [session("20d", before=5), session("40d", before=5)]
        rows = [row for row in untold(session(), *usual(pain), *others) if row[0] == "worsening-course"]
        assert rows == [("worsening-course", "S 0h", reason)]

    def test_no_settled_level_where_fewer_than_three_sessions_have_one(self):
        others = [intake(5), *self.SESSIONS, entry("3d", 5), entry("23d", 5)]
        assert untold(*others) == [("worsening-course", "S 0h", "no-settled-level")]
        assert untold(*others, entry("43d", 5)) == []

    def test_not_before_three_sessions_have_ended(self):
        assert untold(*self.SESSIONS[:2]) == []


def test_they_are_ordered_by_session_instant_then_rule():
    sessions = [session("40d", id="a", after=5), session("20d", id="b", after=5), session(id="c", after=5)]
    assert untold(*sessions) == [
        *both("c", "no-baseline"),
        ("worsening-course", "c", "no-baseline"),
        *both("b", "no-baseline"),
        *both("a", "no-baseline"),
    ]
