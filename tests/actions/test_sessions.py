from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from diary.actions import sessions
from diary.models import Event, Flag, TreatmentSession

DAY = timedelta(days=1)


def test_a_practitioner_records_for_a_patient(ana, paula, treat):
    session = treat(ana, by=paula, ago=DAY, pain_before=5, pain_after=4)
    assert (session.patient, session.practitioner, session.recorded_by) == (ana, paula, paula)


def test_a_patient_records_their_own(ana, treat):
    session = treat(ana, ago=DAY)
    assert (session.practitioner, session.recorded_by) == (None, ana)


@pytest.mark.parametrize("person", ["ben", "remy", "former", "newcomer", "admin"])
def test_nobody_else_records(ana, treat, person, request):
    with pytest.raises(PermissionDenied):
        treat(ana, by=request.getfixturevalue(person))


def test_a_session_sent_twice_is_one(ana, now):
    id = uuid4()
    for _ in range(2):
        sessions.record(by=ana, now=now, patient=ana, id=id, ended_at=now, zone="UTC")
    assert TreatmentSession.objects.count() == 1


def test_two_sessions_never_end_at_one_instant(ana, treat):
    treat(ana, ago=DAY)
    with pytest.raises(sessions.SessionAtThatInstant):
        treat(ana, ago=DAY)


def test_amend_assesses_again_and_keeps_the_old_values(ana, treat, now):
    session = treat(ana, ago=DAY, pain_before=2, pain_after=6)
    assert Flag.objects.get().rule == "sharp-rise"
    sessions.amend(by=ana, now=now, session=session, version=1, pain_after=3)
    assert Flag.objects.get().withdrawn_at == now
    assert '"pain_after": 6' in Event.objects.get(verb="session-amended").old


def test_amend_onto_another_session_is_refused_and_changes_nothing(ana, treat, now):
    treat(ana, ago=DAY)
    session = treat(ana, ago=2 * DAY)
    with pytest.raises(sessions.SessionAtThatInstant):
        sessions.amend(by=ana, now=now, session=session, version=1, ended_at=now - DAY)
    session.refresh_from_db()
    assert session.ended_at == now - 2 * DAY


def test_withdraw_and_restore(ana, treat, now):
    session = treat(ana, ago=DAY, sharp_increase=True)
    sessions.withdraw(by=ana, now=now, session=session)
    assert not TreatmentSession.objects.standing().exists()
    assert Flag.objects.get().withdrawn_at == now
    sessions.restore(by=ana, now=now, session=session)
    assert Flag.objects.get().withdrawn_at is None


def test_restore_onto_another_session_is_refused(ana, treat, now):
    session = treat(ana, ago=DAY)
    sessions.withdraw(by=ana, now=now, session=session)
    treat(ana, ago=DAY)
    with pytest.raises(sessions.SessionAtThatInstant):
        sessions.restore(by=ana, now=now, session=session)


def test_who_did_not_record_it_does_not_change_it(ana, paula, treat, now):
    session = treat(ana, by=paula, ago=DAY)
    for act in (sessions.withdraw, sessions.restore, partial(sessions.amend, version=1)):
        with pytest.raises(PermissionDenied):
            act(by=ana, now=now, session=session)
