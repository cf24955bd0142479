"""What an entry is answered with: the advice on a red flag, and what the saved entry means."""

import pytest

from diary.actions import entries, flags
from diary.models import Entry, Flag
from tests.views.test_entries import HOUR, add, typed
from tests.views.test_today import text


def test_add_answers_a_red_flag_in_the_same_response(signed_in, ana, practice):
    page = add(signed_in(ana), red_flags=["breathing"])
    read = text(page)
    assert page.status_code == 200
    assert "Get medical help now" in read
    assert "New breathlessness" in read
    assert b'href="tel:112"' in page.content
    assert practice.same_day_number in read
    assert Flag.objects.get().code == "breathing"


def test_add_answers_a_same_day_red_flag_with_the_practice_first(signed_in, ana, practice):
    page = add(signed_in(ana), red_flags=["infection"]).content.decode()
    assert "911 in North America" not in page
    assert "Be seen by a doctor today" in page
    assert page.index(practice.same_day_number) < page.index("tel:112")


def test_add_without_a_practice_still_gives_a_number(signed_in, ben):
    page = add(signed_in(ben), red_flags=["saddle", "infection"])
    assert "Get medical help now" in text(page)
    assert b'href="tel:112"' in page.content
    assert "120 in mainland China, 911 in North America" in text(page)


def test_add_gives_the_same_advice_to_the_same_form_and_makes_no_second_entry(signed_in, ana):
    client, form = signed_in(ana), typed(red_flags=["head"])
    pages = [client.post("/entries/add/", form) for _ in range(2)]
    assert all("Get medical help now" in text(page) for page in pages)
    assert (Entry.objects.count(), Flag.objects.count()) == (1, 1)


def test_add_gives_the_advice_even_where_the_form_cannot_be_saved(signed_in, ana):
    page = add(signed_in(ana), pain="", red_flags=["legs"])
    assert "Get medical help now" in text(page)
    assert "Not saved yet" in text(page)
    assert not Entry.objects.exists()


def test_add_keeps_a_red_flag_ticked_after_going_back(signed_in, ana):
    client, form = signed_in(ana), typed(note="first")
    client.post("/entries/add/", form)
    page = client.post("/entries/add/", form | {"note": "second", "red_flags": ["collapse"]})
    assert "Get medical help now" in text(page)
    entry = Entry.objects.get()
    assert (entry.red_flags, entry.note, entry.amendments.get().values["note"]) == (["collapse"], "second", "first")


def test_add_keeps_a_red_flag_though_the_first_was_deleted(signed_in, ana, now):
    client, form = signed_in(ana), typed()
    client.post("/entries/add/", form)
    entries.withdraw(by=ana, now=now, entry=Entry.objects.get())
    page = client.post("/entries/add/", form | {"red_flags": ["collapse"]})
    assert "Get medical help now" in text(page)
    assert Flag.objects.get().code == "collapse"


def test_add_refuses_an_unknown_red_flag(signed_in, ana):
    page = add(signed_in(ana), red_flags=["nonsense"])
    assert page.status_code == 200
    assert not Entry.objects.exists()


def test_advice_shows_the_numbers_again(signed_in, ana, log, practice):
    entry = log(ana, 5, red_flags=["fever"]).entry
    assert practice.same_day_number in text(signed_in(ana).get(f"/entries/{entry.pk}/advice/"))


def test_advice_is_of_an_entry_with_a_red_flag(signed_in, ana, log):
    entry = log(ana, 5).entry
    assert signed_in(ana).get(f"/entries/{entry.pk}/advice/").status_code == 404


# What it means


def saved(client, entry):
    return text(client.get(f"/entries/{entry.pk}/saved/"))


def test_saved_on_an_ordinary_day_says_what_would_change_that(signed_in, ana, treat, log):
    treat(ana, ago=24 * HOUR)
    read = saved(signed_in(ana), log(ana, 3, soreness=2).entry)
    assert "Often reported on day 1; usually settles within two days." in read
    assert "What would change that" in read
    assert "This is day 1 after session 1. Next check-in tomorrow." in read


@pytest.mark.parametrize("answers", [{"soreness": 0, "stiffness": 0, "fatigue": 0}, {"bruising": 1}, {}])
def test_saved_calls_nothing_usual_where_nothing_that_settles_was_reported(answers, signed_in, ana, treat, log):
    treat(ana, ago=24 * HOUR)
    read = saved(signed_in(ana), log(ana, 3, **answers).entry)
    assert ("No flag was raised." in read, "usually settle" in read) == (True, False)


