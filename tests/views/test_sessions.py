import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.actions import entries, sessions
from diary.models import Event, Flag, TreatmentSession
from tests.views.test_today import text

HOUR = timedelta(hours=1)


def typed(**answers):
    return {"id": str(uuid4()), "ended": "2026-03-09T16:30"} | answers


def add(client, **answers):
    return client.post("/sessions/add/", typed(**answers))


def test_add_needs_its_end_only(signed_in, ana):
    answer = add(signed_in(ana))
    session = TreatmentSession.objects.get()
    assert answer["Location"] == f"/sessions/{session.pk}/"
    assert (session.ended_at, session.pain_before) == (datetime(2026, 3, 9, 16, 30, tzinfo=UTC), None)
    assert (session.zone, session.practitioner, session.recorded_by) == ("Europe/Lisbon", None, ana)


def test_add_keeps_every_answer(signed_in, ana):
    add(
        signed_in(ana),
        pain_before="6",
        pain_after="３",
        sharp_increase="on",
        response="needles\nout",
        sites=["lower-left"],
        aftercare=["warmth"],
        note="words",
    )
    session = TreatmentSession.objects.get()
    assert (session.pain_before, session.pain_after, session.sharp_increase) == (6, 3, True)
    assert (session.response, session.sites, session.aftercare) == ("needles out", ["lower-left"], ["warmth"])
    assert session.note == "words"


@pytest.mark.parametrize(
    ("ended", "sentence"),
    [
        ("", "Enter a date and a time"),
        ("2026-03-11T12:00", "still to come"),
        ("1900-01-01T08:00", "from the year 2000"),
        ("2025-02-29T08:00", "no such date and time"),
        ("2025-03-30T01:30", "did not exist on that day"),
        ("2025-10-26T01:30", "came twice on that day"),
    ],
)
def test_add_says_what_is_wrong_with_its_end_and_keeps_the_rest(signed_in, ana, ended, sentence):
    page = add(signed_in(ana), ended=ended, note="typed words")
    assert sentence in text(page)
    assert b"typed words" in page.content
    assert not TreatmentSession.objects.exists()


def test_add_asks_which_of_two_times(signed_in, ana):
    add(signed_in(ana), ended="2025-10-26T01:30", which="second")
    assert TreatmentSession.objects.get().ended_at == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize("score", ["11", "-1", "3.5", "three"])
def test_add_refuses_what_is_no_score(signed_in, ana, score):
    assert "is not on the scale" in text(add(signed_in(ana), pain_before=score))


def test_add_twice_makes_one_session(signed_in, ana):
    client, form = signed_in(ana), typed()
    assert client.post("/sessions/add/", form)["Location"] == client.post("/sessions/add/", form)["Location"]
    assert TreatmentSession.objects.count() == 1


def test_add_at_the_minute_of_another_says_so(signed_in, ana):
    client = signed_in(ana)
    add(client)
    assert "Another session of yours ended at that very minute" in text(add(client))


def test_list_numbers_the_latest_first(signed_in, ana, paula, treat):
    for days in (30, 20, 10):
        treat(ana, by=paula, ago=days * 24 * HOUR)
    read = text(signed_in(ana).get("/sessions/"))
    assert re.findall(r"Session (\d)", read) == ["3", "2", "1"]
    assert "Paula Pinho" in read


def test_list_numbers_its_second_page_on(signed_in, ana, treat):
    for days in range(22):
        treat(ana, ago=(days + 1) * 24 * HOUR)
    assert re.findall(r"Session (\d+)", text(signed_in(ana).get("/sessions/?page=2"))) == ["2", "1"]


def test_list_takes_as_many_statements_for_one_session_as_for_twenty(
    signed_in, ana, paula, treat, django_assert_num_queries
):
    treat(ana, by=paula, ago=HOUR)
    client = signed_in(ana)
    with CaptureQueriesContext(connection) as one:
        client.get("/sessions/")
    for days in range(19):
        treat(ana, by=paula, ago=(days + 1) * 24 * HOUR)
    with django_assert_num_queries(len(one)):
        client.get("/sessions/")


def test_list_without_any_offers_the_next_step(signed_in, ana):
    client = signed_in(ana)
    assert "No session yet" in text(client.get("/sessions/"))
    assert "Nothing was deleted" in text(client.get("/sessions/?show=deleted"))


