import re
from datetime import date, timedelta

import pytest

from diary import consenting
from diary.actions import consents, flags, hours, intakes, sessions, shares
from diary.hours import Opening
from diary.models import Flag, ReminderPlan, User

HOUR = timedelta(hours=1)


def text(page):
    """What a person reads: without tags, with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode())).replace(" ,", ",").replace(" .", ".")


def test_show_says_where_i_am(signed_in, ana, paula, treat):
    treat(ana, by=paula, ago=200 * HOUR)
    treat(ana, by=paula, ago=20 * HOUR)
    read = text(signed_in(ana).get("/today/"))
    assert "Session 2 with Paula Pinho, yesterday 16:00. This is day 1." in read


def test_show_without_a_session_says_what_entries_are_good_for(signed_in, ben):
    page = signed_in(ben).get("/today/")
    assert "No session yet." in text(page)
    assert b'href="/sessions/add/"' in page.content


def test_show_leaves_out_a_deleted_session(signed_in, ana, treat, now):
    session = treat(ana, ago=5 * HOUR)
    sessions.withdraw(by=ana, now=now, session=session)
    assert "No session yet." in text(signed_in(ana).get("/today/"))


def test_show_offers_eleven_numbers_with_none_chosen(signed_in, ana):
    page = signed_in(ana).get("/today/").content.decode()
    assert len(re.findall(r'type="radio" name="pain"', page)) == 11
    assert not re.search(r'name="(pain|soreness|compared|stiffness)"[^>]*checked', page)


def test_show_makes_a_fresh_id_at_each_rendering(signed_in, ana):
    client = signed_in(ana)
    ids = {re.search(r'name="id" value="([^"]+)"', client.get("/today/").content.decode())[1] for _ in range(3)}
    assert len(ids) == 3


def test_show_asks_whether_a_reaction_is_still_there(signed_in, ana, log):
    log(ana, 4, ago=20 * HOUR, stiffness=2, soreness=3)
    read = text(signed_in(ana).get("/today/"))
    assert "Last time: moderate. Still there?" in read
    assert "Last time: 3. Still there?" in read


def test_show_has_an_open_flag_in_one_line(signed_in, ana, treat, log):
    treat(ana, ago=72 * HOUR)
    log(ana, 4, ago=HOUR, soreness=4)
    page = signed_in(ana).get("/today/")
    assert "For review Soreness has not settled" in text(page)
    assert "What to do:" not in text(page)
    assert f'href="/flags/{Flag.objects.get().pk}/"' in page.content.decode()


def test_show_says_what_to_do_where_it_cannot_wait(signed_in, ana, treat, log):
    treat(ana, ago=20 * HOUR, pain_before=2)
    log(ana, 9, ago=HOUR)
    assert "Priority Severe pain What to do: Get in touch with your practice today." in text(
        signed_in(ana).get("/today/")
    )


def test_show_marks_the_hidden_zone_for_the_browser_to_fill(signed_in, ana):
    assert b"data-zone" in signed_in(ana).get("/today/").content


def test_show_waits_for_one_stylesheet_and_for_no_script(signed_in, ana):
    page = signed_in(ana).get("/today/").content.decode()
    assert page.count('rel="stylesheet"') == 1
    assert page.index('rel="stylesheet"') > page.index("</h1>")  # what stands above brings its look along
    assert all("defer" in script for script in re.findall("<script[^>]*>(?! </script>)", page))


@pytest.mark.parametrize("days", [1, 20])
def test_show_needs_six_statements_however_long_the_diary(
    signed_in, ana, paula, treat, log, days, django_assert_max_num_queries
):
    for day in range(days):
        treat(ana, by=paula, ago=(day * 96 + 73) * HOUR)
        log(ana, 5, ago=(day * 96 + 1) * HOUR, soreness=4)
    client = signed_in(User.objects.get(pk=ana.pk))
    with django_assert_max_num_queries(6):
        assert b"has not settled" in client.get("/today/").content


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (timedelta(0), "Paula Pinho reads diaries at this time of day."),
        (7 * HOUR, "Paula Pinho reads diaries next: Wednesday 11 March at 09:00."),
        (24 * HOUR, "Paula Pinho reads diaries next: Monday 16 March at 09:00."),
        (-4 * HOUR, "Paula Pinho reads diaries next: today at 09:00."),
    ],
)
def test_show_says_when_an_open_flag_is_looked_at(signed_in, ana, paula, treat, log, now, monkeypatch, at, said):
    """Paula reads on working days from 9 to 17, but for these three; 10 March 2026 is a Tuesday."""
    hours.go_away(by=paula, now=now, practitioner=paula, first_day=date(2026, 3, 11), last_day=date(2026, 3, 13))
    if at == 7 * HOUR:
        hours.come_back(by=paula, now=now, absence=paula.practitioner.absences.get())
    treat(ana, by=paula, now=now + at, ago=73 * HOUR)
    log(ana, 5, now=now + at, ago=HOUR, soreness=4)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now + at)
    assert said in text(signed_in(ana).get("/today/"))


def test_show_says_it_of_who_reads_first_and_of_nobody_the_patient_does_not_know(
    signed_in, ana, paula, remy, treat, log, now, monkeypatch
):
    evening = now + 7 * HOUR
    monkeypatch.setattr("django.utils.timezone.now", lambda: evening)
    unnamed = shares.grant(by=ana, now=now, address=remy.email)  # an address tells nothing about who works here
    early(remy, now)
    treat(ana, by=paula, now=evening, ago=73 * HOUR)
    log(ana, 5, now=evening, ago=HOUR, soreness=4)
    assert "Paula Pinho reads diaries next: Wednesday 11 March at 09:00." in text(signed_in(ana).get("/today/"))
    shares.revoke(by=ana, now=now, share=unnamed)
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code)
    assert f"{remy.name} reads diaries next: Wednesday 11 March at 07:00." in text(signed_in(ana).get("/today/"))


def test_show_says_nothing_of_readers_where_nothing_waits(signed_in, ana, paula, treat):
    treat(ana, by=paula, ago=20 * HOUR)
    assert "reads diaries" not in text(signed_in(ana).get("/today/"))


def early(practitioner, now):
    openings = [Opening(day, 7 * 60, 8 * 60) for day in range(5)]
    hours.save(by=practitioner, now=now, practitioner=practitioner, zone="UTC", openings=openings)


USUAL = "it usually settles within two days"


def test_show_says_what_is_usual_now_and_when_to_check_in(signed_in, ana, treat):
    treat(ana, ago=20 * HOUR)
    assert f"{USUAL}. Next check-in later today." in text(signed_in(ana).get("/today/"))


def test_show_says_later_that_it_has_usually_settled_and_in_the_end_nothing(signed_in, ana, treat, now):
    treat(ana, ago=80 * HOUR)
    assert "has usually settled by now" in text(signed_in(ana).get("/today/"))
    sessions.withdraw(by=ana, now=now, session=ana.treatment_sessions.get())
    treat(ana, ago=100 * HOUR)
    read = text(signed_in(ana).get("/today/"))
    assert "usually settled" not in read


def test_show_never_soothes_where_something_is_flagged(signed_in, ana, treat, log):
    treat(ana, ago=20 * HOUR, pain_before=2)
    log(ana, 9, ago=HOUR)
    assert Flag.objects.current().exists()
    assert USUAL not in text(signed_in(ana).get("/today/"))


def test_show_never_soothes_where_what_is_flagged_was_only_seen(signed_in, ana, paula, treat, log, now):
    treat(ana, ago=20 * HOUR, pain_before=2)
    log(ana, 3, ago=2 * HOUR, red_flags=["saddle"])
    log(ana, 3, ago=HOUR)
    flags.handle(by=paula, now=now, flag=Flag.objects.get(), outcome="acknowledged", note="")
    assert USUAL not in text(signed_in(ana).get("/today/"))


def test_show_never_soothes_while_that_goes_on_however_long_ago_it_was_seen(signed_in, ana, paula, treat, log, now):
    treat(ana, ago=190 * HOUR)
    log(ana, 3, ago=140 * HOUR, soreness=4)
    flag = Flag.objects.get(rule="lingering-reaction")
    flags.handle(by=paula, now=now - 130 * HOUR, flag=flag, outcome="acknowledged")
    treat(ana, ago=20 * HOUR)
    log(ana, 3, ago=HOUR, soreness=4)
    read = text(signed_in(ana).get("/today/"))
    assert (USUAL in read, "Seen by" in read) == (False, False)
    flags.handle(by=paula, now=now - 120 * HOUR, flag=flag, outcome="contacted")
    assert USUAL in text(signed_in(ana).get("/today/"))


def test_show_never_soothes_after_a_hard_entry(signed_in, ana, treat, log, now):
    intakes.save(by=ana, now=now, usual_pain=9)
    treat(ana, ago=20 * HOUR)
    log(ana, 9, ago=HOUR)
    assert not Flag.objects.exists()
    assert USUAL not in text(signed_in(ana).get("/today/"))


def test_show_says_what_my_practitioner_answered(signed_in, ana, paula, treat, log, now):
    treat(ana, ago=72 * HOUR)
    log(ana, 4, ago=2 * HOUR, soreness=4)
    flag = Flag.objects.get(rule="lingering-reaction")
    flags.handle(by=paula, now=now - HOUR, flag=flag, outcome="acknowledged")
    assert "Soreness has not settled Seen by Paula Pinho, today 11:00" in text(signed_in(ana).get("/today/"))
    flags.handle(by=paula, now=now, flag=flag, outcome="referred")
    assert "Seen by Paula Pinho, today 12:00 : referred for medical evaluation" in text(signed_in(ana).get("/today/"))


def test_show_leaves_an_old_answer_to_the_list_of_flags(signed_in, ana, paula, treat, log, now):
    treat(ana, ago=200 * HOUR)
    log(ana, 4, ago=130 * HOUR, soreness=4)
    flags.handle(by=paula, now=now - 97 * HOUR, flag=Flag.objects.get(rule="lingering-reaction"), outcome="contacted")
    assert "Seen by" not in text(signed_in(ana).get("/today/"))


def test_show_asks_what_was_done_of_what_was_advised_at_the_latest_session(signed_in, ana, paula, treat):
    treat(ana, by=paula, ago=200 * HOUR, aftercare=["warmth"])
    treat(ana, by=paula, ago=20 * HOUR, aftercare=["no_strain", "ten minutes <flat> on the floor"])
    page = signed_in(ana).get("/today/").content.decode()
    asked = re.findall(r'name="aftercare" value="([^"]+)"', page)
    assert asked == ["no_strain", "ten minutes &lt;flat&gt; on the floor"]
    assert "What did you do of what you were advised?" in page
    assert "<flat>" not in page


def test_show_asks_of_the_usual_aftercare_where_none_was_advised(signed_in, ana, ben, paula, treat):
    treat(ana, by=paula, ago=20 * HOUR, aftercare=["ten minutes flat on the floor"])
    signed_in(ana).get("/today/")
    page = signed_in(ben).get("/today/").content.decode()
    assert len(re.findall(r'name="aftercare"', page)) == 6
    assert "flat on the floor" not in page


def test_show_asks_changed_words_anew_and_lets_one_log_all_the_same(signed_in, ana, monkeypatch):
    client = signed_in(ana)
    assert "What you agree to" not in text(client.get("/today/"))
    monkeypatch.setitem(consenting.TEXTS, (2, "en"), "New words.")
    monkeypatch.setattr(consenting, "CURRENT", 2)
    page = client.get("/today/")
    assert "The words you agreed to have changed" in text(page)
    assert "New words." in text(page)
    assert b'name="red_flags"' in page.content
    client.post("/agreement/agree/", {"agreed": "2:en"})
    assert "New words." not in text(client.get("/today/"))


def test_show_asks_who_took_the_agreement_back(signed_in, ana, now):
    consents.withdraw(by=ana, now=now)
    assert "Before others can read your diary" in text(signed_in(ana).get("/today/"))


def test_show_leads_to_the_intake_until_something_was_said(signed_in, ana, now):
    client = signed_in(ana)
    assert 'href="/intake/1/"' in client.get("/today/").content.decode()
    intakes.save(by=ana, now=now, usual_pain=3)
    assert 'href="/intake/1/"' not in client.get("/today/").content.decode()


def test_show_is_for_who_has_no_plan_yet_too(signed_in, ana, treat):
    ReminderPlan.objects.all().delete()
    treat(ana, ago=20 * HOUR)
    assert "Next check-in later today." in text(signed_in(ana).get("/today/"))


@pytest.mark.parametrize("lent", [False, True])
def test_show_says_when_nobody_reads(signed_in, ana, paula, remy, now, lent):
    said = "Nobody you share with can read this at the moment"
    assert said not in text(signed_in(ana).get("/today/"))
    hours.go_away(
        by=paula,
        now=now,
        practitioner=paula,
        first_day=now.date(),
        last_day=now.date(),
        covered_by=remy if lent else None,
    )
    assert (said in text(signed_in(ana).get("/today/"))) is not lent


@pytest.mark.parametrize("address", ["remy", "nobody@settle.example"])
def test_show_tells_nothing_of_an_address_that_was_typed(signed_in, ana, paula, remy, now, address):
    """It says the same whether somebody of that address reads here or not."""
    hours.go_away(by=paula, now=now, practitioner=paula, first_day=now.date())
    shares.grant(by=ana, now=now, address=remy.email if address == "remy" else address)
    assert "Nobody you share with" not in text(signed_in(ana).get("/today/"))


def test_show_says_nothing_where_nobody_was_named(signed_in, ben):
    assert "Nobody you share with" not in text(signed_in(ben).get("/today/"))


@pytest.mark.parametrize("page", ["/today/", "/entries/add/"])
def test_the_form_says_whose_it_is_before_any_script_has(signed_in, ana, page):
    """What is sent into nowhere at once is kept on the device under this name, and sent for nobody else."""
    assert f'<input type="hidden" name="who" value="{ana.pk}">' in signed_in(ana).get(page).content.decode()
