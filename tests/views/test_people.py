from datetime import date, timedelta

import pytest
from django.urls import reverse

from diary.actions import accounts, signins
from diary.models import Credential, Escalation, Event, Invitation, Notification, User

pytestmark = pytest.mark.django_db
CREDENTIAL = {"board": "NCCAOM", "number": "778", "expires_on": "2027-05-01", "evidence": "public register"}


def names(answer):
    return [person.name for person in answer.context["page"]]


def test_list_shows_everybody_and_says_what_it_never_shows(signed_in, admin, ana, remy):
    answer = signed_in(admin).get(reverse("people-list"))
    assert names(answer) == ["Adele Admin", "Ana Alves", "Paula Pinho", "Remy Roche"]
    assert "Nothing that anybody writes in a diary is shown to you" in answer.content.decode()


@pytest.mark.parametrize(
    ("words", "found"), [("ana", ["Ana Alves"]), ("ANA@", []), ("  pinho ", ["Paula Pinho"]), ("\0", None)]
)
def test_list_searches_names_and_addresses(signed_in, admin, ana, words, found):
    answer = signed_in(admin).get(reverse("people-list"), {"q": words})
    assert answer.status_code == 200
    assert found is None or names(answer) == found


def test_list_narrows_by_status(signed_in, admin, ana, ben, newcomer, join, verify, now):
    verify(join("Ella Expiring", "practitioner"), expires_on=now.date() + timedelta(days=28))
    verify(join("Leo Lapsed", "practitioner"), expires_on=now.date() - timedelta(days=1))
    accounts.deactivate(by=admin, now=now, user=ben)
    client = signed_in(admin)
    found = {
        status: names(client.get(reverse("people-list"), {"status": status}))
        for status in ("active", "deactivated", "to-verify", "expiring")
    }
    assert "Ben Braun" not in found["active"]
    assert "Ana Alves" in found["active"]
    assert found["deactivated"] == ["Ben Braun"]
    assert found["to-verify"] == ["Leo Lapsed", "Nia Newcomer"]
    assert found["expiring"] == ["Ella Expiring"]


def test_list_strip_names_what_is_to_do(signed_in, admin, newcomer, join, verify, now):
    verify(join("Ella Expiring", "practitioner"), expires_on=now.date() + timedelta(days=3))
    page = signed_in(admin).get(reverse("people-list")).content.decode()
    assert "1 practitioner waits to be verified" in page
    assert "1 credential expires within 28 days" in page


def test_list_shows_who_is_invited(signed_in, admin, paula, now):
    accounts.invite(by=paula, now=now, email="clara@settle.example", role="patient", name="Clara Costa")
    answer = signed_in(admin).get(reverse("people-list"), {"status": "invited"})
    assert "Clara Costa" in answer.content.decode()
    assert "invited by Paula Pinho" in answer.content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_list_costs_the_same_for_one_and_for_many(signed_in, admin, join, count, django_assert_num_queries):
    for number in range(count):
        join(f"Nr{number} New", "practitioner")
    client = signed_in(admin)
    with django_assert_num_queries(13):
        client.get(reverse("people-list"))


def test_show_tells_the_account_and_nothing_of_the_diary(signed_in, admin, ana, log):
    log(ana, 9, note="a canary in the note")
    page = signed_in(admin).get(reverse("people-show", args=[ana.pk])).content.decode()
    assert "Ana Alves" in page
    assert "canary" not in page
    assert "No diary is shown here" in page


def test_show_lists_credentials_with_who_checked_them(signed_in, admin, paula):
    page = signed_in(admin).get(reverse("people-show", args=[paula.pk])).content.decode()
    assert "NCCAOM, 12345" in page
    assert "by Adele Admin" in page


def test_show_answers_404_for_nobody(signed_in, admin):
    assert signed_in(admin).get(f"/people/{10**30}/").status_code == 404


def test_invite_makes_an_invitation_into_a_role(signed_in, admin, practice):
    typed = {"name": "Nils", "email": "Nils@Settle.example", "role": "practitioner", "practice": practice.pk}
    answer = signed_in(admin).post(reverse("people-invite"), typed, follow=True)
    invitation = Invitation.objects.get(email="nils@settle.example")
    assert (invitation.role, invitation.practice) == ("practitioner", practice)
    assert answer.context["secrets"]["code"] in answer.content.decode()


