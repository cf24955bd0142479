from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diary.actions import entries, escalations, flags, shares
from diary.clinical.assess import RULES_VERSION
from diary.models import Flag
from tests.views.test_today import text

HOUR = timedelta(hours=1)


@pytest.fixture
def lingering(ana, paula, treat, log):
    treat(ana, by=paula, ago=72 * HOUR, pain_before=4)
    log(ana, 3, soreness=5, ago=2 * HOUR)
    return Flag.objects.get()


def test_list_has_what_waits_and_all(signed_in, ana, paula, lingering, now):
    client = signed_in(ana)
    assert "waiting · Tue 10 Mar, 10:00 Soreness has not settled" in text(client.get("/flags/"))
    flags.handle(by=paula, now=now, flag=lingering, outcome="contacted")
    said = text(client.get("/flags/"))
    assert ("No flag is waiting" in said, "What was answered stays here" in said, "is expected" in said) == (
        True,
        True,
        False,  # nothing soothing after something urgent
    )
    assert "closed by Paula Pinho" in text(client.get("/flags/?show=all"))


def test_list_has_the_most_pressing_of_one_moment_first(signed_in, ana, treat, log):
    treat(ana, ago=72 * HOUR)
    log(ana, 4, soreness=5, red_flags=["infection"], ago=HOUR)
    Flag.objects.filter(rule="lingering-reaction").update(id=UUID(int=2**128 - 1))  # what chance may bring about
    assert [flag.rule for flag in Flag.objects.latest_first()] == ["red-flag", "lingering-reaction"]
    page = signed_in(ana).get("/flags/").content.decode()
    assert page.index("flag-urgent") < page.index("flag-review")


def test_list_takes_as_many_statements_for_one_flag_as_for_many(
    signed_in, ana, log, lingering, django_assert_num_queries
):
    client = signed_in(ana)
    with CaptureQueriesContext(connection) as one:
        client.get("/flags/")
    for hour in range(18):
        log(ana, 3, ago=(hour + 3) * HOUR, red_flags=["fever"])
    with django_assert_num_queries(len(one)):
        client.get("/flags/")


def test_show_says_what_an_entry_said_when_the_flag_was_raised(signed_in, ana, lingering, now):
    client = signed_in(ana)
    assert "when it was raised" not in text(client.get(f"/flags/{lingering.pk}/"))
    entries.amend(by=ana, now=now, entry=ana.entries.get(), version=1, pain=4, soreness=6)
    read = text(client.get(f"/flags/{lingering.pk}/"))
    assert "pain 3 when it was raised" in read
    assert "soreness 5 when it was raised" in read
    assert f"raised by the rules, version {RULES_VERSION}" in read


def test_show_says_nothing_of_severe_where_that_is_not_asked(signed_in, ana, lingering):
    assert "Soreness was still there more than two days after session 1." in text(
        signed_in(ana).get(f"/flags/{lingering.pk}/")
    )


def test_show_has_rule_evidence_and_what_would_close_it(signed_in, ana, lingering):
    page = signed_in(ana).get(f"/flags/{lingering.pk}/")
    read = text(page)
    assert "A reaction usually settles within two days" in read
    assert "What would close it" in read
    assert f'href="/entries/{lingering.evidence[0]}/"'.encode() in page.content
    assert "No practitioner has answered it yet" in read


def test_show_says_what_the_practitioner_did_and_not_their_note(signed_in, ana, paula, lingering, now):
    flags.handle(by=paula, now=now, flag=lingering, outcome="referred", note="between colleagues")
    read = text(signed_in(ana).get(f"/flags/{lingering.pk}/"))
    assert "Paula Pinho: referred for medical evaluation" in read
    assert "between colleagues" not in read
    assert "No practitioner has answered" not in read


def test_show_follows_a_reopening(signed_in, ana, paula, lingering, now):
    flags.handle(by=paula, now=now, flag=lingering, outcome="acknowledged")
    flags.reopen(by=paula, now=now, flag=lingering)
    read = text(signed_in(ana).get(f"/flags/{lingering.pk}/"))
    assert "acknowledged" in read
    assert "opened again" in read


def test_show_says_when_an_edit_took_it_away(signed_in, ana, lingering, now):
    entry = entries.Entry.objects.get()
    entries.amend(by=ana, now=now, entry=entry, version=1, soreness=0)
    assert "An edit took away what it rested on" in text(signed_in(ana).get(f"/flags/{lingering.pk}/"))


def test_show_says_when_it_settled(signed_in, ana, treat, log):
    treat(ana, ago=200 * HOUR)
    for ago, soreness in ((120, 5), (80, 0), (50, 0)):
        log(ana, 3, soreness=soreness, ago=ago * HOUR)
    flag = Flag.objects.get(rule="lingering-reaction")
    assert "It settled:" in text(signed_in(ana).get(f"/flags/{flag.pk}/"))


def test_show_of_a_red_flag_leads_to_the_advice(signed_in, ana, log):
    entry = log(ana, 3, red_flags=["fever"]).entry
    page = signed_in(ana).get(f"/flags/{Flag.objects.get().pk}/")
    assert f"/entries/{entry.pk}/advice/".encode() in page.content
    assert "Only a person at the practice closes it" in text(page)


def test_show_of_another_patients_flag_is_as_of_none(signed_in, ben, lingering):
    assert signed_in(ben).get(f"/flags/{lingering.pk}/").status_code == 404


CALL = "Call +351 210 000 000."


@pytest.fixture
def urgent(ana, paula, log):
    log(ana, 5, red_flags=["saddle"])
    return ana.flags.get()


