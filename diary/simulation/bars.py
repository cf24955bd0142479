"""What the rules are held to, set before there was a figure."""

from collections.abc import Callable
from operator import ge, le
from typing import NamedTuple

from diary.simulation.cases import AGGRAVATION, LINGERING_SORENESS, OTHER, SORENESS
from diary.simulation.tally import Share, Tally

WITHIN_TWO_DAYS = (SORENESS, OTHER, AGGRAVATION)


class Bar(NamedTuple):
    """A limit as a share: at least or at most so much of what `share` counts."""

    name: str
    holds: Callable[[float, float], bool]
    limit: float
    share: Callable[[Tally], Share]
    unit: str = " %"

    @property
    def wanted(self) -> str:
        return f"{'>=' if self.holds is ge else '<='} {100 * self.limit:g}{self.unit}"


class Verdict(NamedTuple):
    """A bar with its figure. `result` goes by the figure alone; `clear` says that its whole interval agrees."""

    bar: Bar
    share: Share
    result: str
    clear: bool


def verdicts(tally: Tally) -> list[Verdict]:
    return [_verdict(bar, bar.share(tally)) for bar in BARS]


def _verdict(bar: Bar, share: Share) -> Verdict:
    if share.value is None:
        return Verdict(bar, share, "cannot tell", clear=False)
    met, interval = bar.holds(share.value, bar.limit), share.interval
    ends = [bar.holds(end, bar.limit) == met for end in interval] if interval else [True]
    return Verdict(bar, share, "met" if met else "missed", clear=all(ends))


BARS = (
    Bar("practitioner-facing flags per 100 sessions", le, 0.15, lambda tally: tally.told, unit=""),
    Bar(
        "lingering soreness told, given an entry after 48 h",
        ge,
        0.95,
        lambda tally: tally.told_of(LINGERING_SORENESS),
    ),
    Bar("expected reactions left silent", ge, 0.95, lambda tally: tally.silent_on(WITHIN_TWO_DAYS)),
    Bar("progressive harm: course confirmed", ge, 0.85, lambda tally: tally.confirmed),
    Bar("well patients with a course confirmed as worse", le, 0.02, lambda tally: tally.confirmed_of_well),
)