def test_show_tells_the_end_on_the_patients_clock_as_the_list_does(signed_in, ana, paula, treat):
    session = treat(ana, by=paula, ago=24 * HOUR, zone="Europe/Madrid")
    assert "Mon 9 Mar, 12:00" in text(signed_in(ana).get("/sessions/"))
    assert "Monday 9 March 2026, 12:00" in text(signed_in(ana).get(f"/sessions/{session.pk}/"))


def test_show_says_why_it_was_flagged(signed_in, ana, treat, log):
    session = treat(ana, ago=72 * HOUR, pain_before=4)
    log(ana, 3, soreness=5, ago=HOUR)
    read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
    assert "Session 1" in read
    assert "Why was I flagged?" in read
    assert "Soreness has not settled" in read


def test_show_says_why_it_was_not(signed_in, ana, treat, log):
    session = treat(ana, ago=40 * HOUR, pain_before=4)
    log(ana, 3, soreness=1, ago=HOUR)
    read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
    assert "Why was I not flagged?" in read
    assert "1 entry follows this session, and no rule is met." in read
    assert "cannot tell" not in read


def answer_of(read, rule):
    """What a rule says in the text of a page, up to the next rule."""
    return read[read.index("What each rule says") :].partition(f"{rule} ")[2]


def test_show_of_a_session_after_which_an_earlier_flag_went_on_does_not_say_that_no_rule_is_met(
    signed_in, ana, treat, log
):
    treat(ana, ago=144 * HOUR)
    log(ana, 4, soreness=5, ago=84 * HOUR)
    session = treat(ana, ago=72 * HOUR)
    for hours in (60, 5):
        log(ana, 4, soreness=5, ago=hours * HOUR)
    read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
    assert "No new flag: one from before this session was still open after it." in read
    assert "A flag from before this session was still open after it" in read
    assert "no rule is met" not in read
    assert "No reaction was reported" not in read


def test_show_says_what_each_rule_cannot_tell(signed_in, ana, treat, log):
    session = treat(ana, ago=60 * HOUR)
    log(ana, 3, ago=HOUR)
    read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
    assert answer_of(read, "Severe pain").startswith("There is nothing to compare with")
    assert answer_of(read, "Sharp rise during a session").startswith("Pain before or after this session was not noted")
    assert answer_of(read, "Signs that need care").startswith("It looked. No sign")


def test_show_says_until_when_a_reaction_is_expected(signed_in, ana, treat, log):
    session = treat(ana, ago=40 * HOUR, pain_before=4)
    log(ana, 3, soreness=5, ago=HOUR)
    read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
    assert answer_of(read, "Lingering reaction").startswith("In the expected time until Tue 10 Mar, 20:00")
    assert answer_of(read, "Silence").startswith("Not yet: it looks from Thu 12 Mar, 20:00 on")


def test_show_leads_from_a_rule_to_its_flag_and_to_the_rule(signed_in, ana, treat, log):
    session = treat(ana, ago=72 * HOUR, pain_before=4)
    log(ana, 3, soreness=5, ago=HOUR, red_flags=["fever"])
    page = signed_in(ana).get(f"/sessions/{session.pk}/")
    for flag in Flag.objects.all():
        assert f'<a href="/flags/{flag.pk}/">Flagged</a>' in page.content.decode()
        assert f'href="/rules/#{flag.rule}"' in page.content.decode()
    assert {flag.rule for flag in page.context["flags"]} == {"lingering-reaction", "red-flag"}


def test_show_tells_the_sign_of_an_entry_that_was_deleted(signed_in, ana, treat, log, now):
    session = treat(ana, ago=40 * HOUR)
    signs = log(ana, 3, ago=HOUR, red_flags=["saddle"]).entry
    entries.withdraw(by=ana, now=now, entry=signs)
    read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
    assert "Needs care: numbness between the legs" in read
    assert "no rule is met" not in read
    assert "No sign that needs medical care was ticked" not in read


