"""Whether somebody has an account here is told by no page: the same bytes, in the same time."""

import re
import time
from statistics import median

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from diary.models import Tries
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


class Hasher(PBKDF2PasswordHasher):
    """As in production, a tenth of the work: about 30 ms, well above the rest of an answer."""

    iterations = 100_000


SLOW = ["tests.security.test_enumeration.Hasher"]
ROUNDS = 9
UNKNOWN = "nobody1@settle.example"  # as long as Ana's


def unmasked(answer, typed):
    """Return an answer without what differs at each: the masked token, and the address that was typed."""
    body = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", answer.content)
    return answer.status_code, answer.get("Location", ""), body.replace(typed.encode(), b"")


def ask(name, **typed):
    return Client().post(reverse(name), typed)


@pytest.fixture
def wrong_password(ana):
    return lambda email: ask("account_login", login=email, password="not the right one")


@pytest.fixture
def forgotten(ana):
    return lambda email: Client().post(reverse("account_reset_password"), {"email": email}, follow=True)


@pytest.fixture
def signed_up(ana):
    return lambda email: ask("account_signup", email=email, password1=PASSWORD, password2=PASSWORD)


@pytest.fixture
def shared_with(ben, signed_in):
    client = signed_in(ben)
    return lambda email: client.post("/shares/grant/", {"who": email}, follow=False)


@pytest.mark.parametrize("door", ["wrong_password", "forgotten", "signed_up", "shared_with"])
def test_the_same_bytes(door, ana, remy, request, figure):
    known = remy.email if door == "shared_with" else ana.email
    knock = request.getfixturevalue(door)
    assert unmasked(knock(known), known) == unmasked(knock(UNKNOWN), UNKNOWN)
    figure(f"bytes that tell an account, {door}", 0, "one known and one unknown address")


def test_the_same_bytes_once_locked(ana, wrong_password):
    pages = {email: [unmasked(wrong_password(email), email) for _ in range(7)] for email in (ana.email, UNKNOWN)}
    assert pages[ana.email] == pages[UNKNOWN]
    assert pages[ana.email][0] != pages[ana.email][6]


def test_a_mail_goes_out_either_way(ana, forgotten):
    for email in (ana.email, UNKNOWN):
        forgotten(email)
    assert [message.to for message in mail.outbox] == [[ana.email], [UNKNOWN]]


def test_a_mail_server_in_trouble_tells_nothing(ana, forgotten, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert unmasked(forgotten(ana.email), ana.email) == unmasked(forgotten(UNKNOWN), UNKNOWN)


def medians(knock, *emails):
    """Return the median seconds of each address, asked in turn so that the machine's noise is shared."""
    times = {email: [] for email in emails}
    for _ in range(ROUNDS):
        for email in emails:
            Tries.objects.all().delete()
            cache.clear()
            start = time.process_time()
            knock(email)
            times[email].append(time.process_time() - start)
    return [median(times[email]) for email in emails]


@pytest.mark.parametrize("door", ["wrong_password", "forgotten"])
def test_the_same_time(door, ana, request, settings, figure):
    """Against the noise: the same unknown address asked twice."""
    settings.PASSWORD_HASHERS = SLOW
    ana.set_password(PASSWORD)
    ana.save()
    known, unknown, again = medians(request.getfixturevalue(door), ana.email, UNKNOWN, "nobody2@settle.example")
    figure(f"median of a known account over an unknown one, {door}", f"{known / unknown:.2f}", f"{ROUNDS} each")
    assert abs(known - unknown) < max(0.35 * unknown, 3 * abs(again - unknown))


def test_without_the_dummy_hash_the_time_tells(ana, wrong_password, settings, monkeypatch, figure):
    """Control."""
    settings.PASSWORD_HASHERS = SLOW
    ana.set_password(PASSWORD)
    ana.save()
    backend = "allauth.account.auth_backends.AuthenticationBackend._mitigate_timing_attack"
    monkeypatch.setattr(backend, lambda self, password: None)
    known, unknown = medians(wrong_password, ana.email, UNKNOWN)
    figure("control: median of a known account over an unknown one, no dummy hash", f"{known / unknown:.1f}", ROUNDS)
    assert known > 1.5 * unknown
