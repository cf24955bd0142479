"""What is written beside a diary: notes, messages, and its summary as text."""

from uuid import uuid4

import pytest
from django.urls import reverse

from diary.actions import flags, intakes, messages, notes, shares
from diary.models import Entry, Event, Flag, Message, Note, Practice
from tests.views.test_patients import DAYS, page


def test_note_is_kept_and_shown(signed_in, paula, ana, now):
    client, typed = signed_in(paula), {"id": str(uuid4()), "body": "Prefers side-lying."}
    for _ in range(2):
        assert client.post(reverse("patients-note", args=[ana.pk]), typed).status_code == 302
    [note] = page(client, "show", ana).context["notes"]
    assert (note.body, note.author, note.written_at) == ("Prefers side-lying.", paula, now)
    assert "Never by the patient or another practice" in page(client, "show", ana).content.decode()


def test_note_and_message_stand_on_the_clock_that_the_page_names(signed_in, paula, ana, now):
    ana.time_zone = "Asia/Tokyo"
    ana.save(update_fields=["time_zone"])
    notes.write(by=paula, now=now, patient=ana, id=uuid4(), body="Prefers side-lying.")
    messages.send(by=ana, now=now, to=paula, id=uuid4(), body="Until tomorrow.")
    shown = page(signed_in(paula), "show", ana).content.decode()
    assert "Times are in the patient's zone:" in shown
    assert shown.count('<time datetime="2026-03-10T21:00:00+09:00"') == 2
    assert "12:00</time>" not in shown


@pytest.mark.parametrize("wrong", ["", "x" * 4001])
def test_note_that_cannot_be_kept_is_shown_again(signed_in, paula, ana, wrong):
    answer = signed_in(paula).post(reverse("patients-note", args=[ana.pk]), {"body": wrong})
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert wrong in answer.content.decode()
    assert not Note.objects.exists()


def test_note_is_read_by_nobody_else(signed_in, paula, remy, ana, now):
    notes.write(by=paula, now=now, patient=ana, id=uuid4(), body="canary")
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code)
    remy.practitioner.practice = Practice.objects.create(name="Elsewhere")
    remy.practitioner.save()
    assert "canary" in page(signed_in(paula), "show", ana).content.decode()
    assert "canary" not in page(signed_in(remy), "show", ana).content.decode()
    client = signed_in(ana)
    for address in ("/today/", "/entries/", "/sessions/", "/flags/", "/shares/", "/messages/", "/settings/"):
        assert "canary" not in client.get(address).content.decode()


def test_note_is_a_post_by_who_reads_the_diary(signed_in, paula, remy, ana):
    address = reverse("patients-note", args=[ana.pk])
    assert signed_in(remy).post(address, {"body": "x"}).status_code == 404
    assert signed_in(paula).get(address).status_code == 405


def test_messages_are_answered(signed_in, paula, ana, now):
    asked = messages.send(by=ana, now=now, to=paula, id=uuid4(), body="May I swim?")
    client = signed_in(paula)
    assert "May I swim?" in page(client, "show", ana).content.decode()
    text = page(client, "messages", ana).content.decode()
    assert "May I swim?" in text
    assert "The mail to them says only that there is a message" in text
    asked.refresh_from_db()
    assert asked.read_at == now
    address = reverse("patients-messages", args=[ana.pk])
    assert client.post(address, {"id": str(uuid4()), "body": "Yes."}).url == address
    assert Message.objects.get(by_patient=False).practitioner == paula


def test_messages_of_another_practitioner_are_not_ones_own(signed_in, paula, remy, ana, now):
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code)
    messages.send(by=ana, now=now, to=remy, id=uuid4(), body="canary")
    client = signed_in(paula)
    for name in ("show", "messages"):
        assert "canary" not in page(client, name, ana).content.decode()


def test_messages_stay_with_whose_they_are_from_page_to_page(signed_in, paula, ana, now):
    for number in range(31):
        messages.send(by=ana, now=now, to=paula, id=uuid4(), body=f"Word {number}")
    thread = reverse("patients-messages", args=[ana.pk])
    first = signed_in(paula).get(thread, {"of": paula.pk}).content.decode()
    assert f'href="?of={paula.pk}&amp;page=2"' in first
    assert 'href="?page=2"' in signed_in(paula).get(thread).content.decode()


