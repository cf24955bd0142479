"""The seeds of second steps: sealed in the database, readable under a former key, and of no use under a stranger's."""

import importlib

import pytest
import time_machine
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from diary import checkup, seals
from diary.actions import second_steps
from tests.people import SECRET
from tests.security.test_sessions import open_for, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def _clock(now):
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def in_force(settings):
    """Return a function that puts another key in force, beside former ones."""

    def put(key, *former):
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = key, [*former]

    return put


def gets_in(person, now):
    client = Client()
    sign_in(client, person, now)
    return open_for(client, "/worklist/")


def test_a_copy_of_the_database_holds_no_seed(paula):
    codes = RecoveryCodes.activate(paula)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in kept
    assert len(set(codes.generate_codes())) == 10
    assert seals.unseal(Authenticator.objects.get(type="recovery_codes").data["seed"]) not in kept


@pytest.mark.usefixtures("_clock")
def test_a_former_key_opens_until_all_is_sealed_anew(paula, now, settings, in_force):
    former = settings.SECRET_KEY
    in_force("the next one", former)
    assert gets_in(paula, now)
    call_command("reseal")
    in_force("the next one")
    assert second_steps.unreadable() == 0


@pytest.mark.usefixtures("_clock")
def test_without_its_key_nobody_gets_in_and_the_doctor_says_why(paula, now, in_force):
    in_force("a stranger's")
    assert not gets_in(paula, now)
    steps = Authenticator.objects.count()
    check = checkup.keys(timezone.now())
    assert (check.is_well, check.said) == (False, f"{steps} second steps cannot be read")
    with pytest.raises(SystemExit):
        call_command("reseal")
    assert second_steps.unreadable() == steps


def test_what_stands_for_an_unreadable_seed_is_another_each_time(in_force):
    """An empty one, or one that is known, would let in whoever computes its codes."""
    sealed = seals.seal(SECRET)
    in_force("a stranger's")
    found = {get_adapter().decrypt(sealed) for _ in range(50)}
    assert (len(found), min(map(len, found))) == (50, len(SECRET))


def test_a_seed_from_before_is_sealed_once_however_often_the_step_is_run(paula):
    step = Authenticator.objects.get(user=paula)
    Authenticator.objects.filter(pk=step.pk).update(data={"secret": SECRET})
    migration = importlib.import_module("diary.migrations.0026_second_steps_sealed")
    kept = []
    for _run in range(2):
        migration.seal(apps, None)
        kept.append(Authenticator.objects.get(pk=step.pk).data["secret"])
    assert kept[0] == kept[1] != SECRET
    assert seals.unseal(kept[0]) == SECRET
    migration.unseal(apps, None)
    assert Authenticator.objects.get(pk=step.pk).data["secret"] == SECRET
