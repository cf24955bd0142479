"""An invitation that somebody opens who has an account here already."""

import pytest
from django.urls import reverse

from diary.actions import accounts
from diary.models import Event, Share, User
from diary.permissions import visible_diaries
from tests.people import PASSWORD
from tests.views.test_join import ANSWERS

pytestmark = pytest.mark.django_db


def test_show_tells_an_existing_account_to_sign_in(client, link, join, now):
    accounts.accept(
        now=now,
        invitation=accounts.invite(
            by=User.objects.get(role="admin"), now=now, email="clara@settle.example", role="patient"
        ).invitation,
        name="Clara",
        password=PASSWORD,
    )
    answer = client.post(link, ANSWERS)
    assert "There is an account with the address clara@settle.example already" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_show_asks_who_keeps_a_diary_already(signed_in, ben, link, paula, invited, now, log):
    """On agreement one share and nothing else: no account, no other diary, nothing merged."""
    log(ben, 4)
    people = User.objects.count()
    client = signed_in(ben)
    page = client.get(link).content.decode()
    assert "You already keep a diary here. Let Paula Pinho read it?" in page
    assert "You are signed in as Ben Braun" in page
    assert "Verified practitioner" in page
    assert not Share.objects.filter(patient=ben).exists()
    assert client.post(link, ANSWERS).url == reverse("shares-list")
    share = Share.objects.get(patient=ben)
    assert (share.practitioner, share.named, share.with_cover, share.expires_at) == (paula, True, True, None)
    assert User.objects.count() == people
    invited.invitation.refresh_from_db()
    assert (invited.invitation.state(now), invited.invitation.accepted_by) == ("accepted", None)
    assert Event.objects.about(ben.pk).filter(verb="invitation-agreed", subject=str(invited.invitation.pk)).exists()
    assert visible_diaries(paula, now).filter(patient=ben).exists()
    assert client.get(link).status_code == 404


def test_show_keeps_other_practices_as_they_are(signed_in, ana, link, join, verify, practice, paula, now):
    other = join("Olga Other", "practitioner")
    other.practitioner.practice = type(practice).objects.create(name="Elsewhere")
    other.practitioner.save()
    invited = accounts.invite(by=verify(other), now=now, email=ana.email, role="patient")
    signed_in(ana).post(reverse("join-show", args=[invited.token]))
    assert {share.practitioner for share in Share.objects.live(now).filter(patient=ana)} == {paula, other}


def test_show_to_who_says_no_changes_nothing(signed_in, ben, link, invited, paula, now):
    """No is a way out, not a deed: whoever invited sees what they see of an invitation that nobody opened."""
    before = invited.invitation.state(now)
    client = signed_in(ben)
    assert 'href="/today/"' in client.get(link).content.decode()
    client.get("/today/")
    invited.invitation.refresh_from_db()
    assert invited.invitation.state(now) == before == "waiting"
    assert not Share.objects.filter(patient=ben).exists()
    client.logout()
    shown = signed_in(paula).get(reverse("invitations-show", args=[invited.invitation.pk])).content.decode()
    assert "not accepted yet" in shown
    assert "Ben" not in shown


def test_show_leads_back_after_signing_in(client, link, invited, ben):
    page = client.get(link).content.decode()
    assert f'href="/accounts/login/?next={link}"' in page
    answer = client.post(f"/accounts/login/?next={link}", {"login": ben.email, "password": PASSWORD})
    assert answer.url == link
    assert "Let Paula Pinho read it?" in client.get(link).content.decode()


def test_show_leads_back_to_a_spoken_code(client, invited, ben):
    client.post(reverse("join-show"), {"code": invited.code})
    client.post("/accounts/login/?next=/join/", {"login": ben.email, "password": PASSWORD})
    assert "Let Paula Pinho read it?" in client.get(reverse("join-show")).content.decode()
    assert client.post(reverse("join-show")).url == reverse("shares-list")


def test_show_to_who_shares_already(signed_in, ana, link, invited, now):
    client = signed_in(ana)
    assert "You share your diary with Paula Pinho already" in client.get(link).content.decode()
    client.post(link)
    invited.invitation.refresh_from_db()
    assert invited.invitation.state(now) == "waiting"


SAID = {
    "patient to admin": ("ben", "admin", "An account that keeps a diary cannot do both"),
    "practitioner to patient": ("remy", "patient", "An account of the practice cannot do both"),
    "admin to practitioner": ("admin", "practitioner", "with an admin, not with an invitation"),
    "patient to patient of an admin": ("ben", "patient", "shares with nobody"),
}


@pytest.mark.parametrize("case", SAID)
def test_show_says_plainly_where_a_role_does_not_fit(signed_in, admin, practice, request, case, now):
    person, role, said = SAID[case]
    by = request.getfixturevalue("paula") if person == "remy" else admin
    invited = accounts.invite(by=by, now=now, email="other@settle.example", role=role, practice=practice)
    url = reverse("join-show", args=[invited.token])
    client = signed_in(request.getfixturevalue(person))
    assert said in client.get(url).content.decode()
    assert said in client.post(url, ANSWERS).content.decode()
    assert not Share.objects.exists()
    assert not User.objects.filter(email="other@settle.example").exists()
    assert client.get(url).status_code == 200
