import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.actions import accounts, hours, shares
from diary.actions.handovers import PATIENTS_CHOOSE
from diary.actions.life import LIFE
from diary.models import Share
from diary.permissions import visible_diaries
from diary.templatetags.happened import BY_OTHERS
from tests.views.test_today import text

HOUR = timedelta(hours=1)


def grant(client, who, **answers):
    return client.post("/shares/grant/", {"who": who, "with_notes": "on", "with_intake": "on"} | answers)


def test_list_says_who_reads_what(signed_in, ana):
    read = text(signed_in(ana).get("/shares/"))
    assert "Paula Pinho" in read
    assert "May read your entries, your notes and what you said about your health." in read
    assert "Nobody has looked yet." in read


def test_list_says_who_looked_and_when(signed_in, ana, paula, now):
    shares.look(by=paula, now=now - timedelta(hours=3), patient=ana)
    assert "Paula Pinho read your diary Tuesday 10 March 2026, 09:00" in text(signed_in(ana).get("/shares/"))


def test_list_without_shares_says_nobody(signed_in, ben):
    assert "Nobody but you" in text(signed_in(ben).get("/shares/"))


def test_list_takes_as_many_statements_for_one_share_as_for_many(signed_in, ana, paula, now, django_assert_num_queries):
    shares.look(by=paula, now=now, patient=ana)
    client = signed_in(ana)
    with CaptureQueriesContext(connection) as one:
        client.get("/shares/")
    for place in range(8):
        share = shares.grant(by=ana, now=now, address=f"somebody{place}@settle.example")
        shares.look(by=paula, now=now, patient=ana)
        if place % 2:
            shares.revoke(by=ana, now=now, share=share)
    with django_assert_num_queries(len(one)):
        client.get("/shares/")


@pytest.mark.parametrize("spell", [str, str.lower, lambda code: code.replace("-", " ")])
def test_grant_by_spoken_code(signed_in, ben, remy, spell):
    client = signed_in(ben)
    assert grant(client, spell(remy.practitioner.spoken_code))["Location"] == "/shares/"
    assert Share.objects.get(patient=ben).practitioner == remy
    assert "Remy Roche" in text(client.get("/shares/"))


def test_grant_by_address_tells_nothing_about_who_works_here(signed_in, ben, remy):
    client = signed_in(ben)
    known, unknown = grant(client, remy.email.upper()), grant(client, "nobody@settle.example")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    read = text(client.get("/shares/"))
    assert "Remy Roche" not in read
    assert remy.email in read
    assert "nobody@settle.example" in read


def test_grant_chooses_sections_and_an_end(signed_in, ana, remy):
    client = signed_in(ana)
    grant(client, remy.practitioner.spoken_code, with_notes="", with_intake="", until="2026-07-01")
    share = Share.objects.get(patient=ana, practitioner=remy)
    assert (share.with_notes, share.with_intake) == (False, False)
    assert share.expires_at == datetime(2026, 7, 1, 23, tzinfo=UTC)  # midnight in Lisbon's summer
    assert "not your notes and not what you said about your health" in text(client.get("/shares/"))


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("", "Enter an address or a code."),
        ("AAAA-AAAA", "Nobody here has this code."),
        ("x", "Nobody here has this code."),
        ("@", "Enter a valid email address."),
        ("a@b\0", "Enter a valid email address."),
        ("x" * 300 + "@settle.example", "at most 254"),
    ],
)
def test_grant_says_what_is_wrong_and_keeps_what_was_typed(signed_in, ben, who, sentence):
    page = grant(signed_in(ben), who, until="2026-07-01")
    assert sentence in text(page)
    assert b'value="2026-07-01"' in page.content
    assert not Share.objects.filter(patient=ben).exists()


@pytest.mark.asvs("V2.2.3")
@pytest.mark.parametrize("until", ["2026-03-09", "1900-01-01", "9999-12-31", "2025-02-29", "soon"])
def test_grant_refuses_an_end_that_cannot_be(signed_in, ben, remy, until):
    page = grant(signed_in(ben), remy.practitioner.spoken_code, until=until)
    assert "Last day:" in text(page)
    assert until.encode() in page.content


def test_grant_until_today_lasts_today(signed_in, ben, remy):
    grant(signed_in(ben), remy.practitioner.spoken_code, until="2026-03-10")
    assert Share.objects.get(patient=ben).expires_at == datetime(2026, 3, 11, tzinfo=UTC)


def test_grant_again_says_so(signed_in, ana, paula):
    assert "already" in text(grant(signed_in(ana), paula.practitioner.spoken_code))


def test_revoke_ends_it_and_one_press_brings_it_back(signed_in, ana, paula):
    client, share = signed_in(ana), Share.objects.get(patient=ana)
    page = client.post(f"/shares/{share.pk}/revoke/", follow=True)
    assert "they see nothing of your diary" in text(page)
    assert not Share.objects.filter(patient=ana, revoked_at=None).exists()
    form = re.search(r'action="/shares/grant/".*?</form>', page.content.decode(), re.DOTALL)[0]
    client.post("/shares/grant/", dict(re.findall(r'name="(who|with_\w+|until)" value="([^"]*)"', form)))
    again = Share.objects.get(patient=ana, revoked_at=None)
    assert (again.practitioner, again.named, again.with_notes) == (paula, True, True)


