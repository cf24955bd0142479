"""A clock that tests of ways in and of sessions move."""

import pytest
import time_machine


@pytest.fixture
def clock(now):
    with time_machine.travel(now, tick=False) as moved:
        yield moved
