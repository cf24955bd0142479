import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from diary.actions import accounts
from diary.models import Invitation, Practice

pytestmark = pytest.mark.django_db
CLARA = {"name": "Clara Costa", "email": "clara@settle.example"}


@pytest.fixture
def invite(now):
    def invited(by, email="clara@settle.example"):
        return accounts.invite(by=by, now=now, email=email, role="patient", name="Clara Costa")

    return invited


def test_list_shows_a_practitioners_own_invitations(signed_in, paula, remy, invite):
    invite(paula, "one@settle.example")
    invite(remy, "two@settle.example")
    answer = signed_in(remy).get(reverse("invitations-list"))
    assert [invitation.email for invitation, _ in answer.context["invitations"]] == ["two@settle.example"]
    assert "not accepted yet" in answer.content.decode()


def test_list_reaches_every_invitation(signed_in, paula, invite, monkeypatch):
    """An open one older than a hundred others could be sent again or taken back by nobody but an admin."""
    monkeypatch.setattr("diary.views.invitations.PAGE", 2)
    made = {invite(paula, f"{number}@settle.example").invitation.pk for number in range(3)}
    client = signed_in(paula)
    first = client.get(reverse("invitations-list"))
    older = client.get(reverse("invitations-list"), {"page": 2})
    assert 'rel="next"' in first.content.decode()
    assert {one.pk for answer in (first, older) for one, _state in answer.context["invitations"]} == made


def test_list_without_invitations_offers_the_next_step(signed_in, remy):
    assert "No invitations yet" in signed_in(remy).get(reverse("invitations-list")).content.decode()


def test_list_tells_the_unverified_what_happens_first(signed_in, newcomer):
    page = signed_in(newcomer).get(reverse("invitations-list")).content.decode()
    assert "once an admin of your practice has verified your credential" in page
    assert reverse("invitations-add") not in page


@pytest.mark.parametrize("count", [1, 20])
def test_list_costs_the_same_for_one_and_for_many(signed_in, remy, invite, count, django_assert_num_queries):
    for number in range(count):
        invite(remy, f"{number}@settle.example")
    client = signed_in(remy)
    with django_assert_num_queries(5):
        client.get(reverse("invitations-list"))


def test_add_mails_the_link_and_shows_link_and_code_once(signed_in, paula):
    client = signed_in(paula)
    answer = client.post(reverse("invitations-add"), CLARA)
    invitation = Invitation.objects.get(email="clara@settle.example")
    assert answer.status_code == 302
    assert answer.url == reverse("invitations-show", args=[invitation.pk])
    first = client.get(answer.url).content.decode()
    link = re.search(r"http://testserver/join/([\w-]+)/", first)
    code = re.search(r"\b[A-Z2-9]{4}-[A-Z2-9]{4}\b", first)
    assert invitation.token_digest == accounts.digest(link[1])
    assert invitation.code_digest == accounts.digest(code[0])
    again = client.get(answer.url).content.decode()
    assert link[1] not in again
    assert code[0] not in again


def test_add_sends_a_mail_that_says_who_invites_and_nothing_else(signed_in, paula):
    signed_in(paula).post(reverse("invitations-add"), CLARA)
    [message] = mail.outbox
    assert message.to == ["clara@settle.example"]
    assert "Paula Pinho of Harbour Acupuncture invites you" in message.body
    assert "http://testserver/join/" in message.body
    said = f"{message.subject} {message.body}".lower()
    assert not [word for word in ("pain", "diary", "symptom", "needle", "patient") if word in said]


