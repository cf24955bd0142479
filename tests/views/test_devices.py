"""My apps and devices: a token each, shown once, ended at any time."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from diary.actions import people, tokens
from diary.models import Event, Notification, Token
from tests.views.test_today import text


@pytest.fixture
def proved(signed_in):
    """Return a function that gives a client of somebody who has just said their password again."""

    def entered(person):
        client = signed_in(person)
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
        return client

    return entered


ANSWERS = {"name": "laptop", "scope": "own", "days": "90"}


@pytest.mark.asvs("V7.5.1")
def test_add_asks_who_it_is_again(signed_in, ana):
    for answer in (signed_in(ana).get("/devices/add/"), signed_in(ana).post("/devices/add/", ANSWERS)):
        assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not Token.objects.exists()


def test_add_shows_a_secret_once_and_keeps_its_digest(proved, ana):
    client = proved(ana)
    shown = client.post("/devices/add/", ANSWERS, follow=True).content.decode()
    secret = "settle_" + shown.partition("settle_")[2].partition("<")[0]
    token = Token.objects.get()
    assert len(secret) == 50
    assert tokens.opened(secret, now=timezone.now()) == token
    assert secret not in str(Token.objects.values())
    assert "settle_" not in client.get("/devices/").content.decode()
    assert timedelta(days=89) < token.expires_at - timezone.now() <= timedelta(days=90)
    assert Event.objects.about(ana.pk).filter(verb="token-added", new="own").exists()
    assert Notification.objects.filter(recipient=ana, kind="token-added").exists()


@pytest.mark.parametrize("wrong", [{"scope": "shared"}, {"name": ""}, {"days": "9999"}, {"scope": ""}])
def test_add_refuses_what_is_not_on_offer(proved, ana, wrong):
    answer = proved(ana).post("/devices/add/", ANSWERS | wrong)
    assert answer.status_code == 200
    assert "field-error" in answer.content.decode()
    assert not Token.objects.exists()


def test_add_ends_at_ten(proved, ana, token):
    for _ in range(tokens.MOST):
        token(ana, "own")
    answer = proved(ana).post("/devices/add/", ANSWERS)
    assert "end one first" in text(answer)
    assert Token.objects.count() == tokens.MOST


def test_add_counts_none_that_a_new_password_has_ended(proved, ana, token):
    for _ in range(tokens.MOST):
        token(ana, "own")
    ana.set_password("quite another sentence")
    ana.save()
    assert proved(ana).post("/devices/add/", ANSWERS)["Location"] == "/devices/"


def test_list_says_what_reads_and_when_it_last_did(signed_in, ana, token, ask):
    assert "Nothing reads in your place" in text(signed_in(ana).get("/devices/"))
    secret = token(ana, "flags", name="watch")
    assert "not used yet" in text(signed_in(ana).get("/devices/"))
    ask(secret, "/me")
    page = text(signed_in(ana).get("/devices/"))
    assert "watch" in page
    assert "last used" in page


def test_list_leaves_out_what_a_new_password_has_ended(signed_in, ana, token):
    token(ana, "own", name="old one")
    ana.set_password("quite another sentence")
    ana.save()
    assert "old one" not in text(signed_in(ana).get("/devices/"))


def test_add_in_a_session_that_was_ended_meanwhile_opens_nothing(ana, admin):
    asking = type(ana).objects.get(pk=ana.pk)  # the session of another hand, whose request has begun
    people.sign_out(by=admin, now=timezone.now(), user=ana)
    said = {"name": "phone", "scope": "own", "lasts": timedelta(days=1)}
    secret = tokens.add(by=asking, now=timezone.now(), **said)
    assert tokens.opened(secret, now=timezone.now()) is None


def test_revoke_ends_a_token_at_once(signed_in, ana, token, ask):
    secret = token(ana, "own")
    assert ask(secret, "/me").status_code == 200
    assert "can read nothing any more" in text(
        signed_in(ana).post(f"/devices/{Token.objects.get().pk}/revoke/", follow=True)
    )
    assert ask(secret, "/me").status_code == 401
    assert Event.objects.about(ana.pk).filter(verb="token-revoked").exists()


def test_revoke_is_the_owners(signed_in, ana, ben, token):
    token(ana, "own")
    assert signed_in(ben).post(f"/devices/{Token.objects.get().pk}/revoke/").status_code == 404
