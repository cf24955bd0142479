"""R5: worsening that persists after multiple sessions calls for a medical evaluation."""

import pytest

from diary.clinical.rules.worsening_course import RULE
from tests.clinical.builders import at, case, entry, found, intake, session, the

R5 = "worsening-course"


def week(number, pain, **more):
    """A session and, three days later, its settled level."""
    return [session(f"{7 * number}d", **more), entry(f"{7 * number + 3}d", pain)]


def weeks(*pains):
    return [part for number, pain in enumerate(pains) for part in week(number, pain)]


def settled(*parts):
    return [(level.session, level.value) for level in case(*parts).settled_levels]


def test_the_rule():
    assert (RULE.code, RULE.highest) == (R5, "priority")
    assert (RULE.sources["rule"], RULE.sources["three sessions"]) == ("document", "ours")


class TestSettledLevel:
    def test_entries_more_than_48_hours_up_to_8_days_after(self):
        assert settled(session(), entry("48h", 9)) == []
        assert settled(session(), entry("48h 1s", 9)) == [("S 0h", 9)]
        assert settled(session(), entry("8d", 9)) == [("S 0h", 9)]
        assert settled(session(), entry("8d 1s", 9)) == []

    def test_before_the_next_session(self):
        assert settled(session(), session("3d"), entry("3d", 9)) == []
        assert settled(session(), session("3d"), entry("3d -1s", 9)) == [("S 0h", 9)]

    def test_pain_after_is_no_entry(self):
        assert settled(session(), session("3d", after=9)) == []

    def test_the_next_pain_before_belongs_to_it_where_it_is_in_the_range(self):
        assert settled(session(), session("3d", before=6)) == [("S 0h", 6)]
        assert settled(session(), session("48h", before=6)) == []
        assert settled(session(), session("48h 1s", before=6)) == [("S 0h", 6)]
        assert settled(session(), session("8d", before=6)) == [("S 0h", 6)]
        assert settled(session(), session("8d 1s", before=6)) == []

    def test_the_median_of_24_hour_buckets_counted_forward_from_48_hours(self):
        day = [entry("48h 1s", 9), entry("60h", 9), entry("100h", 2)]
        assert settled(session(), *day, entry("72h", 1)) == [("S 0h", 5.5)]  # (9, 9, 1) and (2)
        assert settled(session(), *day, entry("72h 1s", 1)) == [("S 0h", 2)]  # (9, 9), (1) and (2)

    def test_the_next_pain_before_lies_in_the_bucket_of_its_instant(self):
        parts = [session(), session("72h", before=1), entry("60h", 5)]
        assert settled(*parts) == [("S 0h", 3)]


class TestConfirmed:
    def test_three_settled_levels_a_rise_above_the_course(self):
        finding = the(R5, intake(3), *weeks(5, 5, 5))
        assert (finding.session, finding.symptom, finding.code, finding.level) == ("S 14d", None, None, "priority")
        assert (finding.fired_at, finding.evidence, finding.state) == (at("17d"), ("3d", "10d", "17d"), "open")

    def test_two_are_too_few(self):
        assert not found(R5, intake(3), *weeks(5, 5))

    def test_the_rise_is_2_though_provisional(self):
        assert the(R5, intake(2), *weeks(4, 4, 4)).level == "priority"

    def test_and_3_where_the_course_is_below_2(self):
        assert not found(R5, intake(1), *weeks(3, 3, 3))
        assert the(R5, intake(1), *weeks(4, 4, 4)).level == "priority"

    def test_sessions_without_a_settled_level_are_passed_over(self):
        parts = [*week(0, 5), session("7d"), *week(2, 5), *week(3, 5)]
        assert the(R5, intake(3), *parts).session == "S 21d"

    def test_the_course_is_the_baseline_of_the_first_session(self):
        assert found(R5, *weeks(5, 5, 5), entry("-1d", 3))
        assert not found(R5, *weeks(5, 5, 5), entry("-1d", 4))
        assert not found(R5, *weeks(9, 9, 9))

    def test_it_fires_at_the_first_rating_of_the_range(self):
        finding = the(R5, intake(3), *weeks(5, 5, 5), entry("19d", 5), entry("20d", 5))
        assert (finding.fired_at, finding.evidence) == (at("17d"), ("3d", "10d", "17d", "19d", "20d"))

    def test_a_pain_before_has_no_id_and_may_be_the_first_rating(self):
        finding = the(R5, intake(3), *weeks(5, 5), session("14d", before=5), session("20d", before=5))
        assert (finding.session, finding.fired_at, finding.evidence) == ("S 14d", at("20d"), ("3d", "10d"))


class TestWatch:
    def test_the_latest_and_one_other_with_none_below_course_and_a_point(self):
        assert the(R5, intake(3), *weeks(5, 4, 5)).level == "review"
        assert the(R5, intake(3), *weeks(4, 5, 5)).level == "review"

    def test_the_latest_must_be_one(self):
        assert not found(R5, intake(3), *weeks(5, 5, 4))

    def test_one_alone_is_too_few(self):
        assert not found(R5, intake(3), *weeks(4, 4, 5))

    def test_one_below_course_and_a_point_is_too_good(self):
        assert not found(R5, intake(3), *weeks(5, 3, 5))

    def test_a_watch_that_is_confirmed_while_open_rises(self):
        finding = the(R5, intake(3), *weeks(4, 5, 5, 5))
        assert (finding.level, finding.session, finding.fired_at) == ("priority", "S 14d", at("17d"))


class TestResolving:
    def test_two_settled_levels_in_a_row_within_a_point_of_the_course(self):
        assert the(R5, intake(3), *weeks(5, 5, 5, 4)).state == "open"
        assert the(R5, intake(3), *weeks(5, 5, 5, 4, 4)).resolved_at == at("31d")
        assert the(R5, intake(3), *weeks(5, 5, 5, 4, 5, 4)).state == "open"

    def test_at_the_first_rating_in_the_seconds_range(self):
        assert the(R5, intake(3), *weeks(5, 5, 5, 4, 4), entry("34d", 4)).resolved_at == at("31d")

    def test_one_finding_is_open_at_a_time(self):
        assert len(found(R5, intake(3), *weeks(5, 5, 5, 5, 5, 5))) == 1

    def test_looking_back_may_reach_behind_a_resolution(self):
        first, second = found(R5, intake(3), *weeks(5, 5, 5, 4, 4, 5, 5))
        assert (first.state, second.session, second.level) == ("resolved", "S 42d", "review")
        assert second.evidence == ("31d", "38d", "45d")


@pytest.mark.parametrize("pains", [(10, 10, 10), (9, 9, 9)])
def test_without_room_it_cannot_fire(pains):
    assert not found(R5, intake(9), *weeks(*pains))
