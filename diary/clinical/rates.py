"""Proportions with their intervals, and how they stand beside a published range."""

from math import sqrt
from typing import NamedTuple

from diary.clinical.thresholds import Z_95


class Interval(NamedTuple):
    """Proportions between 0 and 1."""

    low: float
    high: float


def wilson(numerator: int, denominator: int) -> Interval:
    """Wilson's score interval at 95 % for `numerator` of `denominator`; of none, anything is possible.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
    """
    if denominator == 0:
        return Interval(0.0, 1.0)
    share, z2 = numerator / denominator, Z_95 * Z_95
    centre = share + z2 / (2 * denominator)
    reach = Z_95 * sqrt(share * (1 - share) / denominator + z2 / (4 * denominator * denominator))
    scale = 1 + z2 / denominator
    low = 0.0 if numerator == 0 else (centre - reach) / scale
    high = 1.0 if numerator == denominator else (centre + reach) / scale
    return Interval(low, high)


def compare(numerator: int, denominator: int, low: float, high: float) -> str:
    """Say how a rate stands beside a published range of `low` to `high`: "above", "below", "overlaps" or "too few".

    Too few is a denominator at which not even nought would rule a higher rate out: 0 in 50 is compatible with 7 %.
    """
    interval = wilson(numerator, denominator)
    if interval.low > high:
        return "above"
    if interval.high < low:
        return "below"
    return "too few" if wilson(0, denominator).high > high else "overlaps"


def limits(centre: float, denominator: int) -> Interval:
    """Return between which proportions a period of so many lies by chance alone in 997 of 1,000: a p-chart's limits.

    Source: W. A. Shewhart, Economic control of quality of manufactured product, 1931: three standard errors.
    """
    if denominator == 0:
        return Interval(0.0, 1.0)
    reach = 3 * sqrt(centre * (1 - centre) / denominator)
    return Interval(max(0.0, centre - reach), min(1.0, centre + reach))
