"""The command that makes the demo practice, where nobody is yet."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError

from diary.demo import making, removing
from diary.demo.letters import URGENCY
from diary.demo.people import signins
from diary.models import Flag
from tests.management.test_demo import MADE_AT, run


def test_a_password_is_of_this_site_alone(settings):
    here = [who["password"] for who in signins()]
    assert here == [who["password"] for who in signins()]
    settings.SECRET_KEY = "another site"
    assert not set(here) & {who["password"] for who in signins()}


def test_it_refuses_where_real_people_are(db, monkeypatch, ana):
    monkeypatch.setattr(removing, "DOMAIN", "nobody.example")
    with pytest.raises(CommandError, match="other people"):
        run()


def test_a_failure_half_way_leaves_nothing(db, monkeypatch):
    monkeypatch.setattr(making, "PATIENTS", making.PATIENTS[:1])
    with pytest.raises(ZeroDivisionError):
        making.make(MADE_AT, lambda count: 1 // 0)
    assert not removing.is_there()


@pytest.mark.parametrize("minute", [5, 24 * 60 - 5])
def test_it_is_made_at_any_hour(db, monkeypatch, minute):
    """What a patient says of a flag comes after it, also where the flag rose last evening."""
    monkeypatch.setattr(making, "PATIENTS", [one for one in making.PATIENTS if one.name in URGENCY])
    making.make(MADE_AT.replace(hour=0) + timedelta(minutes=minute))
    said = Flag.objects.exclude(patient_urgency="").values_list("patient__name", flat=True)
    assert {*said} == {*URGENCY}


def test_it_says_how_far_it_is_and_who_signs_in(db, monkeypatch):
    monkeypatch.setattr(making, "PATIENTS", making.NEW)
    progress = StringIO()
    said = run("--now", MADE_AT.isoformat(), stderr=progress)
    assert progress.getvalue() == "Making the demo practice: 2 of 2 patients\n"
    assert all(who["password"] in said for who in signins())


NO_INSTANTS = (
    "",
    "yesterday",
    "2026-03-10",
    "2026-03-10T12:00:00",
    "2026-13-45T00:00Z",
    "0001-01-01T00:00Z",
    "9999-12-31T00:00Z",
)


@pytest.mark.parametrize("wrong", NO_INSTANTS)
def test_an_instant_that_is_none_is_refused(db, wrong):
    with pytest.raises(CommandError, match="--now"):
        run("--now", wrong)
