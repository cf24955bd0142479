"""What several journeys begin with."""

from datetime import timedelta

import pytest

from diary.actions import intakes
from tests.journeys.device import prepared

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


@pytest.fixture
def ready(page):
    """Return a function that opens Today for a person and waits until this device can do without the network."""
    return lambda person, **options: prepared(page(person, **options))


@pytest.fixture
def _today_is_now(monkeypatch, now):
    """Let the server stand where the tests stand."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def diary(ana, log, treat, now):
    """A session nine days ago that went badly, one three days ago that did not, and four silent days between."""
    intakes.save(by=ana, now=now - 20 * DAY, usual_pain=3)
    treat(ana, ago=9 * DAY)
    log(ana, 8, soreness=4, compared="worse", ago=9 * DAY - 3 * HOUR, now=now)
    log(ana, 6, soreness=2, ago=8 * DAY)
    treat(ana, ago=3 * DAY)
    log(ana, 4, soreness=2, ago=2 * DAY + 20 * HOUR)
    log(ana, 3, ago=2 * HOUR)
    return ana