def test_add_names_the_last_day_where_the_practice_is(signed_in, paula, now, monkeypatch):
    """In UTC it named a day on which, west of it, the link opens nothing from midnight on."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now.replace(hour=2))
    Practice.objects.update(time_zone="America/Los_Angeles")
    signed_in(paula).post(reverse("invitations-add"), CLARA)
    assert "until Monday 23 March 2026" in mail.outbox[-1].body


def test_add_still_shows_the_link_when_mail_is_down(signed_in, paula, monkeypatch):
    def down(self, messages):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", down)
    answer = signed_in(paula).post(reverse("invitations-add"), CLARA, follow=True)
    assert "The mail could not be sent" in answer.content.decode()
    assert answer.context["secrets"]


def test_add_still_shows_the_link_where_no_mail_can_carry_the_address(signed_in, paula):
    """An invitation was made, and the page failed with an error: nobody ever saw its link."""
    too_long = CLARA | {"email": f"clara@{'ü' * 60}.example"}
    page = signed_in(paula).post(reverse("invitations-add"), too_long, follow=True)
    assert "The mail could not be sent" in page.content.decode()
    assert page.context["secrets"]["link"]


def test_add_keeps_what_was_typed_when_an_address_is_none(signed_in, paula):
    answer = signed_in(paula).post(reverse("invitations-add"), CLARA | {"email": "clara at settle"})
    assert answer.status_code == 200
    assert "clara at settle" in answer.content.decode()
    assert not Invitation.objects.filter(name="Clara Costa").exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_add_is_refused_to_the_unverified(signed_in, newcomer, method):
    assert getattr(signed_in(newcomer), method)(reverse("invitations-add"), CLARA).status_code == 403
    assert not Invitation.objects.filter(name="Clara Costa").exists()


def test_show_is_for_who_invited_and_for_admins(signed_in, paula, remy, admin, invite):
    url = reverse("invitations-show", args=[invite(paula).invitation.pk])
    assert signed_in(paula).get(url).status_code == 200
    assert signed_in(admin).get(url).status_code == 200
    assert signed_in(remy).get(url).status_code == 404


def test_revoke_closes_the_way_in(signed_in, paula, invite, now):
    invited = invite(paula)
    answer = signed_in(paula).post(reverse("invitations-revoke", args=[invited.invitation.pk]), follow=True)
    assert "revoked" in answer.content.decode()
    assert accounts.invitation_by_token(invited.token, now=now) is None
    assert accounts.invitation_by_code(invited.code, now=now) is None


def test_revoke_of_an_accepted_one_says_so(signed_in, paula, invite, now):
    """On a page that was open meanwhile it said that nobody comes in by it, while the diary was shared already."""
    invited = invite(paula)
    accounts.accept(now=now, invitation=invited.invitation, name="Clara Costa", password=None)
    page = signed_in(paula).post(reverse("invitations-revoke", args=[invited.invitation.pk]), follow=True)
    assert "accepted or revoked meanwhile" in page.content.decode()
    assert "open nothing any more" not in page.content.decode()


def test_revoke_is_a_post_of_ones_own(signed_in, paula, remy, invite):
    url = reverse("invitations-revoke", args=[invite(paula).invitation.pk])
    assert signed_in(remy).post(url).status_code == 404
    assert signed_in(paula).get(url).status_code == 405


def test_show_offers_no_new_link_to_who_may_invite_no_more(signed_in, paula, invite):
    page = reverse("invitations-show", args=[invite(paula).invitation.pk])
    assert "Send a new link" in signed_in(paula).get(page).content.decode()
    paula.practitioner.credentials.update(expires_on=date(2020, 1, 1))
    said = signed_in(paula).get(page).content.decode()
    assert "Send a new link" not in said
    assert "Revoke the invitation" in said


def test_resend_gives_a_new_link_and_new_time(signed_in, paula, now, mailoutbox):
    old = accounts.invite(by=paula, now=now - timedelta(days=20), email="old@settle.example", role="patient")
    answer = signed_in(paula).post(reverse("invitations-resend", args=[old.invitation.pk]), follow=True)
    assert accounts.invitation_by_token(old.token, now=now) is None
    token = answer.context["secrets"]["link"].rstrip("/").rpartition("/")[2]
    assert token in mailoutbox[-1].body
    assert accounts.invitation_by_token(token, now=now) == old.invitation


def test_resend_of_an_accepted_one_says_so(signed_in, paula, now):
    used = accounts.invite(by=paula, now=now, email="new@settle.example", role="patient")
    accounts.accept(now=now, invitation=used.invitation, name="New", password=None)
    answer = signed_in(paula).post(reverse("invitations-resend", args=[used.invitation.pk]), follow=True)
    assert "accepted or revoked meanwhile" in answer.content.decode()
