"""Guessing a password: how often it can be tried, from wherever, over three processes; and who gets in all the same."""

import http.client
import os
import random
import secrets
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client
from django.urls import reverse

from config.accounts import DEVICE
from config.settings import BASE_DIR
from diary.actions import signins
from diary.models import Notification, Tries, User
from tests.migrated import blank
from tests.people import PASSWORD
from tests.production import serving

EMAIL = "ana@settle.example"
DAY = timedelta(days=1)
TOO_MANY, WRONG = "Too many tries", "are not correct"
LOGIN = "/accounts/login/"

# Over three processes


MAKE = f"""
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
from allauth.account.models import EmailAddress
from diary.models import User
ana = User.objects.create_user(email="{EMAIL}", role="patient", password="{PASSWORD}", name="Ana")
EmailAddress.objects.create(user=ana, email=ana.email, verified=True, primary=True)
"""
AT_ONCE = 12


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """The environment of the site, its database with one account made once."""
    folder = tmp_path_factory.mktemp("brute-force")
    blank(folder / "settle.sqlite3")
    told = {
        "DJANGO_SETTINGS_MODULE": "tests.security.settings",
        "DATABASE_URL": f"sqlite:///{folder}/settle.sqlite3",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "HTTPS": "off",
        "HASHED_STATIC": "off",  # nobody looks at a file here
        "WEB_CONCURRENCY": "3",
        "EMAIL_URL": "memorymail://",
    }
    command = [sys.executable, "manage.py", "shell", "-v0", "--no-imports", "-c", MAKE]
    subprocess.run(command, cwd=BASE_DIR, env=told | {"PATH": os.environ["PATH"]}, check=True)
    return folder, told


@pytest.fixture
def site(tmp_path, environment):
    """Return a function that serves the site from three processes under the settings of that name."""
    folder, told = environment

    def served(name):
        shutil.copy(folder / "settle.sqlite3", tmp_path)
        own = {
            "DJANGO_SETTINGS_MODULE": f"tests.security.{name}",
            "DATABASE_URL": f"sqlite:///{tmp_path}/settle.sqlite3",
        }
        return serving(tmp_path, **told | own)

    return served


def attempt(port, password=None, cookies=""):
    """Try once, from its own address, with forged headers; return the status, the device given and the page."""
    source = f"127.{random.randint(0, 255)}.{random.randint(0, 255)}.{random.randint(2, 254)}"
    forged = f"198.51.100.{random.randint(1, 254)}"
    headers = {
        "Host": f"localhost:{random.randint(1, 65000)}",
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={'a' * 32}; {cookies}",
        "X-Forwarded-For": forged,
        "X-Real-IP": forged,
        "Forwarded": f"for={forged}",
    }
    spelled = "".join(random.choice((letter.upper(), letter)) for letter in EMAIL)
    typed = {"login": spelled, "password": password or secrets.token_hex(8), "csrfmiddlewaretoken": "a" * 32}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
    connection.request("POST", LOGIN, urlencode(typed), headers)
    response = connection.getresponse()
    page = response.read().decode()
    connection.close()
    given = [cookie.partition(";")[0] for cookie in response.headers.get_all("Set-Cookie", [])]
    return response.status, "".join(cookie for cookie in given if cookie.startswith(DEVICE)), page


def answered(port):
    """Try until the site is not too busy, as whoever guesses would; return the page."""
    while True:
        status, _, page = attempt(port)
        if status != 503:
            return page
        time.sleep(0.2)


few_and_many = pytest.mark.parametrize("tries", [36, pytest.param(200, marks=pytest.mark.full)])