def test_show_counts_an_entry_of_the_moment_of_the_next_session_there_as_the_rules_do(signed_in, ana, treat, log):
    first, second = treat(ana, ago=240 * HOUR), treat(ana, ago=2 * HOUR)
    log(ana, 3, ago=2 * HOUR, red_flags=["fever"])
    for session, said in ((first, "Nothing has been logged since this session."), (second, "Flagged")):
        read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
        assert said in read
        assert ("Needs care: fever" in read) == (session == second)


def test_show_of_a_flag_taken_back_says_what_the_rule_says_now(signed_in, ana, treat, log, now):
    session = treat(ana, ago=72 * HOUR, pain_before=4)
    entry = log(ana, 3, soreness=5, ago=HOUR).entry
    entries.amend(by=ana, now=now, entry=entry, version=1, soreness=0)
    read = text(signed_in(ana).get(f"/sessions/{session.pk}/"))
    assert answer_of(read, "Lingering reaction").startswith(
        "It looked. No reaction was reported for longer than two days"
    )


def test_show_of_a_practitioners_record_offers_no_edit(signed_in, ana, paula, treat):
    session = treat(ana, by=paula, ago=HOUR)
    assert b"/amend/" not in signed_in(ana).get(f"/sessions/{session.pk}/").content


def test_amend_replaces_and_keeps_the_seconds(signed_in, ana, treat):
    session = treat(ana, ago=timedelta(hours=20, seconds=11), pain_before=3)
    client = signed_in(ana)
    assert b'value="2026-03-09T15:59"' in client.get(f"/sessions/{session.pk}/amend/").content
    client.post(f"/sessions/{session.pk}/amend/", typed(version="1", ended="2026-03-09T15:59", pain_before="5"))
    ended_at = session.ended_at
    session.refresh_from_db()
    assert (session.ended_at, session.pain_before) == (ended_at, 5)


def test_amend_sent_twice_is_saved_and_not_changed_meanwhile(signed_in, ana, treat):
    session = treat(ana, ago=20 * HOUR, pain_before=3)
    client, sent = signed_in(ana), typed(version="1", ended="2026-03-09T16:00", pain_before="5")
    address = f"/sessions/{session.pk}/amend/"
    assert [client.post(address, sent).status_code for _press in range(2)] == [302, 302]
    session.refresh_from_db()
    assert (session.version, session.pain_before) == (2, 5)


def test_withdraw_and_restore_pressed_twice_happen_once(signed_in, ana, treat):
    session, client = treat(ana, ago=20 * HOUR), signed_in(ana)
    for verb in ("withdraw", "restore"):
        for _press in range(2):
            assert client.post(f"/sessions/{session.pk}/{verb}/").status_code == 302
    session.refresh_from_db()
    assert (session.version, session.withdrawn_at) == (3, None)
    verbs = ["session-withdrawn", "session-restored"]
    assert [*Event.objects.about(ana.pk).filter(verb__in=verbs).order_by("pk").values_list("verb", flat=True)] == verbs


def test_amend_onto_another_session_is_refused(signed_in, ana, treat):
    treat(ana, ago=20 * HOUR)
    session = treat(ana, ago=30 * HOUR)
    page = signed_in(ana).post(f"/sessions/{session.pk}/amend/", typed(version="1", ended="2026-03-09T16:00"))
    assert "Another session of yours" in text(page)


@pytest.mark.parametrize("path", ["amend", "withdraw", "restore"])
def test_amend_withdraw_restore_are_of_who_recorded_it(signed_in, ana, paula, treat, path):
    session = treat(ana, by=paula, ago=HOUR)
    assert signed_in(ana).post(f"/sessions/{session.pk}/{path}/", typed()).status_code == 403


@pytest.mark.parametrize("path", ["", "amend/"])
def test_show_of_another_patients_session_is_as_of_none(signed_in, ana, ben, treat, path):
    theirs = treat(ana, ago=HOUR)
    assert signed_in(ben).get(f"/sessions/{theirs.pk}/{path}").status_code == 404


def test_withdraw_and_restore(signed_in, ana, treat):
    session = treat(ana, ago=HOUR)
    client = signed_in(ana)
    assert "Put it back" in text(client.post(f"/sessions/{session.pk}/withdraw/", follow=True))
    assert "Deleted session" in text(client.get("/sessions/?show=deleted"))
    client.post(f"/sessions/{session.pk}/restore/")
    session.refresh_from_db()
    assert session.withdrawn_at is None


