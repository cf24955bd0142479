import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from diary.actions import accounts, hours, people, shares
from diary.models import Event, Notification, Share, User
from diary.permissions import visible_diaries
from tests.people import OFFICE

HOUR = timedelta(hours=1)


def test_grant_by_address_however_it_is_spelled(ben, remy, now):
    share = shares.grant(by=ben, now=now, address=f" {remy.email.upper()} ")
    assert (share.practitioner, share.address, share.named) == (remy, remy.email, False)
    assert visible_diaries(remy, now).get().patient == ben


def test_grant_to_an_address_nobody_answers_to_looks_the_same(ben, ana, now):
    nobody = shares.grant(by=ben, now=now, address="Nobody@settle.example")
    patient = shares.grant(by=ben, now=now, address=ana.email)
    assert (nobody.practitioner, nobody.address, nobody.named) == (None, "nobody@settle.example", False)
    assert (patient.practitioner, patient.named) == (None, False)


@pytest.mark.parametrize("spelling", ["{0}", " {0} ", "{1}", "{2}"])
def test_grant_by_spoken_code_however_it_is_typed(ben, remy, now, spelling):
    code = remy.practitioner.spoken_code
    share = shares.grant(
        by=ben, now=now, code=spelling.format(code, code.replace("-", "").lower(), code[:4] + " " + code[5:])
    )
    assert (share.practitioner, share.named) == (remy, True)


def test_an_unknown_code_says_so(ben, now):
    with pytest.raises(shares.UnknownCode):
        shares.grant(by=ben, now=now, code="AAAA-AAAA")


@pytest.mark.parametrize("gone", ["deactivated", "admin"])
def test_the_code_of_somebody_who_treats_no_more_is_nobodys(ben, remy, admin, now, gone):
    if gone == "deactivated":
        accounts.deactivate(by=admin, now=now, user=remy)
    else:
        people.change_role(by=admin, now=now, user=remy, role="admin")
    with pytest.raises(shares.UnknownCode):
        shares.grant(by=ben, now=now, code=remy.practitioner.spoken_code)
    assert not Share.objects.filter(patient=ben).exists()


def test_a_diary_is_shared_once(ben, remy, now):
    shares.grant(by=ben, now=now, address=remy.email)
    with pytest.raises(shares.AlreadyShared):
        shares.grant(by=ben, now=now, code=remy.practitioner.spoken_code)


def test_a_diary_is_shared_once_though_the_address_has_changed_since(ben, remy, now):
    code = remy.practitioner.spoken_code
    share = shares.grant(by=ben, now=now, code=code)
    User.objects.filter(pk=remy.pk).update(email="remy@elsewhere.example")
    with pytest.raises(shares.AlreadyShared):
        shares.grant(by=ben, now=now, code=code)
    shares.revoke(by=ben, now=now, share=share)
    assert not visible_diaries(remy, now).exists()
    assert shares.grant(by=ben, now=now, code=code).address == "remy@elsewhere.example"


@pytest.mark.parametrize("way", ["code", "invitation"])
def test_an_address_typed_before_its_owner_was_here_bars_no_other_way(ben, admin, practice, now, way):
    """Code and invitation said that it was shared already, or nothing at all, and nobody read the diary."""
    invited = accounts.invite(by=admin, now=now, email="nina@x.example", role="practitioner", practice=practice)
    waiting = shares.grant(by=ben, now=now, address="nina@x.example")
    nina = accounts.accept(now=now, invitation=invited.invitation, name="Nina", password=None)
    hours.save(by=nina, now=now, practitioner=nina, zone="UTC", openings=OFFICE)
    if way == "code":
        shares.grant(by=ben, now=now, code=nina.practitioner.spoken_code)
    else:
        shares.grant_to(by=ben, now=now, practitioner=nina)
    waiting.refresh_from_db()
    assert waiting.revoked_at == now
    assert Share.objects.live(now).get(patient=ben).practitioner == nina


