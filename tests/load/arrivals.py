"""A day of arrivals, simulated: how much of web, worker and database is used at the evening peak, how long one waits,
and how much more could come.

`python -m tests.load.arrivals` prints the table of docs/scaling.md. People come independently of one another, more of
them in the evening. Each request waits for the first server that is free and is worked on for a time that varies as an
exponential one does, which is more than requests really vary. A minute of each hour is simulated.
"""

import sys
from dataclasses import dataclass
from heapq import heapify, heapreplace
from random import Random
from statistics import quantiles

PATIENTS = 10_000_000
IN_TREATMENT, ENTRIES_A_DAY, READS_A_WRITE, NOTICES_A_DAY = 0.25, 1.5, 5, 1 / 3
HOURS = (1, 1, 1, 1, 1, 2, 4, 6, 6, 5, 5, 5, 6, 5, 5, 5, 6, 8, 12, 18, 25, 16, 6, 2)
"""What each hour of the day has of its requests, in parts of their sum; the busiest has four times the average."""
MINUTE, DAY = 60.0, 86_400
HELD_UP = 0.1  # seconds that 95 of 100 may wait for a server


@dataclass(frozen=True, slots=True)
class Tier:
    """Servers of one kind, how many requests a day each patient in treatment makes of them, and seconds for each."""

    name: str
    servers: int
    a_day: float
    seconds: float

    def rate(self, hour: int) -> float:
        """Return requests a second at one hour of the day."""
        whole_day = PATIENTS * IN_TREATMENT * self.a_day / DAY
        return whole_day * HOURS[hour] * len(HOURS) / sum(HOURS)


TIERS = (
    Tier("web processes", 12, ENTRIES_A_DAY * (1 + READS_A_WRITE), 0.0055),
    Tier("workers", 2, NOTICES_A_DAY, 0.020),
    Tier("database connections that commit", 8, ENTRIES_A_DAY + 2 * NOTICES_A_DAY, 0.004),
)


@dataclass(frozen=True, slots=True)
class Queue:
    """What a stretch of arrivals came to: the share of their time that servers worked, and the seconds each waited."""

    used: float
    waited: list[float]

    @property
    def late(self) -> float:
        """Seconds within which 95 of 100 were begun."""
        return quantiles(self.waited, n=20)[-1]


def queue(rate: float, servers: int, mean: float, seconds: float, chance: Random) -> Queue:
    """Let requests come at this rate for so many seconds to servers that need `mean` seconds for each."""
    free_at, waited, worked, now = [0.0] * servers, [], 0.0, 0.0
    heapify(free_at)
    while (now := now + chance.expovariate(rate)) < seconds:
        begins, work = max(now, free_at[0]), chance.expovariate(1 / mean)
        heapreplace(free_at, begins + work)
        waited.append(begins - now)
        worked += work
    return Queue(worked / servers / seconds, waited)


def at(tier: Tier, hour: int, times: float = 1) -> Queue:
    return queue(tier.rate(hour) * times, tier.servers, tier.seconds, MINUTE, Random(f"{tier.name} {hour} {times}"))


def headroom(tier: Tier, hour: int) -> float:
    """Return how many times the arrivals of an hour could come until 5 of 100 wait longer than a tenth of a second."""
    times = 1.0
    while at(tier, hour, times).late <= HELD_UP:
        times *= 1.1
    return times / 1.1


def table() -> str:
    peak = HOURS.index(max(HOURS))
    lines = [f"| at {peak}:00, {PATIENTS:,} patients | a second | in use | 95 of 100 wait at most | could bear |"]
    lines.append("| --- | --- | --- | --- | --- |")
    for tier in TIERS:
        busy, rate = at(tier, peak), tier.rate(peak)
        waits = f"{busy.late * 1000:.0f} ms"
        could = f"{headroom(tier, peak):.1f} times as many"
        lines.append(f"| {tier.servers} {tier.name} | {rate:,.0f} | {busy.used:.0%} | {waits} | {could} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