def test_restore_where_another_took_its_place_says_so(signed_in, ana, treat, now):
    session = treat(ana, ago=HOUR)
    sessions.withdraw(by=ana, now=now, session=session)
    treat(ana, ago=HOUR)
    assert "Another session ended" in text(signed_in(ana).post(f"/sessions/{session.pk}/restore/", follow=True))


# Two tabs


def tabs(client, session):
    """Return what two tabs send that both have opened a session to put it right."""
    address = f"/sessions/{session.pk}/amend/"
    seen = re.search(r'name="version" value="(\d+)"', client.get(address).content.decode())[1]
    return address, lambda **answers: typed(version=seen, ended="2026-03-09T16:00", **answers)


def test_amend_in_two_tabs_shows_both_and_replaces_nothing_unseen(signed_in, ana, treat):
    client, session = signed_in(ana), treat(ana, ago=20 * HOUR, note="as it was")
    address, says = tabs(client, session)
    assert client.post(address, says(note="first tab")).status_code == 302
    page = client.post(address, says(note="second tab"))
    assert "This session was changed meanwhile" in text(page)
    assert "first tab" in text(page)
    assert b"second tab" in page.content
    assert TreatmentSession.objects.get().note == "first tab"
    action = re.search(r'<form[^>]*action="(/sessions/[^"]+amend/)"', page.content.decode())[1]
    seen = re.search(r'name="version" value="(\d+)"', page.content.decode())[1]
    assert client.post(action, says(note="second tab") | {"version": seen}).status_code == 302
    assert TreatmentSession.objects.get().note == "second tab"


def test_amend_of_what_was_deleted_meanwhile_offers_a_new_session(signed_in, ana, treat, now):
    client, session = signed_in(ana), treat(ana, ago=20 * HOUR)
    address, says = tabs(client, session)
    sessions.withdraw(by=ana, now=now, session=session)
    page = client.post(address, says(note="typed words"))
    assert "This session was deleted meanwhile" in text(page)
    id = re.search(r'name="id" value="([^"]+)"', page.content.decode())[1]
    assert client.post("/sessions/add/", says(note="typed words") | {"id": id}).status_code == 302
    assert TreatmentSession.objects.standing().get().note == "typed words"


def test_amend_that_says_no_version_shows_both(signed_in, ana, treat):
    session = treat(ana, ago=20 * HOUR, note="as it was")
    page = signed_in(ana).post(f"/sessions/{session.pk}/amend/", typed(note="unseen"))
    assert "This session was changed meanwhile" in text(page)
    assert TreatmentSession.objects.get().note == "as it was"


def test_add_with_the_same_id_and_another_body_lets_the_patient_choose(signed_in, ana):
    client, form = signed_in(ana), typed(note="first words")
    client.post("/sessions/add/", form)
    page = client.post("/sessions/add/", form | {"note": "second words"})
    assert "first words" in text(page)
    assert b"second words" in page.content
    assert f'action="/sessions/{form["id"]}/amend/"' in page.content.decode()
    assert TreatmentSession.objects.get().note == "first words"


def test_add_keeps_advice_in_words_of_ones_own_beside_the_usual(signed_in, ana):
    client = signed_in(ana)
    client.post("/sessions/add/", typed(aftercare=["water"], advice=" ten minutes  flat\r\n\r\nno gym until Friday"))
    session = TreatmentSession.objects.get()
    assert session.aftercare == ["water", "ten minutes flat", "no gym until Friday"]
    page = client.get(f"/sessions/{session.pk}/amend/").content.decode()
    assert "ten minutes flat\nno gym until Friday</textarea>" in page
    assert "enough to drink, ten minutes flat, no gym until Friday" in text(client.get(f"/sessions/{session.pk}/"))


def test_add_says_which_advice_is_too_long_and_keeps_it(signed_in, ana):
    page = signed_in(ana).post("/sessions/add/", typed(advice="x" * 81))
    assert "A line can have up to 80 characters" in text(page)
    assert b"x" * 81 in page.content
    assert not TreatmentSession.objects.exists()


def test_add_says_what_is_wrong_after_the_question_without_a_colon_of_its_own(signed_in, ana):
    assert "When did it end? Enter a date and a time." in text(add(signed_in(ana), ended=""))
