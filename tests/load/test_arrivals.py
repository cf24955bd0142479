"""The simulated day: a queue that waits as theory says, and the table of the page that is the one printed."""

from math import factorial
from pathlib import Path
from random import Random

import pytest

from tests.load import arrivals

PAGE = Path(__file__).parents[2] / "docs/scaling.md"


def waiting_in_theory(rate: float, servers: int, mean: float) -> float:
    """Return the mean wait in seconds of Erlang's formula for so many servers (M/M/c)."""
    offered = rate * mean
    busy = offered**servers / factorial(servers) * servers / (servers - offered)
    waits = busy / (sum(offered**number / factorial(number) for number in range(servers)) + busy)
    return waits * mean / (servers - offered)


@pytest.mark.parametrize(("rate", "servers", "mean"), [(60, 1, 0.01), (300, 4, 0.01), (900, 12, 0.01)])
def test_it_waits_as_long_as_theory_says(rate, servers, mean):
    simulated = arrivals.queue(rate, servers, mean, 400, Random(1)).waited
    assert sum(simulated) / len(simulated) == pytest.approx(waiting_in_theory(rate, servers, mean), rel=0.1)


def test_one_server_fewer_than_needed_is_found_out():
    """The control: more comes than can be done, and the wait has no end."""
    assert arrivals.queue(120, 1, 0.01, 60, Random(1)).late > 1


def test_the_busiest_hour_has_four_times_the_average():
    assert max(arrivals.HOURS) * 24 / sum(arrivals.HOURS) == pytest.approx(4, abs=0.2)


def test_the_page_shows_what_is_printed():
    assert arrivals.table() in PAGE.read_text()
