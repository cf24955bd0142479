"""An invitation that is opened: what joining means, the account it makes, and codes that are said aloud."""

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from diary.actions import accounts
from diary.actions.handovers import PATIENTS_CHOOSE
from diary.consenting import CURRENT, TEXTS
from diary.models import Consent, Share, User
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
ANSWERS = {"name": "Clara Costa", "password": PASSWORD, "language": "en", "time_zone": "Europe/Madrid"}
LATER = timedelta(days=15)
SECRETS = r"\w{64}|(?<=join/)[\w-]{43}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[A-Z2-9]{4}-[A-Z2-9]{4}\b"


def test_show_says_who_invites_and_what_joining_means(client, link):
    page = client.get(link).content.decode()
    assert "Paula Pinho invites you" in page
    assert "Harbour Acupuncture" in page
    assert "Verified practitioner" in page
    assert "Thursday 11 December 2025" in page  # the day on which Paula's credential was checked
    assert "Nobody watches in real time" in page
    assert "clara@settle.example" in page


def test_show_by_get_uses_nothing_up(client, link, invited):
    for _ in range(3):
        client.get(link)
    invited.invitation.refresh_from_db()
    assert invited.invitation.accepted_at is None


def test_show_makes_the_account_and_signs_in(client, link, paula):
    answer = client.post(link, ANSWERS)
    assert answer.status_code == 302
    clara = User.objects.get(email="clara@settle.example")
    assert (clara.name, clara.role, clara.time_zone) == ("Clara Costa", "patient", "Europe/Madrid")
    assert clara.check_password(PASSWORD)
    assert client.session["_auth_user_id"] == str(clara.pk)
    assert Share.objects.get(patient=clara).practitioner == paula
    assert [str(said) for said in get_messages(answer.wsgi_request)] == []  # the page that opens says it


def test_show_by_a_practitioner_whose_account_is_closed_says_that_nobody_reads(client, link, paula, admin, now):
    accounts.deactivate(by=admin, now=now, user=paula, handover=PATIENTS_CHOOSE)
    page = client.get(link).content.decode()
    assert "From the start you share it with nobody." in page
    assert "Verified practitioner" not in page
    client.post(link, ANSWERS)
    assert not Share.objects.filter(patient__email="clara@settle.example").exists()


@pytest.mark.parametrize("zone", ["", "Mars/Olympus", "../etc/passwd"])
def test_show_falls_back_to_the_practices_zone(client, link, practice, zone):
    practice.time_zone = "Asia/Tokyo"
    practice.save()
    client.post(link, ANSWERS | {"time_zone": zone})
    assert User.objects.get(email="clara@settle.example").time_zone == "Asia/Tokyo"


@pytest.mark.asvs("V6.2.1", "V6.2.4")
@pytest.mark.parametrize("password", ["short", "1234567890123", "claracosta", "password1234"])
def test_show_asks_for_a_better_password_and_keeps_the_rest(client, link, password):
    answer = client.post(link, ANSWERS | {"password": password})
    assert answer.status_code == 200
    assert answer.context["form"].errors["password"]
    assert 'value="Clara Costa"' in answer.content.decode()
    assert not User.objects.filter(email="clara@settle.example").exists()


@pytest.mark.asvs("V15.3.3")
def test_show_ignores_a_role_that_was_typed_in(client, link):
    client.post(link, ANSWERS | {"role": "admin", "is_superuser": "on", "email": "other@settle.example"})
    clara = User.objects.get(email="clara@settle.example")
    assert (clara.role, clara.is_superuser) == ("patient", False)


def lost(client, link):
    answer = client.get(link)
    assert answer.status_code == 404
    return re.sub(rb'value="\w{64}"', b"", answer.content)  # the CSRF token differs each time


def test_show_answers_the_same_for_used_revoked_expired_and_unknown(client, paula, now):
    pages = set()
    for fate in ("used", "revoked", "expired", "unknown"):
        made = now - LATER if fate == "expired" else now
        invited = accounts.invite(by=paula, now=made, email=f"{fate}@settle.example", role="patient")
        if fate == "used":
            accounts.accept(now=now, invitation=invited.invitation, name="C", password=PASSWORD)
        if fate == "revoked":
            accounts.revoke_invitation(by=paula, now=now, invitation=invited.invitation)
        token = "unknown" if fate == "unknown" else invited.token
        pages.add(lost(client, reverse("join-show", args=[token])))
    assert len(pages) == 1
    assert b"opens nothing any more" in pages.pop()


