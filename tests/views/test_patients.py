from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from diary.actions import accounts, flags, intakes, messages, notes, shares
from diary.models import Entry, Event, Flag, Message, Note, Practice, TreatmentSession

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=1)


def page(client, name, patient, **query):
    return client.get(reverse(f"patients-{name}", args=[patient.pk]), query)


def record(client, patient, **typed):
    typed = {"id": str(uuid4()), "ended": "2026-03-10T11:55", "zone": "UTC"} | typed
    return client.post(reverse("patients-record", args=[patient.pk]), typed)


def test_list_shows_who_shares_with_where_they_stand(signed_in, paula, ana, ben, treat, log):
    treat(ana, by=paula, ago=2 * DAYS)
    log(ana, 6, ago=1 * DAYS)
    answer = signed_in(paula).get(reverse("patients-list"))
    [patient] = answer.context["page"]
    assert (patient.name, patient.last_pain, patient.to_do) == ("Ana Alves", 6, None)
    assert "Ben Braun" not in answer.content.decode()


def test_list_counts_what_is_on_the_worklist(signed_in, paula, ana, log):
    log(ana, 3, red_flags=["fever", "head"])
    [patient] = signed_in(paula).get(reverse("patients-list")).context["page"]
    assert patient.to_do == 2


@pytest.mark.parametrize(("act", "number"), [("", 2), ("acknowledged", 2), ("contacted", 1)])
def test_list_counts_what_settled_unseen_and_what_is_seen_and_not_closed(
    signed_in, paula, ana, treat, log, now, act, number
):
    """The same flags that the worklist holds, whatever became of them meanwhile."""
    treat(ana, by=paula, ago=4 * DAYS)
    log(ana, 3, soreness=4, red_flags=["fever"], ago=DAYS)
    Flag.objects.exclude(rule="red-flag").update(resolved_at=now)
    if act:
        flags.handle(by=paula, now=now, flag=Flag.objects.get(rule="red-flag"), outcome=act)
    [patient] = signed_in(paula).get(reverse("patients-list")).context["page"]
    assert patient.to_do == number == Flag.objects.on_worklist().count()


def test_list_searches_by_name(signed_in, paula, ana):
    client = signed_in(paula)
    assert [p.name for p in client.get(reverse("patients-list"), {"q": "alv"}).context["page"]] == ["Ana Alves"]
    assert "Nobody here" in client.get(reverse("patients-list"), {"q": "zz\0"}).content.decode()


def test_list_without_patients_offers_the_next_step(signed_in, remy, newcomer):
    assert "Nobody shares with you yet" in signed_in(remy).get(reverse("patients-list")).content.decode()
    assert "has to verify your credential first" in signed_in(newcomer).get(reverse("patients-list")).content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_list_costs_the_same_for_one_and_for_many(signed_in, paula, join, count, django_assert_num_queries):
    for number in range(count):
        join(f"Nr{number} Patient", "patient", by=paula)
    client = signed_in(paula)
    with django_assert_num_queries(5):
        client.get(reverse("patients-list"))


def test_show_holds_the_chart_the_flags_and_the_entries(signed_in, paula, ana, treat, log):
    treat(ana, by=paula, ago=2 * DAYS, pain_before=3)
    log(ana, 8, compared="worse", note="a shared note")
    text = page(signed_in(paula), "show", ana).content.decode()
    for said in ("Severe pain", "a shared note", reverse("patients-data", args=[ana.pk]), "Record a session"):
        assert said in text


def test_show_keeps_notes_that_are_not_shared(signed_in, remy, ana, log, now):
    log(ana, 3, note="canary")
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code, with_notes=False)
    assert "canary" not in page(signed_in(remy), "show", ana).content.decode()


def test_show_records_the_read(signed_in, paula, ana):
    page(signed_in(paula), "show", ana)
    assert Event.objects.about(ana.pk).reads().count() == 1


@pytest.mark.parametrize("name", ["show", "data", "record", "summary", "messages"])
@pytest.mark.parametrize("reader", ["remy", "former", "newcomer", "ben", "admin", "ana"])
def test_show_does_not_exist_for_whom_it_is_not_shared_with(signed_in, request, reader, name, ana):
    assert page(signed_in(request.getfixturevalue(reader)), name, ana).status_code == 404


def test_show_is_gone_with_the_share(signed_in, paula, ana, now):
    client = signed_in(paula)
    assert page(client, "show", ana).status_code == 200
    shares.revoke(by=ana, now=now, share=ana.shares.get(practitioner=paula))
    assert page(client, "show", ana).status_code == 404


def test_show_is_gone_with_the_account(signed_in, paula, ana, admin, now):
    accounts.deactivate(by=admin, now=now, user=ana)
    assert page(signed_in(paula), "show", ana).status_code == 404


def test_show_costs_the_same_for_one_and_for_many_entries(signed_in, paula, ana, treat, log, django_assert_num_queries):
    treat(ana, by=paula, ago=3 * DAYS)
    log(ana, 3)
    client = signed_in(paula)
    page(client, "show", ana)  # the look is noted once
    with django_assert_num_queries(24):
        page(client, "show", ana)
    for hours in range(2, 22):
        log(ana, 3, ago=timedelta(hours=hours))
    with django_assert_num_queries(24):
        page(client, "show", ana)


