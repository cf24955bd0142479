from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from diary.actions import accounts, flags, notes, shares
from diary.models import Event, Flag, TreatmentSession

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


def test_show_and_review_tell_every_time_on_the_patients_clock_wherever_it_was_said(signed_in, paula, ana, treat, log):
    treat(ana, by=paula, ago=3 * DAYS, pain_before=3, zone="Europe/Madrid")
    log(ana, 8, compared="worse", ago=DAYS, zone="Asia/Tokyo")
    reader, flag = signed_in(paula), Flag.objects.get(rule="severe-pain")
    for answer in (page(reader, "show", ana), reader.get(reverse("review-show", args=[flag.pk]))):
        shown = answer.content.decode()
        assert "Saturday 7 March 2026, 12:00</time>" in shown
        assert "Mon 9 Mar, 12:00</time>" in shown
        assert "13:00</time>" not in shown
        assert "21:00</time>" not in shown


def test_show_keeps_notes_that_are_not_shared(signed_in, remy, ana, log, now):
    log(ana, 3, note="canary")
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code, with_notes=False)
    assert "canary" not in page(signed_in(remy), "show", ana).content.decode()


def test_show_records_the_read(signed_in, paula, ana):
    page(signed_in(paula), "show", ana)
    assert Event.objects.about(ana.pk).reads().count() == 1


def test_show_is_gone_with_the_share(signed_in, paula, ana, now):
    client = signed_in(paula)
    assert page(client, "show", ana).status_code == 200
    shares.revoke(by=ana, now=now, share=ana.shares.get(practitioner=paula))
    assert page(client, "show", ana).status_code == 404


def test_show_is_gone_with_the_account(signed_in, paula, ana, admin, now):
    accounts.deactivate(by=admin, now=now, user=ana)
    assert page(signed_in(paula), "show", ana).status_code == 404


LISTS = {"notes": 3, "flags": 3, "entries": 3, "sessions": 3}
"""The lists of a patient's page, and how much of each there is."""


def test_show_reaches_all_there_is(signed_in, paula, ana, log, treat, now, monkeypatch):
    """What was older than thirty notes or twenty entries stood on no page."""
    for number in range(3):
        notes.write(by=paula, now=now + number * DAYS, patient=ana, id=uuid4(), body=f"note {number}")
        treat(ana, by=paula, ago=number * DAYS)
        log(ana, 3, red_flags=["head"], ago=number * DAYS)
    client = signed_in(paula)
    for name in LISTS:
        monkeypatch.setattr(f"diary.views.patients.{name.upper()}", 1)
    for name, number in LISTS.items():
        assert f'?{name}=2#{name}"' in page(client, "show", ana).content.decode()
        shown = [page(client, "show", ana, **{name: turned}).context[name] for turned in range(1, number + 1)]
        assert [len(rows) for rows in shown] == [1] * number
        assert len({str(row) for rows in shown for row in rows}) == number
        last = page(client, "show", ana, **{name: number, "range": "all"}).content.decode()
        assert f'rel="prev"\n  href="/patients/{ana.pk}/?{name}={number - 1}&amp;range=all#{name}"' in last


def test_show_costs_the_same_for_one_and_for_many_entries(signed_in, paula, ana, treat, log, django_assert_num_queries):
    treat(ana, by=paula, ago=3 * DAYS)
    log(ana, 3)
    client = signed_in(paula)
    page(client, "show", ana)  # the look is noted once
    with django_assert_num_queries(25):
        page(client, "show", ana)
    for hours in range(2, 22):
        log(ana, 3, ago=timedelta(hours=hours))
    with django_assert_num_queries(25):
        page(client, "show", ana)


def test_data_is_the_patients_series(signed_in, paula, ana, ben, log):
    log(ana, 7)
    log(ben, 1)
    assert page(signed_in(paula), "data", ana).json()["pain"] == [7]


def test_data_records_the_read(signed_in, paula, ana):
    page(signed_in(paula), "data", ana)
    assert Event.objects.about(ana.pk).reads().count() == 1


def test_record_of_more_advice_than_is_kept_gives_it_back(signed_in, paula, ana):
    """The ninth line was left out without a word."""
    lines = [f"advice {number}" for number in range(9)]
    answer = record(signed_in(paula), ana, advice="\n".join(lines))
    assert "This can have up to 8 lines." in answer.content.decode()
    assert lines[-1] in answer.content.decode()
    assert record(signed_in(paula), ana, advice="\n".join([*lines[1:], "", lines[1]])).status_code == 302
    assert TreatmentSession.objects.get().aftercare == lines[1:]


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


@pytest.mark.parametrize(("own", "words"), [(True, "No running"), (False, "")])
def test_record_offers_advice_in_the_own_words_of_who_treats_and_none_of_the_patients(
    signed_in, paula, ana, treat, own, words
):
    treat(ana, by=paula if own else ana, ago=7 * DAYS, aftercare=["water", "No running"])
    form = page(signed_in(paula), "record", ana, **{"as": "last"}).context["form"]
    assert (form["aftercare"].value(), form["advice"].value()) == (["water"], words)


@pytest.mark.parametrize(("after", "asked"), [("6", True), ("5", False), ("", False)])
def test_record_asks_what_was_changed_right_there(signed_in, paula, ana, after, asked):
    answer = record(signed_in(paula), ana, ended="", pain_before="3", pain_after=after)
    assert ("rise flow risen" in answer.content.decode()) is asked


def test_list_without_a_match_leads_back_to_everybody(signed_in, ana, paula):
    page = signed_in(paula).get("/patients/", {"q": "nobody"})
    assert '<a class="btn btn-primary" href="/patients/">Show the whole list</a>' in page.content.decode()


def test_list_says_that_its_times_are_on_more_than_one_clock(signed_in, ana, paula):
    assert "Times are on each patient's clock." in signed_in(paula).get("/patients/").content.decode()
