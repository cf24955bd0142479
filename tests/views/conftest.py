"""Pages ask the clock; in their tests it stands where the people of the tests stand."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from diary.actions import accounts


@pytest.fixture(autouse=True)
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def severe(treat, log, paula):
    """Return a function that brings a patient into severe pain after a session two days ago, usual pain 3."""

    def suffered(patient):
        for days in (5, 4, 3):
            log(patient, 3, ago=timedelta(days=days))
        treat(patient, by=paula, ago=timedelta(days=2), pain_before=3)
        log(patient, 8, ago=timedelta(hours=1), compared="worse")

    return suffered


@pytest.fixture
def invited(paula, now):
    """An invitation of Paula's to Clara, who has no account."""
    return accounts.invite(by=paula, now=now, email="clara@settle.example", role="patient", name="Clara")


@pytest.fixture
def link(invited):
    """The address of that invitation."""
    return reverse("join-show", args=[invited.token])
