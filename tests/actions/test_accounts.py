from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from diary import roster
from diary.actions import accounts, people
from diary.consenting import CURRENT, current
from diary.models import Consent, Event, Invitation, User
from diary.permissions import is_verified, visible_diaries

DAY = timedelta(days=1)
PERSON = {"name": "New Person", "password": "a long enough sentence"}


@pytest.fixture
def invited(paula, now):
    return accounts.invite(by=paula, now=now, email="New@Settle.example", role="patient", name="New")


def test_invite_keeps_only_digests_of_the_secrets(invited):
    invitation = Invitation.objects.get(pk=invited.invitation.pk)
    kept = f"{invitation.token_digest} {invitation.code_digest} {list(Event.objects.values_list('new', 'subject'))}"
    assert invited.token not in kept
    assert invited.code not in kept
    assert invitation.email == "new@settle.example"


def test_a_code_is_easy_to_say(invited):
    assert len(invited.code) == 9
    assert invited.code[4] == "-"
    assert set(invited.code[:4] + invited.code[5:]) <= set(accounts.CODE_LETTERS)
    assert not set("IO01") & set(accounts.CODE_LETTERS)


def test_an_invitation_is_found_by_link_or_code(invited, now):
    assert accounts.invitation_by_token(invited.token, now=now) == invited.invitation
    for code in (invited.code, invited.code.lower(), invited.code.replace("-", " ")):
        assert accounts.invitation_by_code(code, now=now) == invited.invitation
    assert accounts.invitation_by_token("", now=now) is None
    assert accounts.invitation_by_code("AAAA-AAAA", now=now) is None


@pytest.mark.asvs("V6.4.1")
def test_an_invitation_ends(invited, now):
    assert accounts.invitation_by_token(invited.token, now=now + 14 * DAY) is None
    with pytest.raises(accounts.InvitationUsed):
        accounts.accept(now=now + 14 * DAY, invitation=invited.invitation, **PERSON)


def test_accept_makes_a_patient_whose_diary_is_shared_with_who_invited(invited, paula, now):
    user = accounts.accept(now=now, invitation=invited.invitation, **PERSON)
    assert (user.email, user.role, user.check_password(PERSON["password"])) == ("new@settle.example", "patient", True)
    assert (user.diary.due_at, user.intake.usual_pain) == (None, None)
    assert visible_diaries(paula, now).get().patient == user
    assert user.emailaddress_set.get().verified


def test_accept_works_once(invited, now):
    accounts.accept(now=now, invitation=invited.invitation, **PERSON)
    with pytest.raises(accounts.InvitationUsed):
        accounts.accept(now=now, invitation=invited.invitation, **PERSON)
    assert User.objects.filter(email="new@settle.example").count() == 1


def test_accept_with_a_taken_address_leaves_the_invitation_open(ana, paula, now):
    invited = accounts.invite(by=paula, now=now, email=ana.email, role="patient")
    with pytest.raises(accounts.AddressTaken):
        accounts.accept(now=now, invitation=invited.invitation, **PERSON)
    assert accounts.invitation_by_token(invited.token, now=now)


def test_a_revoked_invitation_opens_nothing(invited, paula, now):
    accounts.revoke_invitation(by=paula, now=now, invitation=invited.invitation)
    assert accounts.invitation_by_token(invited.token, now=now) is None


def test_an_accepted_invitation_is_not_revoked(invited, paula, now):
    accounts.accept(now=now, invitation=invited.invitation, **PERSON)
    accounts.revoke_invitation(by=paula, now=now, invitation=invited.invitation)
    assert Invitation.objects.get(pk=invited.invitation.pk).state(now) == "accepted"


def test_who_may_invite_and_revoke(ana, newcomer, remy, invited, now):
    for person in (ana, newcomer):
        with pytest.raises(PermissionDenied):
            accounts.invite(by=person, now=now, email="x@settle.example", role="patient")
    with pytest.raises(PermissionDenied):
        accounts.revoke_invitation(by=remy, now=now, invitation=invited.invitation)


def test_verify_opens_what_is_shared(newcomer, admin, now):
    assert not is_verified(newcomer, now)
    accounts.verify(
        by=admin, now=now, practitioner=newcomer.practitioner, board="NCCAOM", number="1", expires_on=now.date()
    )
    assert is_verified(newcomer, now)
    assert not is_verified(newcomer, now + DAY)


@pytest.mark.asvs("V7.4.2")
def test_a_deactivated_person_is_signed_out_and_can_come_back(ana, admin, now, signed_in):
    client = signed_in(ana)
    assert client.get("/settings/").status_code == 200
    accounts.deactivate(by=admin, now=now, user=ana)
    assert client.get("/settings/").status_code == 302
    accounts.activate(by=admin, now=now, user=ana)
    assert client.get("/settings/").status_code == 302  # a session that was ended stays ended
    assert signed_in(User.objects.get(pk=ana.pk)).get("/settings/").status_code == 200


def test_only_admins_manage_and_never_themselves(ana, paula, admin, now):
    for by, user in ((paula, ana), (ana, ana), (admin, admin)):
        with pytest.raises(PermissionDenied):
            accounts.deactivate(by=by, now=now, user=user)
    with pytest.raises(PermissionDenied):
        accounts.activate(by=paula, now=now, user=ana)
    with pytest.raises(PermissionDenied):
        accounts.verify(
            by=paula, now=now, practitioner=paula.practitioner, board="b", number="1", expires_on=now.date()
        )


@pytest.mark.parametrize("goes", ["deactivated", "role"])
def test_no_invitation_into_the_staff_outlives_the_admin_who_made_it(join, admin, practice, now, goes):
    second = join("Second Admin", "admin")
    said = {"by": second, "now": now, "practice": practice}
    into = {role: accounts.invite(**said, email=f"{role}@settle.example", role=role) for role in User.Role.values}
    if goes == "deactivated":
        accounts.deactivate(by=admin, now=now, user=second)
    else:
        people.change_role(by=admin, now=now, user=second, role="practitioner", practice=practice)
    open_still = {role for role, made in into.items() if accounts.invitation_by_token(made.token, now=now)}
    assert open_still == {"patient"}
    (again,) = roster.listed(admin, "invited", now).filter(role="admin")
    anew = accounts.resend(by=admin, now=now, invitation=again)
    assert accounts.invitation_by_token(anew.token, now=now) == again


def test_who_joins_as_a_patient_has_agreed_to_the_words_as_they_stand(join, paula):
    assert not Consent.objects.exists()
    patient = join("Carla Costa", "patient", by=paula)
    consent = Consent.objects.get()
    assert (consent.patient, consent.version, consent.language) == (patient, CURRENT, "en")
    assert consent.text_digest == current("en").digest


@pytest.mark.asvs("V2.3.4")
def test_two_admins_cannot_close_each_other_at_once(admin, join, now):
    """Each loaded the page while both were there; the second to act is no admin any more."""
    other = join("Amy Admin", "admin")
    accounts.deactivate(by=admin, now=now, user=other)
    with pytest.raises(PermissionDenied):
        accounts.deactivate(by=other, now=now, user=admin)
    with pytest.raises(PermissionDenied):
        people.change_role(by=other, now=now, user=admin, role="practitioner")
    assert User.objects.active().admins().get() == admin