def looked_at(port, tries):
    """Return how many of many tries at once reached the password."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        pages = list(pool.map(lambda _: answered(port), range(tries)))
    assert all((WRONG in page) != (TOO_MANY in page) for page in pages)
    return sum(WRONG in page for page in pages)


@pytest.mark.asvs("V4.1.3", "V6.3.1", "V15.3.4")
@few_and_many
def test_twenty_tries_a_day_over_three_processes(tries, site, figure):
    with site("settings") as served:
        status, known, _ = attempt(served.port, PASSWORD)
        assert (status, known.startswith(DEVICE)) == (302, True)
        reached = looked_at(served.port, tries)
        figure("tries at one account in a day", reached, f"{tries} tries from as many addresses, three processes")
        assert reached == 20
        assert attempt(served.port, PASSWORD)[0] == 200
        status, _, _ = attempt(served.port, PASSWORD, known)
        figure("a known device gets in all the same", status == 302, "one account locked")
        assert status == 302


@few_and_many
def test_counters_in_each_process_let_more_through(tries, site, figure):
    """Control."""
    with site("in_process") as served:
        reached = looked_at(served.port, tries)
    figure("control: tries at one account, counted in each process", reached, f"{tries} tries, three processes")
    assert reached > 20


# In one process: what the count is made of


@pytest.fixture
def hashed(monkeypatch):
    """Return the list of passwords that were hashed."""
    seen = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, password, salt: seen.append(password) or encode(self, password, salt)
    )
    return seen


def sign_in(client, email, password="", **headers):
    return client.post(LOGIN, {"login": email, "password": password or "wrong"}, **headers)


def exhaust(client, email, clock, count=20):
    """Try wrongly so often, slowly enough for the pauses, each time from another address."""
    for number in range(count):
        clock.shift(timedelta(minutes=2))
        assert WRONG in sign_in(client, email, REMOTE_ADDR=f"192.0.2.{number}").content.decode()


pytestmark = pytest.mark.django_db


def test_five_tries_and_then_a_pause(client, ana, clock):
    for number in range(5):
        assert WRONG in sign_in(client, ana.email, REMOTE_ADDR=f"192.0.2.{number}").content.decode()
    assert TOO_MANY in sign_in(client, ana.email, PASSWORD).content.decode()
    clock.shift(timedelta(minutes=5))
    assert sign_in(client, ana.email, PASSWORD).status_code == 302


@pytest.mark.asvs("V6.3.1")
@pytest.mark.parametrize("known", [True, False])
def test_the_twenty_first_try_is_refused_before_any_hash(client, ana, clock, hashed, known):
    email = ana.email if known else "nobody@settle.example"
    exhaust(client, email, clock)
    assert len(hashed) == 20
    clock.shift(timedelta(minutes=10))
    assert TOO_MANY in sign_in(client, email, PASSWORD, REMOTE_ADDR="192.0.2.99").content.decode()
    assert len(hashed) == 20
    clock.shift(DAY)
    assert (sign_in(client, email, PASSWORD).status_code == 302) is known


def test_an_address_and_a_spelling_make_no_other_account(client, ana, clock):
    exhaust(client, ana.email, clock)
    clock.shift(timedelta(minutes=10))
    for headers in (
        {"REMOTE_ADDR": "198.51.100.1"},
        {"HTTP_X_FORWARDED_FOR": "198.51.100.2"},
        {"HTTP_HOST": "localhost:9"},
    ):
        assert TOO_MANY in sign_in(client, f" {ana.email.upper()} ", PASSWORD, **headers).content.decode()


def test_a_known_device_gets_in_and_has_a_limit_of_its_own(ana, clock):
    phone, thief = Client(), Client()
    assert sign_in(phone, ana.email, PASSWORD).status_code == 302
    phone.post(reverse("account_logout"))
    exhaust(thief, ana.email, clock)
    clock.shift(timedelta(minutes=10))
    assert TOO_MANY in sign_in(thief, ana.email, PASSWORD).content.decode()
    exhaust(phone, ana.email, clock, 9)
    assert sign_in(phone, ana.email, PASSWORD).status_code == 302
    phone.post(reverse("account_logout"))
    clock.shift(timedelta(minutes=10))
    exhaust(phone, ana.email, clock, 1)
    assert TOO_MANY in sign_in(phone, ana.email, PASSWORD).content.decode()


def test_a_forged_or_borrowed_device_is_none(ana, ben, clock):
    phone = Client()
    sign_in(phone, ben.email, PASSWORD)
    exhaust(Client(), ana.email, clock)
    clock.shift(timedelta(minutes=10))
    phone.post(reverse("account_logout"))
    assert TOO_MANY in sign_in(phone, ana.email, PASSWORD).content.decode()
    phone.cookies[DEVICE] = f'{{"{ana.pk}":"a"}}'
    assert TOO_MANY in sign_in(phone, ana.email, PASSWORD).content.decode()


@pytest.mark.asvs("V2.4.1", "V6.3.1")
def test_one_address_tries_ten_accounts_a_minute(client, clock):
    pages = [sign_in(client, f"n{number}@settle.example").content.decode() for number in range(12)]
    assert [WRONG in page for page in pages] == [True] * 10 + [False] * 2


def test_a_right_password_uses_nothing_up(client, ana, clock):
    for _ in range(30):
        assert sign_in(client, ana.email, PASSWORD).status_code == 302
        client.post(reverse("account_logout"))


def test_an_admin_unlocks(client, ana, admin, clock, now):
    exhaust(client, ana.email, clock)
    at = now + timedelta(hours=1)
    assert list(User.objects.locked(at)) == [ana]
    clock.shift(timedelta(minutes=10))
    signins.unlock(by=admin, now=at, user=ana)
    assert not User.objects.locked(at).exists()
    assert sign_in(client, ana.email, PASSWORD).status_code == 302


def test_a_new_password_by_mail_unlocks(client, ana, clock):
    exhaust(client, ana.email, clock)
    client.post(reverse("account_reset_password"), {"email": ana.email})
    link = next(word for word in mail.outbox[-1].body.split() if "/password/reset/key/" in word)
    form = client.get(link, follow=True)
    new = "another long sentence"
    client.post(form.redirect_chain[-1][0], {"password1": new, "password2": new})
    assert sign_in(client, ana.email, new).status_code == 302
    assert Notification.objects.filter(recipient=ana, kind="password-changed").exists()


def test_counts_are_kept_without_addresses_and_not_for_ever(client, ana, clock, now):
    exhaust(client, "nobody@settle.example", clock, 1)
    assert "nobody" not in str(Tries.objects.values_list())
    clock.shift(2 * DAY)
    exhaust(client, ana.email, clock, 1)
    assert Tries.objects.get().user == ana


# What a person is told


def test_a_new_browser_is_told_and_a_known_one_is_not(ana, clock):
    phone, other = Client(), Client()
    told = Notification.objects.filter(recipient=ana, kind="new-device")
    sign_in(phone, ana.email, PASSWORD)
    assert told.count() == 0  # the first
    phone.post(reverse("account_logout"))
    sign_in(phone, ana.email, PASSWORD)
    assert told.count() == 0
    sign_in(other, ana.email, PASSWORD)
    assert told.count() == 1
