"""What several journeys begin with."""

import pytest

from tests.journeys.device import prepared


@pytest.fixture
def ready(page):
    """Return a function that opens Today for a person and waits until this device can do without the network."""
    return lambda person, **options: prepared(page(person, **options))
