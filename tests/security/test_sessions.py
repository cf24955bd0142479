"""When a session ends, when its id changes, and that staff have a second step: each figure with its control."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.urls import reverse

from config import staff
from diary.actions import accounts
from diary.models import User
from tests.people import PASSWORD, SECRET

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
STAFF = ["paula", "admin", "newcomer"]


def open_for(client, url="/accounts/sessions/"):
    return client.get(url).status_code == 200


def code(at):
    """Return what the app of the second step shows at that moment."""
    return format_hotp_value(hotp_value(SECRET, int(at.timestamp()) // 30))


def sign_in(client, person, at):
    client.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    client.post(reverse("mfa_authenticate"), {"code": code(at)})


# Idle and longest


@pytest.mark.asvs("V7.3.1")
@pytest.mark.parametrize("name", STAFF)
def test_staff_are_signed_out_after_thirty_minutes_without_a_request(name, signed_in, clock, now, request):
    client = signed_in(request.getfixturevalue(name))
    clock.move_to(now + 30 * MINUTE - timedelta(seconds=1))
    assert open_for(client)
    clock.move_to(now + 60 * MINUTE - timedelta(seconds=2))
    assert open_for(client)
    clock.move_to(now + 90 * MINUTE)
    answer = client.get("/settings/", follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("account_login"))
    assert "You were signed out" in answer.content.decode()


def test_the_last_use_is_known_to_the_minute(signed_in, paula, clock, now):
    client = signed_in(paula)
    for minutes in (1, 2, 28, 29):
        clock.move_to(now + minutes * MINUTE)
        assert open_for(client)
    clock.move_to(now + 58 * MINUTE)
    assert open_for(client)


@pytest.mark.asvs("V7.3.2")
def test_staff_are_signed_out_after_twelve_hours_of_use(signed_in, paula, clock, now):
    client = signed_in(paula)
    for times in range(1, 25):
        clock.move_to(now + times * 29 * MINUTE)
        assert open_for(client)
    clock.move_to(now + 12 * HOUR)
    assert not open_for(client)


def test_a_patient_is_not_signed_out_for_resting(signed_in, ana, clock, now):
    client = signed_in(ana)
    clock.move_to(now + timedelta(days=3))
    assert open_for(client)


def test_without_the_middleware_staff_would_stay(signed_in, paula, clock, now, settings):
    """Control: what ends an idle session is the one line in the settings."""
    settings.MIDDLEWARE = [line for line in settings.MIDDLEWARE if line != "config.staff.lifetime"]
    client = signed_in(paula)
    clock.move_to(now + 31 * MINUTE)
    assert open_for(client)


# The second step


@pytest.fixture
def bare(join):
    """Return a function that takes the second step from a person, as on their first day."""

    def without(person):
        Authenticator.objects.filter(user=person).delete()
        return person

    return without


@pytest.mark.parametrize("name", STAFF)
def test_staff_without_a_second_step_are_led_to_one(name, bare, client, request):
    client.force_login(bare(request.getfixturevalue(name)))
    for url in ("/", "/worklist/", "/people/", "/settings/", "/admin/", "/accounts/email/"):
        answer = client.get(url, follow=True)
        assert answer.redirect_chain[-1][0] == reverse("mfa_index")
        assert "before you can go on" in answer.content.decode()


@pytest.mark.asvs("V7.5.1")
def test_the_pages_that_set_it_up_are_open(bare, paula, client):
    client.force_login(bare(paula))
    assert client.get(reverse("mfa_index")).status_code == 200
    again = client.get(reverse("mfa_activate_totp"))
    assert again["Location"].startswith(reverse("account_reauthenticate"))
    assert client.get(again["Location"]).status_code == 200
    assert client.get("/rules/").status_code == 200
    client.post(reverse("account_logout"))
    assert "_auth_user_id" not in client.session


def test_nothing_is_written_without_one(bare, admin, ana, client):
    client.force_login(bare(admin))
    client.post(reverse("people-deactivate", args=[ana.pk]))
    assert User.objects.get(pk=ana.pk).is_active


def test_patients_are_offered_one_and_not_led(signed_in, ana):
    client = signed_in(ana)
    assert open_for(client, "/today/")
    page = client.get(reverse("mfa_index")).content.decode()
    assert "before you can go on" not in page
    assert reverse("mfa_activate_totp") in page


def test_the_demo_leads_nobody_and_says_so(bare, paula, client, settings):
    settings.DEMO = True
    client.force_login(bare(paula))
    assert open_for(client, "/worklist/")
    assert "nobody is asked for one" in client.get(reverse("mfa_index")).content.decode()


def test_without_the_middleware_nobody_is_led(bare, paula, client, settings):
    """Control."""
    settings.MIDDLEWARE = [line for line in settings.MIDDLEWARE if line != "config.staff.second_step"]
    client.force_login(bare(paula))
    assert open_for(client, "/worklist/")


# Session ids and other sessions


@pytest.mark.asvs("V7.2.4")
def test_ids_change_at_password_and_at_second_step(paula, client, clock, now):
    client.get(reverse("account_login"))
    client.session.save()
    ids = [client.session.session_key]
    client.post(reverse("account_login"), {"login": paula.email, "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    ids.append(client.session.session_key)
    client.post(reverse("mfa_authenticate"), {"code": code(now)})
    ids.append(client.session.session_key)
    assert client.session["_auth_user_id"] == str(paula.pk)
    assert ids[1] != ids[2]
    assert open_for(client, "/worklist/")


@pytest.mark.asvs("V7.2.4")
def test_a_planted_id_opens_nothing(paula, client, clock, now):
    """Fixation: somebody plants the id of their own session, and the victim signs in with it."""
    thief = type(client)()
    session = thief.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    for browser in (client, thief):
        browser.cookies["sessionid"] = planted
    sign_in(client, paula, now)
    assert open_for(client, "/worklist/")
    assert client.session.session_key != planted
    assert not open_for(thief, "/worklist/")


def test_a_planted_id_would_open_if_ids_stayed(paula, client, clock, now, monkeypatch):
    """Control."""
    monkeypatch.setattr("django.contrib.sessions.backends.base.SessionBase.cycle_key", lambda session: None)
    monkeypatch.setattr("django.contrib.sessions.backends.base.SessionBase.flush", lambda session: None)
    thief = type(client)()
    session = thief.session
    session["planted"] = True
    session.save()
    for browser in (client, thief):
        browser.cookies["sessionid"] = session.session_key
    sign_in(client, paula, now)
    assert open_for(thief, "/worklist/")


@pytest.mark.asvs("V6.2.2", "V6.2.3", "V7.4.3")
def test_another_password_changes_the_id_and_ends_other_sessions(ana, client, clock):
    other = type(client)()
    for browser in (client, other):
        browser.force_login(ana)
    before = client.session.session_key
    new = "a longer and better sentence"
    answer = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert client.session.session_key != before
    assert open_for(client)
    assert not open_for(other)


def test_another_role_ends_every_session(newcomer, client):
    client.force_login(newcomer)
    assert open_for(client)
    User.objects.filter(pk=newcomer.pk).update(role="admin")
    assert not open_for(client)


@pytest.mark.asvs("V7.4.1")
def test_ended_sessions_are_over_at_the_next_request(ana, ben, client):
    other = type(client)()
    client.force_login(ana)
    other.force_login(ben)
    accounts.end_sessions(ana)
    assert not open_for(client)
    assert open_for(other)


def test_a_session_under_a_retired_key_goes_on(ana, client, settings):
    client.force_login(ana)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next one"
    assert open_for(client)


def test_the_first_request_of_staff_begins_the_count(paula, client, clock, now):
    client.force_login(paula)
    assert open_for(client)
    assert client.session[staff.USED] == now.timestamp()
