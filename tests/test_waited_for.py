"""What is mailed at once, as pages ask for it: in our words and the reader's language, naming nobody."""

import re
from pathlib import Path

import allauth
import pytest
from django.urls import reverse

from config.accounts import TOLD
from diary.models import User
from diary.notices import waited_for
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def moving(client, ana):
    """Return a function that asks for another address of Ana's, as its page does."""
    client.force_login(ana)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return lambda address: client.post(reverse("account_email"), {"action_add": "", "email": address})


def is_ours(message, person):
    assert message.subject.startswith("Settle: ")
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert person.name not in message.message().as_string() + message.body
    assert not re.search(r"Hello|Thank you|sign ?up|testserver!", message.body)
    return True


def test_a_way_to_a_new_password_is_in_the_language_of_the_account(client, ana, mailoutbox):
    User.objects.filter(pk=ana.pk).update(language="de")
    client.post(reverse("account_reset_password"), {"email": ana.email}, headers={"Accept-Language": "es"})
    (message,) = mailoutbox
    assert is_ours(message, ana)
    assert message.subject == "Settle: Wählen Sie ein neues Passwort"
    assert "/accounts/password/reset/key/" in message.body


def test_an_unknown_address_is_not_told_to_make_an_account_where_nobody_can(client, ana, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": "nobody@settle.example"})
    (message,) = mailoutbox
    assert is_ours(message, ana)
    assert "by invitation" in message.body
    assert "http" not in message.body


def test_an_address_that_was_typed_is_not_told_whose_diary_it_is(moving, ana, mailoutbox):
    moving("not-hers@settle.example")
    (message,) = mailoutbox
    assert message.to == ["not-hers@settle.example"]
    assert is_ours(message, ana)
    assert re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", message.body, re.MULTILINE)


def test_a_change_is_told_to_the_former_address_without_the_new_one(client, moving, ana, mailoutbox):
    moving("new@settle.example")
    code = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", mailoutbox[-1].body, re.MULTILINE)[0]
    client.post(reverse("account_email_verification_sent"), {"code": code})
    assert User.objects.get(pk=ana.pk).email == "new@settle.example"
    message = mailoutbox[-1]
    assert message.to == [ana.email]
    assert is_ours(message, ana)
    assert "new@settle.example" not in message.body


@pytest.mark.parametrize("name", waited_for.SAYS)
def test_every_text_can_be_said(name):
    facts = {"password_reset_url": "https://settle.example/x", "code": "ABCD-EFGH"}
    assert "%(" not in waited_for.mail(name, "a@settle.example", facts).body


def test_nothing_is_mailed_at_once_that_has_no_words_here():
    """Of what the way in has texts for, the rest is told by the outbox, or belongs to what is switched off."""
    folder = Path(allauth.__file__).parent / "templates" / "account" / "email"
    known = {path.name.removesuffix("_message.txt") for path in folder.glob("*_message.txt")} - {"base"}
    by_outbox = {name.removeprefix("account/email/") for name in TOLD}
    assert known - by_outbox - {"email_confirm", "login_code", "password_reset_code"} == set(waited_for.SAYS)
