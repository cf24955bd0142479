"""Security 12 for mails: no message of any kind, and no header of one, says who keeps a diary or what is in it."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from diary import notices, wording
from diary.actions import accounts
from diary.models import Flag, Notification, User
from tests.world import CANARY

CLINICAL = {
    *("pain", "numb", "sore", "bleed", "fever", "red flag", "severe", "symptom", "session", "needle", "acupuncture"),
    *wording.RED_FLAG,
    *wording.RULES,
    *wording.SYMPTOM,
}


@pytest.fixture
def told(join, paula, admin, log, treat, now):
    """A message of each kind to each of three people, about a diary whose every text holds a canary."""
    patient = join(f"{CANARY} Alves", "patient", by=paula)
    User.objects.filter(pk=patient.pk).update(email=f"{CANARY}@settle.example")
    treat(patient, ago=timedelta(hours=60), pain_before=3, note=CANARY, response=CANARY)
    log(patient, 9, soreness=8, note=CANARY, red_flags=["saddle"], ago=timedelta(hours=1))
    flag = Flag.objects.filter(level=4).get()
    Notification.objects.all().delete()
    about = {"flag": flag, "created_at": now, "due_at": now}
    keys = {"credential": f"{paula.pk} 2026-04-01 30"}
    people = [paula, admin, paula.__class__.objects.get(pk=flag.patient_id)]
    return [
        Notification(recipient=person, kind=kind, key=keys.get(kind, str(flag.pk)), **about)
        for kind in notices.KINDS
        for person in people
    ]


def as_sent(row):
    """Return a message as it goes over the line, and as it is read, with what the envelope must say taken out."""
    if row.kind == "hook":
        return notices.compose(row, row.created_at).body.decode().lower()
    if row.kind == "push":
        return notices.compose(row, row.created_at).text.decode().lower()
    sent = notices.compose(row, row.created_at).message().as_bytes()
    message = message_from_bytes(sent, policy=policy.default)
    del message["To"]
    return (message.as_string() + message.get_content()).lower()


def test_no_message_of_any_kind_holds_a_canary(told, figure):
    leaks = {(row.kind, row.recipient.role) for row in told if CANARY in as_sent(row)}
    figure("canaries in mails and their headers", len(leaks), f"{len(told)} messages of {len(notices.KINDS)} kinds")
    assert not leaks


@pytest.mark.parametrize("kind", notices.KINDS)
def test_no_message_holds_a_clinical_word(told, kind):
    for row in told:
        if row.kind == kind:
            said = as_sent(row)
            assert not {word for word in CLINICAL if word in said}


def test_the_way_in_holds_none_either(paula, now):
    invited = accounts.invite(by=paula, now=now, email="new@settle.example", role="patient", name=CANARY)
    said = notices.accounts.invitation(invited.invitation, "https://settle.example/join/x").message().as_string()
    assert CANARY not in said


def test_control_a_message_that_names_the_patient_is_found(told, monkeypatch):
    def names(row, now):
        return f"About {row.flag.patient.name}", "Look at your worklist."

    monkeypatch.setitem(notices.KINDS, "urgent", notices.KINDS["urgent"]._replace(compose=notices.mail(names)))
    assert any(CANARY in as_sent(row) for row in told if row.kind == "urgent")


@pytest.mark.asvs("V1.3.11")
def test_a_name_cannot_add_a_header(paula, told):
    row = next(row for row in told if row.kind == "urgent")
    row.recipient.email = "paula@settle.example\nBcc: all@settle.example"
    with pytest.raises(ValueError, match="newlines"):
        notices.compose(row, row.created_at).message()


def test_a_mail_says_moments_as_the_site_does(told):
    """The day before the month, the hour up to 24: "2:40 p.m." ended its sentence with two full stops."""
    row = next(row for row in told if row.kind == "second-step-removed")
    assert "from your account on Tuesday 10 March 2026, 12:00. Other" in notices.compose(row, row.created_at).body