@pytest.mark.asvs("V2.3.1")
def test_show_does_not_let_an_invitation_be_used_twice(client, link, django_user_model):
    client.post(link, ANSWERS)
    client.logout()
    answer = client.post(link, ANSWERS | {"name": "Somebody else"})
    assert answer.status_code == 404
    assert not User.objects.filter(name="Somebody else").exists()


def test_show_asks_for_a_spoken_code(client):
    assert "Join with a code" in client.get(reverse("join-show")).content.decode()


def test_show_opens_by_a_spoken_code_however_it_is_typed(client, invited):
    typed = invited.code.lower().replace("-", " ")
    answer = client.post(reverse("join-show"), {"code": typed}, follow=True)
    assert "Paula Pinho invites you" in answer.content.decode()
    assert invited.code not in "".join(url for url, _ in answer.redirect_chain)
    client.post(reverse("join-show"), ANSWERS)
    assert User.objects.filter(email="clara@settle.example").exists()
    assert "spoken-code" not in client.session


def test_show_keeps_a_code_that_opens_nothing(client, invited):
    answer = client.post(reverse("join-show"), {"code": "WRNG-CODE"})
    assert answer.status_code == 200
    assert "This code opens nothing" in answer.content.decode()
    assert "WRNG-CODE" in answer.content.decode()


@pytest.mark.asvs("V2.3.2", "V2.4.1")
def test_show_lets_an_address_try_twenty_codes_an_hour(client, invited):
    url = reverse("join-show")
    tries = [client.post(url, {"code": f"WRNG-{number:04}"}).status_code for number in range(20)]
    assert set(tries) == {200}
    assert client.post(url, {"code": invited.code}).status_code == 429
    forged = client.post(url, {"code": invited.code}, headers={"X-Forwarded-For": "203.0.113.9"})
    assert forged.status_code == 429
    assert client.get(reverse("join-show", args=[invited.token])).status_code == 200


def test_show_tells_who_invites_nothing_of_an_address(signed_in, paula, ben, now, mailoutbox):
    """Inviting an address that has an account and one that has none look the same."""
    client, pages = signed_in(paula), []
    for address in (ben.email, "none1@settle.example"):
        shown = client.post(reverse("invitations-add"), {"email": address, "name": "Name"}, follow=True)
        page = shown.content.decode().replace(address, "ADDRESS")
        pages.append(re.sub(SECRETS, "", page))
    assert pages[0] == pages[1]
    assert len(mailoutbox) == 2
    assert mailoutbox[0].subject == mailoutbox[1].subject


def test_show_invites_practitioners_and_admins_in_their_own_words(client, admin, practice, now):
    for role, words in (
        ("practitioner", "An admin checks your credential first"),
        ("admin", "You look after accounts"),
    ):
        invited = accounts.invite(by=admin, now=now, email=f"{role}@settle.example", role=role, practice=practice)
        assert words in client.get(reverse("join-show", args=[invited.token])).content.decode()


def test_show_keeps_the_words_that_were_agreed_to_in_the_language_they_were_read_in(client, link):
    page = client.get(link, headers={"Accept-Language": "de"}).content.decode()
    assert TEXTS[CURRENT, "de"] in page
    agreed = re.search(r'name="agreed" value="([^"]+)"', page)[1]
    client.post(link, ANSWERS | {"agreed": agreed}, headers={"Accept-Language": "de"})
    consent = Consent.objects.get(patient__email="clara@settle.example")
    assert (consent.version, consent.language) == (CURRENT, "de")


def test_show_shows_the_zone_to_choose_and_lets_the_browser_guess_once(client, link):
    page = client.get(link).content.decode()
    assert re.search(r'<select name="time_zone" data-zone=""', page)
    assert '<option value="Europe/Madrid">' in page
    typed = client.post(link, ANSWERS | {"password": "short"}).content.decode()
    assert '<option value="Europe/Madrid" selected>' in typed
    assert "data-zone" not in typed.partition("<select")[2]


def test_show_leads_a_patient_to_the_first_step_of_the_intake(client, link):
    assert client.post(link, ANSWERS)["Location"] == "/intake/1/"