@pytest.mark.parametrize(
    "wrong", [{"role": "owner"}, {"role": ""}, {"practice": ""}, {"email": "x"}, {"practice": "99"}]
)
def test_invite_keeps_what_was_typed_when_something_is_wrong(signed_in, admin, practice, wrong):
    typed = {"name": "Nils", "email": "nils@settle.example", "role": "practitioner", "practice": practice.pk}
    answer = signed_in(admin).post(reverse("people-invite"), typed | wrong)
    assert answer.status_code == 200
    assert 'value="Nils"' in answer.content.decode()
    assert not Invitation.objects.exists()


def test_verify_notes_what_was_checked_by_whom(signed_in, admin, newcomer, now):
    answer = signed_in(admin).post(reverse("people-verify", args=[newcomer.pk]), CREDENTIAL)
    assert answer.url == reverse("people-show", args=[newcomer.pk])
    credential = Credential.objects.get(practitioner=newcomer.pk)
    assert credential.expires_on == date(2027, 5, 1)
    assert (credential.checked_by, credential.checked_on) == (admin, now.date())


def test_verify_sent_twice_notes_one_credential(signed_in, admin, newcomer):
    client = signed_in(admin)
    for _press in range(2):
        assert client.post(reverse("people-verify", args=[newcomer.pk]), CREDENTIAL).status_code == 302
    noted = Event.objects.about(newcomer.pk).filter(verb="credential-verified")
    assert Credential.objects.filter(practitioner=newcomer.pk).count() == noted.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"expires_on": "2026-03-09"}, {"expires_on": "29.02.2027"}, {"number": ""}, {"evidence": ""}]
)
def test_verify_keeps_what_was_typed_when_something_is_wrong(signed_in, admin, newcomer, wrong):
    answer = signed_in(admin).post(reverse("people-verify", args=[newcomer.pk]), CREDENTIAL | wrong)
    assert answer.status_code == 200
    assert 'value="NCCAOM"' in answer.content.decode()
    assert not Credential.objects.filter(practitioner=newcomer.pk).exists()


def test_verify_is_for_practitioners(signed_in, admin, ana):
    assert signed_in(admin).get(reverse("people-verify", args=[ana.pk])).status_code == 404


def test_deactivate_names_its_consequences_and_signs_out(signed_in, admin, ana, client):
    page = signed_in(admin).get(reverse("people-deactivate", args=[ana.pk])).content.decode()
    assert "Nothing is deleted" in page
    client.post(reverse("people-deactivate", args=[ana.pk]))
    ana.refresh_from_db()
    assert not ana.is_active


def test_deactivate_of_a_closed_account_leads_to_its_page(signed_in, admin, ana):
    """Pressed twice, or on a page that was open while another admin closed it: it answered that nobody is there."""
    client = signed_in(admin)
    for _press in range(2):
        answer = client.post(reverse("people-deactivate", args=[ana.pk]))
        assert answer.headers.get("Location") == reverse("people-show", args=[ana.pk])
    assert Event.objects.about(ana.pk).filter(verb="deactivated").count() == 1


def test_deactivate_oneself_is_refused(signed_in, admin):
    assert signed_in(admin).post(reverse("people-deactivate", args=[admin.pk])).status_code == 403
    admin.refresh_from_db()
    assert admin.is_active


def test_deactivate_by_get_changes_nothing(signed_in, admin, ana):
    signed_in(admin).get(reverse("people-deactivate", args=[ana.pk]))
    ana.refresh_from_db()
    assert ana.is_active


def test_activate_opens_the_account_again(signed_in, admin, ana, now):
    accounts.deactivate(by=admin, now=now, user=ana)
    signed_in(admin).post(reverse("people-activate", args=[ana.pk]))
    ana.refresh_from_db()
    assert ana.is_active


# Locked, another role, a lost second step


@pytest.fixture
def lock(now):
    """Return a function that locks an account as twenty wrong passwords do."""

    def locked(person):
        for number in range(20):
            signins.count_try(now=now - timedelta(minutes=100 - 2 * number), email=person.email)
        return person

    return locked


def test_unlock_opens_a_locked_account(signed_in, admin, ana, lock):
    client = signed_in(admin)
    lock(ana)
    assert names(client.get(reverse("people-list"), {"status": "locked"})) == ["Ana Alves"]
    assert "1 account is locked" in client.get(reverse("people-list")).content.decode()
    assert "Unlock now" in client.get(reverse("people-show", args=[ana.pk])).content.decode()
    client.post(reverse("people-unlock", args=[ana.pk]))
    assert names(client.get(reverse("people-list"), {"status": "locked"})) == []
    assert Event.objects.about(ana.pk).filter(verb="unlocked", actor=admin.pk).exists()


