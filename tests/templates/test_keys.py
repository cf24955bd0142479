"""The pages of the second step where a key or a code was not the right one, and the list of keys."""

import pytest
from django.urls import reverse

from diary.actions import signins
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db

AUTHENTICATE = "mfa_authenticate"
NO_KEY = '{"of": "nobody"}'
NOT_THE_RIGHT_ONE = "This code or key does not fit."


def sent(client, page, **fields):
    return client.post(reverse(page), fields).content.decode()


@pytest.fixture
def half_way(client, paula):
    """A browser after the password, before the second step."""
    client.post(reverse("account_login"), {"login": paula.email, "password": PASSWORD})
    return client


def test_a_wrong_key_at_the_second_step_is_said(half_way):
    assert NOT_THE_RIGHT_ONE in sent(half_way, AUTHENTICATE, credential=NO_KEY)
    assert NOT_THE_RIGHT_ONE in sent(half_way, AUTHENTICATE, code="000000")


def test_too_many_codes_promise_no_way_round_the_second_step(half_way, paula):
    """A new password and an unlocked account open the password's limit, never this one."""
    for _ in range(5):
        sent(half_way, AUTHENTICATE, code="000000")
    signins.forget_tries(paula)  # as a new password and an admin do
    page = sent(half_way, AUTHENTICATE, code="000000")
    assert "Too many tries. Wait" in page
    assert "A new password by mail" not in page


def test_a_key_that_was_not_added_keeps_what_was_typed(signed_in, paula):
    client = signed_in(paula)
    sent(client, "account_reauthenticate", password=PASSWORD)
    page = sent(client, "mfa_add_webauthn", name="my blue key", credential=NO_KEY)
    assert NOT_THE_RIGHT_ONE in page
    assert 'value="my blue key"' in page
    assert "checked" not in page.split('name="passwordless"')[1].split(">")[0]  # it was not ticked