def test_saved_of_an_entry_written_late_says_which_day_it_is_now(signed_in, ana, treat, log):
    treat(ana, ago=73 * HOUR)
    read = saved(signed_in(ana), log(ana, 3, soreness=2, ago=72 * HOUR).entry)
    assert "Often reported on the day of a session" in read
    assert "This is day 3 after session 1." in read


@pytest.mark.parametrize("answers", [{"pain": 8}, {"pain": 3, "compared": "worse"}, {"pain": 3, "dizziness": 3}])
def test_saved_never_soothes_on_a_hard_day(signed_in, ben, treat, log, answers):
    treat(ben, ago=20 * HOUR, pain_before=7)
    read = saved(signed_in(ben), log(ben, answers.pop("pain"), soreness=2, **answers).entry)
    assert "usually settle" not in read
    assert "contact your practice" in read or "raised a flag" in read


def test_saved_shows_a_priority_flag_and_what_to_do_today(signed_in, ana, treat, log):
    treat(ana, ago=20 * HOUR, pain_before=2)
    read = saved(signed_in(ana), log(ana, 9).entry)
    assert "This entry raised a flag" in read
    assert "Severe pain" in read
    assert "Get in touch with your practice today." in read


def test_saved_with_another_flag_open_does_not_soothe(signed_in, ana, treat, log, now):
    treat(ana, ago=72 * HOUR)
    log(ana, 3, soreness=5, now=now - 2 * HOUR)
    read = saved(signed_in(ana), log(ana, 3).entry)
    assert "Still open" in read
    assert "usually settle" not in read


def test_saved_while_a_flag_goes_on_that_was_only_seen_does_not_soothe(signed_in, ana, paula, treat, log, now):
    treat(ana, ago=30 * HOUR)
    log(ana, 3, now=now - 2 * HOUR, red_flags=["saddle"])
    flag = Flag.objects.get(rule="red-flag")
    flags.handle(by=paula, now=now, flag=flag, outcome="acknowledged", note="")
    entry = log(ana, 3, soreness=2).entry
    assert "usually settle" not in saved(signed_in(ana), entry)
    flags.handle(by=paula, now=now, flag=flag, outcome="contacted", note="")
    assert "usually settles" in saved(signed_in(ana), entry)


def test_saved_of_an_entry_written_late_tells_a_flag_that_is_over_already(signed_in, ana, treat, log, now):
    treat(ana, ago=60 * HOUR, pain_before=3)
    for ago in (26, 1):
        log(ana, 2, now=now - ago * HOUR)
    read = saved(signed_in(ana), log(ana, 9, ago=50 * HOUR).entry)
    assert "This entry raised a flag; it has settled or was answered since." in read
    assert "No flag was raised" not in read
    assert ("Severe pain" in read, "What to do:" in read) == (True, False)


def test_saved_of_what_made_an_answered_flag_worse_tells_the_new_one(signed_in, ana, paula, treat, log, now):
    treat(ana, ago=80 * HOUR, pain_before=1)
    for ago in (60, 40, 11):
        log(ana, 4, now=now - ago * HOUR)
    flags.handle(by=paula, now=now - 10 * HOUR, flag=Flag.objects.get(), outcome="acknowledged", note="")
    read = saved(signed_in(ana), log(ana, 6).entry)
    assert "This entry raised a flag. Here is why, and what to do." in read
    assert "Get in touch with your practice today." in read


def test_saved_of_an_edit_tells_what_the_edit_raised(signed_in, ana, treat, log, now):
    treat(ana, ago=60 * HOUR, pain_before=3)
    entry = log(ana, 3, now=now - 50 * HOUR).entry
    for ago in (26, 1):
        log(ana, 2, now=now - ago * HOUR)
    entries.amend(by=ana, now=now, entry=entry, version=1, pain=9)
    assert "This entry raised a flag; it has settled" in saved(signed_in(ana), entry)


def test_saved_of_a_deleted_entry_leads_to_it(signed_in, ana, log, now):
    entry = log(ana, 3).entry
    entries.withdraw(by=ana, now=now, entry=entry)
    assert signed_in(ana).get(f"/entries/{entry.pk}/saved/")["Location"] == f"/entries/{entry.pk}/"