def test_a_diary_is_shared_again_after_the_share_ended(ben, remy, now):
    later = now + timedelta(days=2)
    shares.grant(by=ben, now=now, address=remy.email, expires_at=now + timedelta(days=1))
    shares.grant(by=ben, now=later, address=remy.email)
    assert visible_diaries(remy, later).exists()
    assert Share.objects.count() == 2


def test_revoke_takes_effect_at_once(ana, paula, now):
    share = Share.objects.get(patient=ana)
    shares.revoke(by=ana, now=now, share=share)
    shares.revoke(by=ana, now=now, share=share)
    assert not visible_diaries(paula, now).exists()
    assert Event.objects.filter(verb="share-revoked").count() == 1


def test_only_the_patient_grants_and_revokes(ana, ben, paula, admin, now):
    share = Share.objects.get(patient=ana)
    for person in (ben, paula, admin):
        with pytest.raises(PermissionDenied):
            shares.revoke(by=person, now=now, share=share)
    for person in (paula, admin):
        with pytest.raises(PermissionDenied):
            shares.grant(by=person, now=now, address="x@settle.example")


def test_a_look_is_noted_where_the_patient_reads_it(ana, paula, remy, now):
    shares.look(by=paula, now=now, patient=ana)
    event = Event.objects.about(ana.pk).reads().get()
    assert (event.actor_name, event.at) == (paula.name, now)
    with pytest.raises(PermissionDenied):
        shares.look(by=remy, now=now, patient=ana)


def test_what_is_opened_within_minutes_is_one_look(ana, paula, now):
    for minutes in (0, 4, 5, 20):
        shares.look(by=paula, now=now + timedelta(minutes=minutes), patient=ana)
    assert Event.objects.about(ana.pk).reads().count() == 3


# What waits in a diary that is shared


def test_a_diary_shared_while_something_waits_is_told_of_at_once(ben, remy, log, treat, now):
    log(ben, 5, red_flags=["saddle"])
    assert not Notification.objects.exists()
    shares.grant(by=ben, now=now, address=remy.email)
    row = Notification.objects.get()
    assert (row.recipient, row.kind, row.due_at, row.flag) == (remy, "urgent", now, ben.flags.get())


def test_who_reads_a_diary_again_is_told_anew_of_what_waits_in_it(ana, paula, log, now):
    """They looked when they were told, and found nothing: the diary was closed to them by then."""
    log(ana, 5, red_flags=["saddle"])
    Notification.objects.update(sent_at=now)
    shares.revoke(by=ana, now=now + HOUR, share=ana.shares.get(practitioner=paula))
    shares.grant(by=ana, now=now + 2 * HOUR, code=paula.practitioner.spoken_code)
    row = Notification.objects.unsent().get(kind="urgent")
    assert (row.recipient, row.due_at) == (paula, now + 2 * HOUR)


def test_nothing_is_told_of_what_was_answered_or_to_somebody_who_may_not_read(ben, paula, remy, newcomer, log, now):
    log(ben, 5, red_flags=["saddle"])
    shares.grant(by=ben, now=now, address=newcomer.email)
    assert not Notification.objects.exists()
    ben.flags.update(status="closed", outcome="contacted", handled_at=now, handled_by=paula)
    shares.grant(by=ben, now=now, address=remy.email)
    assert not Notification.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_flag_raised_at_the_moment_of_sharing_is_told(ana, paula, remy, log, now):
    """On PostgreSQL neither sees the other before it is done: the later waits for the earlier."""
    logged = threading.Event()

    def entry():
        try:
            with transaction.atomic():
                log(ana, 5, red_flags=["saddle"])
                logged.set()
                threading.Event().wait(0.5)
        finally:
            connection.close()

    thread = threading.Thread(target=entry)
    thread.start()
    assert logged.wait(10)
    shares.grant(by=ana, now=now, address=remy.email)
    thread.join()
    assert {*Notification.objects.filter(kind="urgent").values_list("recipient", flat=True)} == {paula.pk, remy.pk}