def test_data_is_the_patients_series(signed_in, paula, ana, ben, log):
    log(ana, 7)
    log(ben, 1)
    assert page(signed_in(paula), "data", ana).json()["pain"] == [7]


def test_data_records_the_read(signed_in, paula, ana):
    page(signed_in(paula), "data", ana)
    assert Event.objects.about(ana.pk).reads().count() == 1


def test_record_begins_with_now_rounded_down_in_the_practitioners_zone(signed_in, paula, ana, join, verify):
    paula.time_zone = "Asia/Kolkata"
    paula.save()
    text = page(signed_in(paula), "record", ana).content.decode()
    assert 'value="2026-03-10T17:30"' in text


def test_record_needs_no_more_than_the_end(signed_in, paula, ana):
    answer = record(signed_in(paula), ana)
    assert answer.url == reverse("patients-show", args=[ana.pk])
    session = TreatmentSession.objects.get()
    assert session.ended_at == datetime(2026, 3, 10, 11, 55, tzinfo=UTC)
    assert (session.practitioner, session.recorded_by) == (paula, paula)


def test_record_keeps_every_answer(signed_in, paula, ana):
    record(
        signed_in(paula),
        ana,
        pain_before="3",
        pain_after="7",
        sharp_increase="on",
        response="Needles taken out.",
        sites=["lower-left", "lower-right"],
        aftercare=["water"],
        note="Rested ten minutes.",
    )
    session = TreatmentSession.objects.get()
    assert (session.pain_before, session.pain_after, session.sharp_increase) == (3, 7, True)
    assert (session.sites, session.aftercare) == (["lower-left", "lower-right"], ["water"])
    assert (session.response, session.note) == ("Needles taken out.", "Rested ten minutes.")
    assert ana.flags.filter(rule="sharp-rise").exists()


def test_record_twice_is_one_session(signed_in, paula, ana):
    client, id = signed_in(paula), str(uuid4())
    for _ in range(2):
        assert record(client, ana, id=id).status_code == 302
    assert TreatmentSession.objects.count() == 1


def test_record_of_the_same_minute_says_so(signed_in, paula, ana):
    client = signed_in(paula)
    record(client, ana)
    answer = record(client, ana, note="typed words")
    assert answer.status_code == 200
    assert "is recorded already" in answer.content.decode()
    assert "typed words" in answer.content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"ended": "2026-03-10T13:00"},
        {"ended": ""},
        {"ended": "yesterday"},
        {"ended": "2026-02-30T10:00"},
        {"ended": "2026-03-29T02:30", "zone": "Europe/Berlin"},
        {"pain_before": "11"},
        {"pain_after": "-1"},
        {"pain_before": "3.5"},
        {"sites": ["elbow"]},
        {"note": "x" * 4001},
    ],
)
def test_record_answers_what_is_wrong_and_keeps_what_was_typed(signed_in, paula, ana, wrong):
    answer = record(signed_in(paula), ana, **{"response": "typed words"} | wrong)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert "typed words" in answer.content.decode()
    assert not TreatmentSession.objects.exists()


def test_record_reads_the_time_in_the_zone_it_was_said_in(signed_in, paula, ana):
    record(signed_in(paula), ana, ended="2026-03-10T12:30", zone="Europe/Berlin")
    assert TreatmentSession.objects.get().ended_at == datetime(2026, 3, 10, 11, 30, tzinfo=UTC)


def test_record_offers_the_sites_and_the_aftercare_of_last_time(signed_in, paula, ana, treat):
    client = signed_in(paula)
    assert "as last time" not in page(client, "record", ana).content.decode()
    treat(ana, by=paula, ago=7 * DAYS, sites=["lower-left"], aftercare=["water"], pain_before=4, note="not again")
    assert "Same sites and aftercare as last time" in page(client, "record", ana).content.decode()
    form = page(client, "record", ana, **{"as": "last"}).context["form"]
    assert (form["sites"].value(), form["aftercare"].value()) == (["lower-left"], ["water"])
    assert (form["pain_before"].value(), form["note"].value()) == (None, None)


@pytest.mark.parametrize(("after", "asked"), [("6", True), ("5", False), ("", False)])
def test_record_asks_what_was_changed_right_there(signed_in, paula, ana, after, asked):
    answer = record(signed_in(paula), ana, ended="", pain_before="3", pain_after=after)
    assert ("rise flow risen" in answer.content.decode()) is asked


# Notes and messages beside the diary


def test_note_is_kept_and_shown(signed_in, paula, ana, now):
    client, typed = signed_in(paula), {"id": str(uuid4()), "body": "Prefers side-lying."}
    for _ in range(2):
        assert client.post(reverse("patients-note", args=[ana.pk]), typed).status_code == 302
    [note] = page(client, "show", ana).context["notes"]
    assert (note.body, note.author, note.written_at) == ("Prefers side-lying.", paula, now)
    assert "Never by the patient or another practice" in page(client, "show", ana).content.decode()


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
        "- Priority: Pain or soreness reached 7 or more since session 1",
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
