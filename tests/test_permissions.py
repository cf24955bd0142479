"""Who sees, and who may: each function alone; the pages are in the access table."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from diary import permissions
from diary.actions import accounts, shares
from diary.actions.handovers import PATIENTS_CHOOSE
from diary.models import Entry, Share

DIARY_ROWS = [
    "visible_diaries",
    "visible_entries",
    "visible_notes",
    "visible_sessions",
    "visible_flags",
    "visible_intakes",
]
DAY = timedelta(days=1)


@pytest.fixture
def full_diary(ana, ben, log, treat):
    """Ana's diary with a session, entries, a note and a flag; Ben's with an entry that nobody else may see."""
    treat(ana, ago=3 * DAY, pain_before=2, pain_after=6)
    log(ana, 4, note="slept badly")
    log(ben, 3, note="quiet")


@pytest.mark.parametrize("rows", DIARY_ROWS)
def test_a_diary_is_read_by_its_patient_and_who_it_is_shared_with(
    rows, full_diary, ana, ben, paula, remy, former, newcomer, admin, now
):
    visible = getattr(permissions, rows)
    readers = [
        person for person in (ana, ben, paula, remy, former, newcomer, admin) if ana_in(visible(person, now), ana)
    ]
    assert readers == [ana, paula]


def ana_in(rows, ana):
    return rows.filter(patient=ana).exists()


def test_a_practitioner_sees_nobody_else_beside_a_shared_diary(full_diary, paula, ana, now):
    assert set(permissions.visible_entries(paula, now)) == set(Entry.objects.filter(patient=ana))
    assert list(permissions.visible_patients(paula, now)) == [ana]


@pytest.mark.asvs("V8.2.3")
def test_what_a_share_leaves_out_is_not_read(full_diary, ana, paula, now):
    Share.objects.filter(patient=ana).update(with_notes=False, with_intake=False)
    assert not permissions.visible_notes(paula, now).exists()
    assert not permissions.visible_intakes(paula, now).exists()
    assert permissions.visible_entries(paula, now).exists()


def test_a_share_ends_at_its_instant(full_diary, ana, paula, now):
    Share.objects.filter(patient=ana).update(expires_at=now)
    assert not permissions.visible_entries(paula, now).exists()
    assert permissions.visible_entries(paula, now - timedelta(microseconds=1)).exists()


def test_a_revoked_share_reads_nothing(full_diary, ana, paula, now):
    shares.revoke(by=ana, now=now, share=Share.objects.get(patient=ana))
    assert not permissions.visible_entries(paula, now).exists()


def test_a_credential_ends_with_its_day(full_diary, paula, now):
    paula.practitioner.credentials.update(expires_on=now.date())
    assert permissions.visible_entries(paula, now).exists()
    paula.practitioner.credentials.update(expires_on=now.date() - DAY)
    assert not permissions.visible_entries(paula, now).exists()
    assert not permissions.is_verified(paula, now)


def test_a_second_credential_counts_once(full_diary, verify, paula, now):
    verify(paula, expires_on=date(2031, 1, 1))
    assert permissions.visible_entries(paula, now).count() == 1


def test_a_deactivated_practitioner_reads_nothing(full_diary, admin, paula, now):
    accounts.deactivate(by=admin, now=now, user=paula, handover=PATIENTS_CHOOSE)
    paula.refresh_from_db()
    assert not permissions.visible_entries(paula, now).exists()
    assert not permissions.visible_patients(paula, now).exists()


def test_an_unverified_practitioner_reads_nothing_even_if_shared(ana, newcomer, log, now):
    log(ana, 4)
    shares.grant(by=ana, now=now, code=newcomer.practitioner.spoken_code)
    assert not permissions.visible_entries(newcomer, now).exists()


def test_shares_and_events_are_listed_by_their_patient_alone(full_diary, ana, ben, paula, admin, now):
    shares.look(by=paula, now=now, patient=ana)
    assert permissions.visible_shares(ana, now).count() == 1
    assert permissions.visible_events(ana, now).reads().count() == 1
    for person in (ben, paula, admin):
        assert not permissions.visible_shares(person, now).filter(patient=ana).exists()
        assert not permissions.visible_events(person, now).filter(stream=ana.pk).exists()


def test_practices_with_their_hooks_are_listed_by_admins_alone(admin, paula, ana, practice, now):
    assert [*permissions.visible_hooks(admin, now)] == [practice]
    assert not any(permissions.visible_hooks(other, now).exists() for other in (paula, ana))


def test_people_are_listed_by_admins_alone(ana, paula, admin, now):
    assert ana in permissions.visible_people(admin, now)
    assert not permissions.visible_people(paula, now)
    assert not permissions.visible_people(ana, now)


def test_invitations_are_listed_by_who_made_them_and_admins(ana, paula, remy, admin, now):
    assert permissions.visible_invitations(paula, now).get().accepted_by == ana
    assert not permissions.visible_invitations(remy, now).exists()
    assert permissions.visible_invitations(admin, now).count() == 3
    assert not permissions.visible_invitations(ana, now).exists()


def test_the_practices_of_a_patient_are_those_shared_with(ana, ben, paula, admin, practice, now):
    assert list(permissions.visible_practices(ana, now)) == [practice]
    assert list(permissions.visible_practices(paula, now)) == [practice]
    assert not permissions.visible_practices(ben, now).exists()
    assert not permissions.visible_practices(admin, now).exists()


def test_credentials_are_seen_by_whom_they_are_of_and_by_who_named_them(ana, ben, paula, remy, admin, now):
    shares.grant(by=ben, now=now, code=remy.practitioner.spoken_code)
    seen = {
        person: [credential.practitioner_id for credential in permissions.visible_credentials(person, now)]
        for person in (ben, paula, remy)
    }
    assert seen == {ben: [remy.pk], paula: [paula.pk], remy: [remy.pk]}
    assert permissions.visible_credentials(admin, now).count() == 2


def test_only_who_said_it_amends(ana, ben, paula, log):
    entry = log(ana, 4).entry
    assert [person for person in (ana, ben, paula) if permissions.can_amend(person, entry)] == [ana]


def test_sessions_are_recorded_by_the_patient_and_who_reads_the_diary(ana, ben, paula, remy, former, admin, now):
    people = (ana, ben, paula, remy, former, admin)
    assert [person for person in people if permissions.can_record_session(person, ana, now)] == [ana, paula]


def test_a_session_is_amended_by_who_recorded_it_while_they_read_the_diary(ana, paula, treat, now):
    session = treat(ana, by=paula, ago=DAY)
    assert permissions.can_amend_session(paula, session, now)
    assert not permissions.can_amend_session(ana, session, now)
    shares.revoke(by=ana, now=now, share=Share.objects.get(patient=ana))
    assert not permissions.can_amend_session(paula, session, now)


def test_invitations_are_made_by_admins_and_verified_practitioners(ana, paula, newcomer, admin, now):
    assert permissions.can_invite(admin, "admin", now)
    assert permissions.can_invite(paula, "patient", now)
    assert not permissions.can_invite(paula, "practitioner", now)
    assert not permissions.can_invite(newcomer, "patient", now)
    assert not permissions.can_invite(ana, "patient", now)


def test_require_denies():
    permissions.require(True)
    with pytest.raises(PermissionDenied):
        permissions.require(False)
