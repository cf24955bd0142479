"""What the database itself refuses, whoever asks."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from diary.models import Credential, Departure, Entry, Flag, Intake, Invitation, Share, TreatmentSession, User
from diary.models.fields import both_or_neither

SCORES = [(Entry, "pain"), (Entry, "soreness"), (TreatmentSession, "pain_before"), (TreatmentSession, "pain_after")]
GRADES = ["stiffness", "fatigue", "dizziness", "low_mood", "bruising"]


@pytest.fixture
def entry(ana, log):
    return log(ana, 4).entry


@pytest.fixture
def session(ana, treat):
    return treat(ana, ago=timedelta(days=2))


@pytest.fixture
def flag(ana, session, now):
    return Flag.objects.create(**about(session), patient=ana, fired_at=now, raised_at=now)


def about(session):
    return {"rule": "severe-pain", "session": session, "level": 3, "rules_version": "1"}


def refused(change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change()


@pytest.mark.parametrize(("model", "column"), SCORES)
def test_a_score_is_between_0_and_10(model, column, entry, session):
    rows = model.objects.all()
    assert rows.update(**{column: 10}) == 1
    assert rows.update(**{column: 0}) == 1
    refused(lambda: rows.update(**{column: 11}))
    refused(lambda: rows.update(**{column: -1}))


@pytest.mark.parametrize("column", ["usual_pain", "usual_soreness", "needle_nervousness"])
def test_a_usual_score_is_between_0_and_10(column, ana):
    refused(lambda: Intake.objects.filter(patient=ana).update(**{column: 11}))


@pytest.mark.parametrize("column", GRADES)
def test_a_grade_is_none_to_severe(column, entry):
    assert Entry.objects.update(**{column: 3}) == 1
    refused(lambda: Entry.objects.update(**{column: 4}))


def test_pain_is_always_there(entry):
    refused(lambda: Entry.objects.update(pain=None))


def test_compared_is_a_known_word(entry):
    refused(lambda: Entry.objects.update(compared="so-so"))


def test_one_current_flag_a_finding(ana, session, flag, now):
    again = {**about(session), "patient": ana, "fired_at": now, "raised_at": now}
    refused(lambda: Flag.objects.create(**again))
    assert Flag.objects.create(**again | {"symptom": "soreness"})
    flag.resolved_at = now
    flag.save()
    assert Flag.objects.create(**again)


def test_one_current_flag_a_red_flag_code_of_an_entry(ana, entry, now):
    red = {"rule": "red-flag", "entry": entry, "code": "saddle", "level": 4, "rules_version": "1"}
    red |= {"patient": ana, "fired_at": now, "raised_at": now}
    Flag.objects.create(**red)
    refused(lambda: Flag.objects.create(**red))
    assert Flag.objects.create(**red | {"code": "fever"})


def test_a_flag_is_about_a_session_or_an_entry(flag, entry):
    flags = Flag.objects.filter(pk=flag.pk)
    refused(lambda: flags.update(entry=entry))
    refused(lambda: flags.update(session=None))


def test_a_handled_flag_has_who_when_and_what(flag, paula, now):
    flags = Flag.objects.filter(pk=flag.pk)
    refused(lambda: flags.update(status="closed"))
    refused(lambda: flags.update(status="closed", outcome="contacted", handled_at=now))
    assert flags.update(status="closed", outcome="contacted", handled_at=now, handled_by=paula) == 1


def test_a_level_is_known(flag):
    refused(lambda: Flag.objects.update(level=0))
    refused(lambda: Flag.objects.update(level=5))


def test_two_sessions_never_end_at_one_instant_unless_one_is_withdrawn(ana, treat, session, now):
    twin = TreatmentSession(id=uuid4(), patient=ana, ended_at=session.ended_at, recorded_at=now)
    refused(twin.save)
    TreatmentSession.objects.filter(pk=session.pk).update(withdrawn_at=now)
    twin.save()


def test_one_share_an_address_while_it_stands(ana, former, now):
    assert Share.objects.filter(patient=ana).count() == 2
    share = Share.objects.get(patient=ana, revoked_at=None)
    twin = Share(patient=ana, practitioner=share.practitioner, address=share.address, granted_at=now)
    refused(twin.save)


def test_a_share_expires_after_it_was_granted(ana):
    share = Share.objects.get(patient=ana)
    refused(lambda: Share.objects.filter(pk=share.pk).update(expires_at=share.granted_at))


def test_addresses_that_differ_in_case_are_one(ana):
    refused(lambda: User.objects.create(email=ana.email.upper(), role="patient"))


def test_a_role_is_known(ana):
    refused(lambda: User.objects.filter(pk=ana.pk).update(role="root"))


def test_a_checked_credential_says_who_checked_it(paula):
    refused(lambda: Credential.objects.update(checked_by=None))
    refused(lambda: Credential.objects.update(number=""))


def test_an_invitation_is_accepted_or_revoked_never_both(ana, now):
    refused(lambda: Invitation.objects.filter(accepted_by=ana).update(revoked_at=now))
    refused(lambda: Invitation.objects.filter(accepted_by=ana).update(accepted_at=None))


# Every deed whose moment and whose doer are columns


def deeds(model):
    """Yield when and by whom of each deed that a table keeps: `closed_at` and `closed_by`."""
    columns = {column.name: column for column in model._meta.concrete_fields}
    for name, who in columns.items():
        deed = name.removesuffix("_by")
        yield from ((columns[when], who) for when in (f"{deed}_at", f"{deed}_on") if deed != name and when in columns)


def kept_apart(model):
    """Return the deeds of which the database takes one half.

    Not those of people who can be erased (SET_NULL): of them the moment stays.
    """
    conditions = [rule.condition for rule in model._meta.constraints if isinstance(rule, models.CheckConstraint)]
    return {
        (when.name, who.name)
        for when, who in deeds(model)
        if (when.null or who.null)
        and who.remote_field.on_delete is not models.SET_NULL
        and both_or_neither(when.name, who.name, "").condition not in conditions
    }


@pytest.mark.parametrize("model", [*apps.get_app_config("diary").get_models()], ids=lambda model: model.__name__)
def test_when_and_by_whom_are_kept_together(model):
    assert kept_apart(model) == set()


def test_control_a_deed_kept_by_halves_is_found(monkeypatch):
    monkeypatch.setattr(Departure._meta, "constraints", [])
    assert kept_apart(Departure) == {("closed_at", "closed_by")}


def test_a_departure_seen_to_says_when_and_by_whom(paula, now):
    departure = Departure.objects.create(left_at=now)
    rows = Departure.objects.filter(pk=departure.pk)
    refused(lambda: rows.update(closed_at=now))
    refused(lambda: rows.update(closed_by=paula))
    assert rows.update(closed_at=now, closed_by=paula) == 1