def said_of(client, flag):
    return client.get(reverse("flags-show", args=[flag.pk])).content.decode()


def test_show_says_that_the_practice_could_not_be_reached(signed_in, ana, urgent, now):
    assert "could not reach" not in said_of(signed_in(ana), urgent)
    urgent.notifications.update(failed_at=now)
    said = said_of(signed_in(ana), urgent)
    assert "We could not reach your practice." in said
    assert CALL in said


def test_show_takes_it_back_once_the_mail_has_arrived(signed_in, ana, urgent, now):
    urgent.notifications.update(failed_at=now, sent_at=now)
    assert "could not reach" not in said_of(signed_in(ana), urgent)


def test_show_says_that_nobody_has_answered(signed_in, ana, urgent, now):
    urgent.notifications.update(sent_at=now)
    escalations.pass_on(urgent.pk, now=now + timedelta(minutes=30))
    said = said_of(signed_in(ana), urgent)
    assert "Your practice has not answered yet." in said
    assert CALL in said


def test_show_says_neither_once_somebody_has(signed_in, ana, paula, urgent, now):
    urgent.notifications.update(failed_at=now)
    escalations.pass_on(urgent.pk, now=now + timedelta(minutes=30))
    flags.handle(by=paula, now=now, flag=urgent, outcome="contacted")
    said = said_of(signed_in(ana), urgent)
    assert "could not reach" not in said
    assert "has not answered" not in said


# Who has seen it, and when it will be looked at


def test_show_says_who_saw_it_and_when(signed_in, ana, paula, lingering, now):
    flags.handle(by=paula, now=now, flag=lingering, outcome="acknowledged")
    assert "Seen by Paula Pinho, today 12:00" in text(signed_in(ana).get(f"/flags/{lingering.pk}/"))


def test_show_says_when_it_will_be_looked_at(signed_in, ana, paula, remy, lingering):
    read = text(signed_in(ana).get(f"/flags/{lingering.pk}/"))
    assert "Paula Pinho reads diaries: Mon–Fri 9:00–17:00 (UTC time)" in read
    assert "Remy" not in read


def test_show_says_who_has_read_the_diary_since(signed_in, ana, paula, lingering, now):
    client, page = signed_in(ana), f"/flags/{lingering.pk}/"
    shares.look(by=paula, now=lingering.raised_at - HOUR, patient=ana)
    assert "has read your diary since" not in text(client.get(page))
    shares.look(by=paula, now=now, patient=ana)
    assert "Paula Pinho has read your diary since, today 12:00. Nothing is noted yet." in text(client.get(page))


# How urgent it is to the patient


def answer(client, flag, **typed):
    return client.post(f"/flags/{flag.pk}/answer/", typed)


def test_answer_is_kept_and_can_be_said_otherwise(signed_in, ana, lingering, now):
    client = signed_in(ana)
    assert "Is this urgent for you, or can it wait?" in text(client.get(f"/flags/{lingering.pk}/"))
    for urgency in ("can_wait", "urgent"):
        assert answer(client, lingering, urgency=urgency).url == f"/flags/{lingering.pk}/"
        lingering.refresh_from_db()
        assert (lingering.patient_urgency, lingering.patient_urgency_at) == (urgency, now)
    assert b'value="urgent" aria-pressed="true"' in client.get(f"/flags/{lingering.pk}/").content


@pytest.mark.asvs("V3.7.2")
def test_answer_leads_back_to_the_saved_entry(signed_in, ana, lingering):
    client, entry = signed_in(ana), ana.entries.get()
    assert "Is this urgent for you, or can it wait?" in text(client.get(f"/entries/{entry.pk}/saved/"))
    assert answer(client, lingering, urgency="can_wait", entry=entry.pk).url == f"/entries/{entry.pk}/saved/"
    elsewhere = answer(client, lingering, urgency="urgent", entry="//evil.example")
    assert elsewhere.url == f"/flags/{lingering.pk}/"


def test_answer_that_is_none_changes_nothing(signed_in, ana, lingering):
    answer(signed_in(ana), lingering, urgency="whatever")
    lingering.refresh_from_db()
    assert lingering.patient_urgency == ""


def test_answer_to_a_closed_flag_changes_nothing(signed_in, ana, paula, lingering, now):
    flags.handle(by=paula, now=now, flag=lingering, outcome="contacted")
    answer(signed_in(ana), lingering, urgency="urgent")
    lingering.refresh_from_db()
    assert lingering.patient_urgency == ""


def test_answer_is_not_asked_of_what_cannot_wait(signed_in, ana, log):
    log(ana, 3, red_flags=["fever"])
    urgent, client = Flag.objects.get(), signed_in(ana)
    assert "can it wait" not in text(client.get(f"/flags/{urgent.pk}/"))
    assert answer(client, urgent, urgency="can_wait").status_code == 404


def test_answer_is_the_patients_own(signed_in, ben, paula, lingering):
    assert answer(signed_in(ben), lingering, urgency="urgent").status_code == 404
    assert answer(signed_in(paula), lingering, urgency="urgent").status_code == 404
    assert answer(signed_in(ben), type("Missing", (), {"pk": uuid4()}), urgency="urgent").status_code == 404


def test_pages_of_a_patient_speak_of_nobody_as_the_patient(signed_in, ana, log):
    log(ana, 4, red_flags=["saddle"])
    client = signed_in(ana)
    for page in (f"/flags/{Flag.objects.get().pk}/", "/sessions/add/"):
        assert "the patient" not in text(client.get(page)).lower()