def test_role_names_what_follows_and_ends_sessions(signed_in, admin, paula, client, now):
    other = type(client)()
    other.force_login(paula)
    client = signed_in(admin)
    url = reverse("people-role", args=[paula.pk])
    assert "They read no diary any more" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert User.objects.get(pk=paula.pk).is_admin
    assert other.get("/worklist/").status_code == 302
    assert Notification.objects.filter(recipient=paula, kind="role-changed").exists()
    assert Event.objects.about(paula.pk).filter(verb="role-changed", old="practitioner", new="admin").exists()


def test_role_of_a_practitioner_asks_for_a_practice(signed_in, admin, join, practice):
    other = join("Amy Admin", "admin")
    client = signed_in(admin)
    url = reverse("people-role", args=[other.pk])
    assert "until another admin has verified" in client.get(url).content.decode()
    assert client.post(url).status_code == 200
    assert User.objects.get(pk=other.pk).is_admin
    client.post(url, {"practice": practice.pk})
    changed = User.objects.get(pk=other.pk)
    assert (changed.is_practitioner, changed.practitioner.practice) == (True, practice)


def test_role_of_a_patient_and_ones_own_do_not_change(signed_in, admin, ana):
    client = signed_in(admin)
    for person in (ana, admin):
        assert client.get(reverse("people-role", args=[person.pk])).status_code == 404
        assert client.post(reverse("people-role", args=[person.pk])).status_code == 404


def test_reset_takes_off_a_lost_second_step(signed_in, admin, paula, client):
    other = type(client)()
    other.force_login(paula)
    signed_in(admin).post(reverse("people-reset", args=[paula.pk]))
    assert not User.objects.with_second_step().filter(pk=paula.pk).exists()
    assert "/login/" in other.get("/worklist/")["Location"]
    other.force_login(User.objects.get(pk=paula.pk))
    assert other.get("/worklist/")["Location"] == reverse("mfa_index")
    assert Notification.objects.filter(recipient=paula, kind="second-step-removed").exists()


@pytest.mark.asvs("V7.4.5")
def test_signout_ends_every_session_and_every_token(signed_in, admin, ana, client, ask, token):
    other, secret = type(client)(), token(ana, "own")
    other.force_login(ana)
    assert ask(secret, "/me").status_code == 200
    admins = signed_in(admin)
    assert "Sign out everywhere" in admins.get(reverse("people-show", args=[ana.pk])).content.decode()
    admins.post(reverse("people-signout", args=[ana.pk]))
    assert "/login/" in other.get("/today/")["Location"]
    assert ask(secret, "/me").status_code == 401
    assert admins.get(reverse("people-list")).status_code == 200
    other.force_login(User.objects.get(pk=ana.pk))
    assert "Adele Admin signed you out everywhere" in other.get(reverse("shares-list")).content.decode()


def test_signout_of_oneself_is_refused(signed_in, admin):
    assert signed_in(admin).post(reverse("people-signout", args=[admin.pk])).status_code == 403
    assert "Sign out everywhere" not in signed_in(admin).get(reverse("people-show", args=[admin.pk])).content.decode()


def test_list_advises_a_second_admin(signed_in, admin, join):
    client = signed_in(admin)
    assert "You are the only admin" in client.get(reverse("people-list")).content.decode()
    join("Amy Admin", "admin")
    assert "You are the only admin" not in client.get(reverse("people-list")).content.decode()


def test_list_narrows_to_expired_credentials(signed_in, admin, newcomer, join, verify, now):
    verify(join("Leo Lapsed", "practitioner"), expires_on=now.date() - timedelta(days=1))
    assert names(signed_in(admin).get(reverse("people-list"), {"status": "expired"})) == ["Leo Lapsed"]


def test_list_shows_invitations_whose_time_ran_out(signed_in, admin, paula, now):
    accounts.invite(by=paula, now=now - timedelta(days=20), email="old@settle.example", role="patient")
    page = signed_in(admin).get(reverse("people-list"), {"status": "invited"}).content.decode()
    assert "old@settle.example" in page
    assert "<strong>expired</strong>" in page


def test_list_says_for_how_long_urgent_flags_were_left_and_not_whose(signed_in, admin, ana, log, now):
    log(ana, 9, red_flags=["infection"])
    Escalation.objects.update(due_at=None, unattended_at=now - timedelta(hours=3))
    page = signed_in(admin).get(reverse("people-list"), {"status": "deactivated"}).content.decode()
    assert "1 urgent flag has been answered by nobody" in page
    assert "Ana" not in page
    assert "infection" not in page