def test_messages_are_gone_with_the_share(signed_in, paula, ana, now):
    messages.send(by=ana, now=now, to=paula, id=uuid4(), body="May I swim?")
    shares.revoke(by=ana, now=now, share=ana.shares.get(practitioner=paula))
    assert page(signed_in(paula), "messages", ana).status_code == 404


# As text


def test_summary_does_not_call_a_background_empty_that_was_never_filled_in(signed_in, paula, ana, now):
    address = reverse("patients-summary", args=[ana.pk])
    assert "Conditions: not filled in yet" in signed_in(paula).get(address).content.decode()
    intakes.save(by=ana, now=now, usual_pain=3)
    assert "Conditions: none ticked" in signed_in(paula).get(address).content.decode()


def test_summary_of_a_diary_without_an_entry_this_month_tells_the_last_one(signed_in, paula, ana, log, treat):
    for days in (45, 44, 43, 42):
        log(ana, 4, ago=days * DAYS)
    treat(ana, ago=41 * DAYS)
    log(ana, 5, ago=40 * DAYS)
    for asked in ("", "?range=30"):
        said = signed_in(paula).get(reverse("patients-summary", args=[ana.pk]) + asked).content.decode()
        assert "Pain: usual 4, now 5 of 10 (Thursday 29 January 2026, 12:00)." in said
        assert "no entry yet" not in said


def test_summary_says_where_the_patient_stands(signed_in, paula, ana, treat, log, now):
    intakes.save(by=ana, now=now, conditions=["blood_thinners"], medicines="Apixaban", usual_pain=3)
    treat(ana, by=paula, ago=1 * DAYS, pain_before=3)
    log(ana, 8, compared="worse", soreness=2)
    flags.handle(by=paula, now=now, flag=Flag.objects.get(), outcome="acknowledged")
    text = page(signed_in(paula), "summary", ana).context["text"]
    for said in (
        "Ana Alves, Tuesday 10 March 2026, 12:00 (Europe/Lisbon), for Paula Pinho",
        "Session 1 with Paula Pinho, Monday 9 March 2026, 12:00. This is day 1 after session 1.",
        "Pain: usual 3, now 8 of 10 (Tuesday 10 March 2026, 12:00).",
        "Soreness: 2 of 10.",
        "1 open flag:",
        "- Priority: Since session 1, pain reached 7 or more, clearly above the usual",
        "seen by Paula Pinho.",
        "Conditions: takes blood thinners",
        "Medicines: Apixaban",
    ):
        assert said in text


def test_summary_holds_only_what_is_shared(signed_in, remy, paula, ana, log, now):
    intakes.save(by=ana, now=now, medicines="canary", conditions=["pregnancy"])
    notes.write(by=paula, now=now, patient=ana, id=uuid4(), body="canary")
    log(ana, 3, note="canary")
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code, with_intake=False, with_notes=False)
    text = page(signed_in(remy), "summary", ana).content.decode()
    assert "Health background: not shared." in text
    assert "canary" not in text
    assert "pregnancy" not in text


def test_summary_of_an_empty_diary(signed_in, paula, ana):
    text = page(signed_in(paula), "summary", ana).context["text"]
    assert "No session is recorded." in text
    assert "no entry yet" in text
    assert "Open flags: none." in text


def test_summary_records_the_read(signed_in, paula, ana):
    page(signed_in(paula), "summary", ana)
    assert Event.objects.about(ana.pk).reads().count() == 1


def test_report_is_only_of_a_diary_that_is_shared(signed_in, paula, remy, ana):
    assert signed_in(paula).get(f"/patients/{ana.pk}/report/").status_code == 200
    assert signed_in(remy).get(f"/patients/{ana.pk}/report/").status_code == 404


def test_show_says_of_an_entry_that_it_was_taken_from_a_file(signed_in, paula, ana, log, now):
    entry = log(ana, 3).entry
    Entry.objects.filter(pk=entry.pk).update(imported_at=now)
    assert "taken from a file by the patient" in signed_in(paula).get(f"/patients/{ana.pk}/").content.decode()
