from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diary.actions import entries, escalations, flags
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
    assert "Soreness has not settled" in text(client.get("/flags/"))
    flags.handle(by=paula, now=now, flag=lingering, outcome="contacted")
    assert "No flag is waiting" in text(client.get("/flags/"))
    assert "closed by a practitioner" in text(client.get("/flags/?show=all"))


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
    assert "raised by the rules, version 1" in read


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


def test_list_is_for_patients_only(signed_in, paula):
    assert signed_in(paula).get("/flags/").status_code == 404


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
