"""What several tests of acts begin with."""

from datetime import timedelta
from pathlib import Path

import pytest

from diary.actions import backups
from diary.models import Notification, ReminderPlan


@pytest.fixture
def queued(ana, paula, log):
    """One notification to Paula of a red flag that Ana reported just now."""
    log(ana, 5, red_flags=["saddle"], note="numb since lunch")
    return Notification.objects.get()


@pytest.fixture
def plan(ana):
    return ReminderPlan.objects.get(patient=ana)


@pytest.fixture
def _own_list(tmp_path: Path, settings) -> None:
    """The list of who was erased is this test's own."""
    settings.ERASED_LIST = tmp_path / "erased.list"


@pytest.fixture
def kept(ana, paula, log, treat, now) -> None:
    """A diary with something of everything."""
    treat(ana, ago=timedelta(days=2))
    log(ana, 6, ago=timedelta(hours=3), red_flags=["saddle"], note="numb, since lunch")


@pytest.fixture
def taken(kept: None, tmp_path: Path, now) -> backups.Taken:
    """A backup of that diary."""
    return backups.take(tmp_path / "backups", now=now)
