"""Section 2 of the rules: the baseline, and what is a rise above it."""

import pytest

from diary.clinical.baseline import Baseline, median
from diary.clinical.observations import Observation
from tests.clinical.builders import case, entry, intake, session


def baseline(*parts):
    """The baseline of the session that ended last."""
    return case(*parts).follow_ups[-1].baseline


def value(*parts):
    return baseline(*parts).value


def said(pain, compared=None):
    return Observation(0, pain, None, {}, compared, "e", 0, True)


class TestRatings:
    def test_pain_of_the_8_days_before_counts(self):
        assert value(session(), entry("-8d", 4)) == 4

    def test_a_second_longer_ago_does_not(self):
        assert baseline(session(), entry("-8d -1s", 4)) is None

    def test_an_observation_at_the_end_of_the_session_is_after_it(self):
        assert baseline(session(), entry("0h", 4)) is None
        assert value(session(), entry("-1s", 4)) == 4

    def test_pain_before_counts_at_the_end_of_the_session(self):
        assert value(session(before=6)) == 6

    def test_pain_before_of_an_earlier_session_is_no_observation(self):
        assert baseline(session("-4d", before=6), session()) is None

    def test_pain_after_of_an_earlier_session_is_an_observation(self):
        assert value(session("-4d", after=6), session()) == 6


class TestSettled:
    def test_a_rating_less_than_48_hours_after_a_session_is_used_only_where_there_are_no_others(self):
        restless = [session("-6d"), session(), entry("-5d", 9)]
        assert value(*restless) == 9
        assert value(*restless, entry("-3d", 2)) == 2

    def test_at_48_hours_it_is_settled(self):
        assert value(session("-6d"), session(), entry("-5d", 9), entry("-4d", 2)) == 2
        assert value(session("-6d"), session(), entry("-5d", 9), entry("-4d -1s", 2)) == 5.5

    def test_pain_before_is_settled_even_within_48_hours_of_the_session_before(self):
        assert value(session("-24h"), session(before=3), entry("-1h", 9)) == 3

    def test_what_is_observed_as_a_session_ends_is_not_settled(self):
        assert value(session("-4d", after=9), session(), entry("-1d", 2)) == 2

    def test_a_session_later_than_the_rating_unsettles_nothing(self):
        assert value(session("-24h"), session(), entry("-25h", 4), entry("-1h", 9)) == 4


class TestBuckets:
    def test_ten_entries_on_one_bad_day_weigh_as_much_as_one(self):
        bad_day = [entry(f"-{30 + hours}h", 9) for hours in range(10)]
        assert value(session(), *bad_day, entry("-3d", 3), entry("-4d", 3)) == 3

    def test_bucket_0_ends_with_the_session_and_leaves_out_24_hours_before(self):
        assert value(session(before=2), entry("-24h 1s", 4), entry("-3d", 9)) == 6  # (2, 4) and (9)
        assert value(session(before=2), entry("-24h", 4), entry("-3d", 9)) == 4  # (2), (4) and (9)

    def test_the_median_of_the_median_of_each_bucket(self):
        assert value(session(), entry("-1h", 1), entry("-2h", 2), entry("-3h", 9), entry("-30h", 7)) == 4.5

    @pytest.mark.parametrize(("values", "middle"), [([3], 3), ([3, 9], 6), ([9, 1, 2], 2), ([4, 1, 9, 5], 4.5)])
    def test_the_median_of_an_even_count_is_the_mean_of_the_middle_two(self, values, middle):
        assert median(values) == middle


class TestProvisional:
    def test_fewer_than_3_buckets_are_provisional(self):
        assert baseline(session(), entry("-1d", 4), entry("-2d", 4)) == Baseline(4, provisional=True)

    def test_3_buckets_are_not(self):
        assert baseline(session(), entry("-1d", 4), entry("-2d", 4), entry("-3d", 4)) == Baseline(4, provisional=False)

    def test_only_the_buckets_of_ratings_used_count(self):
        unsettled = [entry("-95h", 9), entry("-71h", 9)]
        assert baseline(session("-4d"), session(before=4), *unsettled, entry("-1d", 4)).provisional

    def test_without_ratings_it_is_the_intakes_usual_pain_and_provisional(self):
        assert baseline(session(), intake(5)) == Baseline(5, provisional=True)

    def test_a_usual_pain_of_nought_is_one(self):
        assert baseline(session(), intake(0)) == Baseline(0, provisional=True)

    def test_one_rating_goes_before_the_intake(self):
        assert value(session(before=3), intake(8)) == 3

    def test_without_even_that_there_is_none(self):
        assert baseline(session()) is None


class TestRise:
    @pytest.mark.parametrize(
        ("of", "compared", "rise"),
        [
            (Baseline(2, False), None, 2),
            (Baseline(1.75, False), None, 3),
            (Baseline(1.75, False), "worse", 3),
            (Baseline(5, True), None, 3),
            (Baseline(5, True), "same", 3),
            (Baseline(5, True), "better", 3),
            (Baseline(5, True), "worse", 2),
            (Baseline(1, True), "worse", 3),
        ],
    )
    def test_it_is_3_below_2_or_where_provisional_and_not_said_to_be_worse(self, of, compared, rise):
        assert of.rise(said(5, compared)) == rise


class TestRisen:
    def test_from_baseline_plus_the_rise(self):
        assert Baseline(4, False).risen(said(6))
        assert not Baseline(4.25, False).risen(said(6))

    def test_by_as_many_points_as_asked(self):
        assert Baseline(4, False).risen(said(7), by=3)
        assert not Baseline(4, False).risen(said(6), by=3)

    def test_up_to_8_the_top_of_the_scale_is_enough(self):
        assert Baseline(8, False).risen(said(10), by=3)
        assert not Baseline(8, False).risen(said(9))

    def test_above_8_it_takes_the_patients_word_and_a_point(self):
        assert Baseline(8.5, False).risen(said(10, "worse"), by=3)
        assert Baseline(9, True).risen(said(10, "worse"))
        assert Baseline(9.5, False).risen(said(10, "worse"))
        assert not Baseline(8.5, False).risen(said(9, "worse"))
        assert not Baseline(9, False).risen(said(9, "worse"))
        assert not Baseline(8.5, False).risen(said(10))
        assert not Baseline(8.5, False).risen(said(10, "same"))

    def test_there_is_room_up_to_8(self):
        assert Baseline(8, False).has_room
        assert not Baseline(8.25, False).has_room