def test_revoke_is_of_ones_own_shares_by_post(signed_in, ana, ben):
    share = Share.objects.get(patient=ana)
    assert signed_in(ben).post(f"/shares/{share.pk}/revoke/").status_code == 404
    assert signed_in(ben).get(f"/shares/{share.pk}/revoke/").status_code == 405


def test_list_names_an_expired_share_as_ended(signed_in, ben, remy, now):
    shares.grant(by=ben, now=now - 48 * HOUR, code=remy.practitioner.spoken_code, expires_at=now - HOUR)
    read = text(signed_in(ben).get("/shares/"))
    assert "Nobody but you" in read
    assert "Share again" in read


def test_list_shows_the_badge_of_whom_the_patient_knows(signed_in, ana, paula, now):
    page = signed_in(ana).get("/shares/").content.decode()
    assert "checked at its source (NCCAOM) on" in page
    paula.practitioner.credentials.update(expires_on=now.date() - timedelta(days=1))
    page = signed_in(ana).get("/shares/").content.decode()
    assert "Not verified at the moment" in page


def test_list_shows_no_badge_of_an_address(signed_in, ben, remy, now):
    """Whether an address belongs to a practitioner here is not said."""
    shares.grant(by=ben, now=now, address=remy.email)
    shares.grant(by=ben, now=now, address="nobody@settle.example")
    page = signed_in(ben).get("/shares/").content.decode()
    assert "erified" not in page


def test_grant_by_code_is_refused_where_nobody_has_said_when_they_read(signed_in, ben, remy):
    remy.practitioner.openings.all().delete()
    page = grant(signed_in(ben), remy.practitioner.spoken_code)
    assert "They have not said yet when they read, so nothing is shared." in text(page)
    assert not Share.objects.filter(patient=ben).exists()


def test_grant_by_address_says_the_same_with_hours_and_without(signed_in, ben, remy, newcomer):
    remy.practitioner.openings.all().delete()
    client = signed_in(ben)
    for address in (remy.email, newcomer.email, "nobody@settle.example"):
        assert grant(client, address)["Location"] == "/shares/"
    read = text(client.get("/shares/"))
    assert read.count("A colleague whom they name may read in their place.") == 0
    assert read.count("No colleague reads in their place.") == 3
    assert "cannot read" not in read
    assert "Mon–Fri" not in read


def test_list_says_when_they_read_and_who_reads_in_their_place(signed_in, ana, paula, remy, now, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    client = signed_in(ana)
    assert "Paula Pinho reads Mon–Fri 9:00–17:00 (UTC time). Next: now." in text(client.get("/shares/"))
    hours.go_away(by=paula, now=now, practitioner=paula, first_day=now.date(), covered_by=remy)
    read = text(client.get("/shares/"))
    assert "Paula Pinho is away at the moment." in read
    assert "Now also read in the place of Paula Pinho: Remy Roche." in read


def test_list_says_when_nobody_can_read_any_more(signed_in, ana, paula, admin, now, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    accounts.deactivate(by=admin, now=now, user=paula, handover=PATIENTS_CHOOSE)
    assert "Paula Pinho cannot read it at the moment. Nobody reads what you write" in text(
        signed_in(ana).get("/shares/")
    )


def test_list_names_whose_place_a_look_was_in(signed_in, ana, paula, remy, now):
    hours.cover(by=paula, now=now, practitioner=paula, covered_by=remy, starts_at=now)
    shares.look(by=remy, now=now, patient=ana)
    assert "Remy Roche read your diary in the place of Paula Pinho" in text(signed_in(ana).get("/shares/"))


def test_lend_is_the_patients_to_allow_and_to_refuse(signed_in, ana, paula, remy, ben, now):
    hours.cover(by=paula, now=now, practitioner=paula, covered_by=remy, starts_at=now)
    share = Share.objects.get(patient=ana)
    url = f"/shares/{share.pk}/lend/"
    assert visible_diaries(remy, now).exists()
    assert signed_in(ben).post(url).status_code == 404
    assert signed_in(ana).post(url)["Location"] == "/shares/"
    assert not visible_diaries(remy, now).exists()
    assert "No colleague reads in their place." in text(signed_in(ana).get("/shares/"))
    signed_in(ana).post(url, {"allowed": "yes"})
    assert visible_diaries(remy, now).exists()


def test_list_says_in_sentences_what_others_did_and_nothing_of_what_one_did_oneself(
    signed_in, ana, paula, log, treat, now
):
    log(ana, 3)
    shares.look(by=paula, now=now, patient=ana)
    treat(ana, by=paula, note="not said here")
    read = text(signed_in(ana).get("/shares/"))
    assert "Paula Pinho read your diary" in read
    assert "Paula Pinho recorded a session" in read
    assert "not said here" not in read
    assert "Ana Alves" not in read.partition("Who looked, and what they did")[2].partition("Ended")[0]


def test_list_has_a_sentence_for_each_thing_another_person_can_do_with_a_flag():
    assert {f"flag-{act}" for _, act in LIFE} <= {*BY_OTHERS}
