"""Proportions with their intervals."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diary.clinical.rates import compare, limits, wilson


@pytest.mark.parametrize(
    ("numerator", "denominator", "low", "high"),
    [
        (0, 50, 0.0, 0.0713),
        (5, 50, 0.0435, 0.2136),
        (50, 50, 0.9287, 1.0),
        (1, 10, 0.0179, 0.4042),
        (81, 263, 0.2553, 0.3662),  # R. G. Newcombe, 1998, table I
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals(numerator, denominator, low, high):
    assert wilson(numerator, denominator) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_of_none_anything_is_possible():
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
@settings(max_examples=200)
def test_the_share_lies_within_its_interval_and_that_within_0_and_1(counts):
    numerator, denominator = counts
    low, high = wilson(numerator, denominator)
    assert 0 <= low <= numerator / denominator <= high <= 1
    mirrored = wilson(denominator - numerator, denominator)
    assert mirrored == (pytest.approx(1 - high), pytest.approx(1 - low))


class TestCompare:
    def test_above_where_the_whole_interval_is(self):
        assert compare(20, 50, 0.1, 0.2) == "above"

    def test_below_where_the_whole_interval_is(self):
        assert compare(0, 100, 0.1, 0.2) == "below"

    def test_overlapping_otherwise(self):
        assert compare(5, 50, 0.1, 0.2) == "overlaps"
        assert compare(20, 100, 0.1, 0.2) == "overlaps"

    def test_too_few_where_nought_would_be_compatible_with_more(self):
        assert compare(0, 50, 0, 0.05) == "too few"  # compatible with 7 %
        assert compare(0, 73, 0, 0.05) == "overlaps"
        assert compare(0, 0, 0.1, 0.2) == "too few"

    def test_what_is_plainly_above_is_said_however_few(self):
        assert compare(3, 50, 0, 0.0001) == "above"


def test_touching_a_published_range_is_overlapping_it():
    low, high = wilson(30, 50)
    assert compare(30, 50, 0.0, low) == "overlaps"
    assert compare(30, 50, high, 1.0) == "overlaps"
    assert compare(1, 50, 0.0, wilson(0, 50).high) == "overlaps"


def test_limits_are_three_standard_errors_within_nought_and_one():
    low, high = limits(0.2, 100)
    assert (round(low, 3), round(high, 3)) == (0.08, 0.32)
    assert limits(0.05, 10).low == 0.0
    assert limits(0.95, 10).high == 1.0
    assert limits(0.5, 0) == (0.0, 1.0)
