"""What several tests of acts begin with."""

import pytest

from diary.models import Notification, ReminderPlan


@pytest.fixture
def queued(ana, paula, log):
    """One notification to Paula of a red flag that Ana reported just now."""
    log(ana, 5, red_flags=["saddle"], note="numb since lunch")
    return Notification.objects.get()


@pytest.fixture
def plan(ana):
    return ReminderPlan.objects.get(patient=ana)
