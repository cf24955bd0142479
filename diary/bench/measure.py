"""Measuring in one process what a noisy machine can still tell: medians of interleaved calls, as ratios."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

RESAMPLES = 400
FLOOR, FLOOR_AGAIN = "floor", "floor, again"


@dataclass(frozen=True, slots=True)
class Ratio:
    """A median against the floor's, of wall and of CPU time, with the 95 % bounds of the wall ratio."""

    p50: float
    wall: float
    cpu: float
    lower: float
    upper: float

    def verdict(self, gate: float | None) -> str:
        """Return pass, fail or inconclusive: a gate is passed when the upper bound lies below it."""
        if gate is None:
            return ""
        if self.upper < gate:
            return "pass"
        return "fail" if self.lower > gate else "inconclusive"


Times = dict[str, list[tuple[float, float]]]


def run(
    works: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    tidy: Callable[[], object],
    tick: Callable[[], object],
) -> Times:
    """Call each work once to prime and once measured, in random order each round; return (wall, CPU) seconds.

    `tidy` runs after each measured call, outside its time, and takes away what the calls have written.
    """
    times: Times = {name: [] for name in works}
    order = list(works)
    for _ in range(rounds):
        random.shuffle(order)
        for name in order:
            works[name]()
            times[name].append(timed(works[name]))
            tidy()
        tick()
    return times


def timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def ratio(times: list[tuple[float, float]], floor: list[tuple[float, float]]) -> Ratio:
    """Return one work against the floor; the bounds come from resampling the rounds, which pair the two."""
    pairs = list(zip(times, floor, strict=True))
    resampled = sorted(wall_ratio(random.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    cpu = median(cpu for _, cpu in times) / median(cpu for _, cpu in floor)
    lower, upper = resampled[int(RESAMPLES * 0.025)], resampled[int(RESAMPLES * 0.975)]
    return Ratio(median(wall for wall, _ in times), wall_ratio(pairs), cpu, lower, upper)


def wall_ratio(pairs: list[tuple[tuple[float, float], tuple[float, float]]]) -> float:
    return median(work[0] for work, _ in pairs) / median(floor[0] for _, floor in pairs)
