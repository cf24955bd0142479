"""Pages ask the clock; in their tests it stands where the people of the tests stand."""

import pytest
import time_machine


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield
