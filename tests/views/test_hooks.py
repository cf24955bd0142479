"""Webhooks: an admin says where the system of a practice is called."""

import time

import pytest

from diary.models import Event, Hook
from tests.views.test_today import text

URL = "https://system.example/settle"


@pytest.fixture
def proved(signed_in, admin):
    client = signed_in(admin)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(admin.pk)
    session.save()
    return client


def test_list_says_which_practice_is_called(signed_in, admin, practice):
    assert "not called" in text(signed_in(admin).get("/hooks/"))


def test_amend_asks_who_it_is_again(signed_in, admin, practice):
    answer = signed_in(admin).get(f"/hooks/{practice.pk}/amend/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_amend_shows_the_secret_once(proved, admin, practice):
    shown = proved.post(f"/hooks/{practice.pk}/amend/", {"url": URL}, follow=True).content.decode()
    secret = Hook.objects.get().secret
    assert secret in shown
    assert secret not in proved.get("/hooks/").content.decode()
    assert Event.objects.about(admin.pk).filter(verb="hook-saved", new=URL).exists()


@pytest.mark.parametrize("wrong", ["", "http://system.example/", "https://a:b@system.example/", "system.example"])
def test_amend_refuses_what_is_no_https_address(proved, practice, wrong):
    answer = proved.post(f"/hooks/{practice.pk}/amend/", {"url": wrong})
    assert "field-error" in answer.content.decode()
    assert not Hook.objects.exists()


def test_close_ends_it(proved, practice):
    proved.post(f"/hooks/{practice.pk}/amend/", {"url": URL})
    assert "called no more" in text(proved.post(f"/hooks/{practice.pk}/close/", follow=True))
    assert not Hook.objects.exists()
