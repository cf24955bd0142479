"""Requirements of ASVS for passwords, the second step and codes by mail, shown by asking once."""

import re
from datetime import timedelta

import pytest
from allauth.account.adapter import get_adapter
from allauth.mfa import app_settings as mfa
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.conf import global_settings, settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from config import passwords
from diary.models import User
from tests.people import PASSWORD
from tests.security import standard
from tests.security.test_sessions import open_for, sign_in

pytestmark = pytest.mark.django_db


# Passwords


@pytest.mark.asvs("V6.2.6")
@pytest.mark.parametrize("page", ["account_login", "account_change_password", "account_reauthenticate"])
def test_a_password_is_typed_unseen_and_may_be_filled_in(page, client, ana):
    if page != "account_login":
        client.force_login(ana)
    read = client.get(reverse(page)).content.decode()
    fields = re.findall(r"<input[^>]*name=\"\w*password\w*\"[^>]*>", read)
    assert fields
    assert all('type="password"' in field for field in fields)
    assert all(re.search(r"autocomplete=\"(?:current|new)-password\"", field) for field in fields)


@pytest.mark.asvs("V6.2.8", "V6.2.9")
def test_a_password_is_taken_as_it_was_typed_and_may_be_long(client, ana):
    exact = " Ein Satz, mit Größe " + "x" * 200 + " "
    validate_password(exact, ana)
    ana.set_password(exact)
    ana.save()
    for wrong in (exact.strip(), exact.lower(), exact[:-1], exact[:72]):
        client.post(reverse("account_login"), {"login": ana.email, "password": wrong})
        assert not open_for(client, "/today/")
    client.post(reverse("account_login"), {"login": ana.email, "password": exact})
    assert open_for(client, "/today/")


@pytest.mark.asvs("V6.2.10")
def test_a_password_does_not_run_out(client, ana, clock, now):
    clock.move_to(now + timedelta(days=5 * 365))
    client.post(reverse("account_login"), {"login": ana.email, "password": PASSWORD})
    assert open_for(client, "/today/")


@pytest.mark.asvs("V6.1.2", "V6.2.11")
@pytest.mark.parametrize("password", ["Acupuncture1!", "back-pain-2026", "SettleDiary99", "Rückenschmerzen1"])
def test_a_password_is_not_made_of_words_that_are_tried_first(password):
    with pytest.raises(ValidationError, match="tried first"):
        validate_password(password)
    validate_password(f"{password} violet")


@pytest.mark.asvs("V6.1.2")
def test_the_words_that_are_tried_first_are_those_of_the_page():
    page = re.split(r"\W+", standard.PAGE.read_text(encoding="utf-8"))
    assert set(passwords.WORDS) <= set(page)


@pytest.mark.asvs("V11.4.2")
def test_a_password_is_kept_as_a_slow_hash():
    """The tests' own hasher is quick; what the site uses is Django's first one."""
    assert global_settings.PASSWORD_HASHERS[0].endswith(".PBKDF2PasswordHasher")
    assert PBKDF2PasswordHasher.iterations >= 600_000
    assert "PASSWORD_HASHERS" not in (settings.BASE_DIR / "config/settings.py").read_text()


@pytest.mark.asvs("V6.3.2")
def test_nobody_is_there_before_somebody_is_made():
    assert not User.objects.exists()


# The second step and codes


@pytest.mark.asvs("V6.5.1")
def test_a_code_of_the_second_step_opens_once(paula, client, clock, now):
    again = Client()
    sign_in(client, paula, now)
    assert open_for(client, "/worklist/")
    sign_in(again, paula, now)
    assert not open_for(again, "/worklist/")
    clock.move_to(now + timedelta(seconds=30))
    sign_in(again, paula, now + timedelta(seconds=30))
    assert open_for(again, "/worklist/")


@pytest.mark.asvs("V6.5.5")
def test_a_code_of_the_second_step_lasts_thirty_seconds(paula, client, clock, now):
    clock.move_to(now + timedelta(seconds=30))
    sign_in(client, paula, now)
    assert not open_for(client, "/worklist/")
    assert (mfa.TOTP_PERIOD, mfa.TOTP_TOLERANCE) == (30, 0)


@pytest.mark.asvs("V6.5.3", "V6.5.4")
def test_codes_and_seeds_are_random_and_long_enough():
    seeds = {generate_totp_secret() for _ in range(200)}
    assert len(seeds) == 200
    assert {len(seed) for seed in seeds} == {32}
    assert len({RecoveryCodes.generate_seed() for _ in range(200)}) == 200
    assert 10**mfa.RECOVERY_CODE_DIGITS > 2**20
    codes = {get_adapter().generate_email_verification_code() for _ in range(200)}
    assert len(codes) == 200
    assert min(len(code.replace("-", "")) for code in codes) >= 6


@pytest.mark.asvs("V6.4.3")
def test_a_new_password_by_mail_leaves_the_second_step(paula, client, clock, now, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": paula.email})
    path = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mailoutbox[-1].body)[1]
    form = client.get(path, follow=True).request["PATH_INFO"]
    new = "another long enough sentence"
    assert client.post(form, {"password1": new, "password2": new}).status_code == 302
    assert not open_for(client, "/worklist/")
    client.post(reverse("account_login"), {"login": paula.email, "password": new})
    assert not open_for(client, "/worklist/")
    assert client.get(reverse("mfa_authenticate")).status_code == 200


def test_a_link_for_a_new_password_ends_within_the_hour(ana, client, clock, now, mailoutbox):
    client.post(reverse("account_reset_password"), {"email": ana.email})
    path = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", mailoutbox[-1].body)[1]
    clock.move_to(now + timedelta(minutes=59))
    assert client.get(path).status_code == 302
    clock.move_to(now + timedelta(minutes=61))
    assert Client().get(path).status_code == 200  # the page that says that it does not work


@pytest.fixture
def code_by_mail(client, ana, mailoutbox):
    """Ana asks for another address; return the code that its mailbox gets."""
    client.force_login(ana)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.post(reverse("account_email"), {"action_add": "", "email": "new@settle.example"})
    return re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mailoutbox[-1].body, re.MULTILINE)[1]


def confirm(client, code):
    client.post(reverse("account_email_verification_sent"), {"code": code})
    return User.objects.filter(email="new@settle.example").exists()


@pytest.mark.asvs("V6.6.2")
def test_a_code_by_mail_is_good_where_it_was_asked_for_alone(client, ana, code_by_mail):
    other = Client()
    other.force_login(ana)
    assert not confirm(other, code_by_mail)
    assert confirm(client, code_by_mail)


@pytest.mark.asvs("V6.6.3")
def test_a_code_by_mail_may_be_tried_three_times(client, code_by_mail):
    for wrong in ("AAAAAA", "BBBBBB", "CCCCCC"):
        assert not confirm(client, wrong)
    assert not confirm(client, code_by_mail)


@pytest.mark.asvs("V6.5.5")
def test_a_code_by_mail_ends_after_ten_minutes(client, ana, clock, now, mailoutbox, request):
    code = request.getfixturevalue("code_by_mail")
    clock.move_to(now + timedelta(minutes=10, seconds=1))
    assert not confirm(client, code)
