"""What waits on a device: sent once, however the network and the server come back; opened, put right, thrown away."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from diary.actions import entries
from diary.models import Entry
from tests.browser import signed_in, until
from tests.journeys.device import KEPT, cut, mend, note, save, sent, waiting, write_offline
from tests.journeys.test_journeys import rate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UNDER_ANOTHER_ID = """async (id) => {
  const [one] = await everybodys();
  await letGo(one.id);
  await waitingRoom('readwrite', (room) => room.put({...one, id}));
}"""
FAILING_LATE = """() => {
  const quick = fetch;
  window.fetch = async (...asked) => {
    if (navigator.onLine) return quick(...asked);
    await new Promise((go) => addEventListener('online', () => setTimeout(go, 100), { once: true }));
    throw new TypeError('the connection it was asked over is gone');
  };
}"""
GONE = """() => {
  window.quick = fetch;
  window.fetch = async () => {
    window.tried = true;
    throw new TypeError('no server');
  };
}"""
ANSWERED_BY_A_GATEWAY = """() => {
  const quick = fetch;
  window.fetch = async (address, asked) => {
    if (!navigator.onLine || asked?.method !== 'POST') return quick(address, asked);
    window.answered = true;
    return new Response('<!doctype html>Sign in to the network', { headers: { 'Content-Type': 'text/html' } });
  };
}"""
PUT_ASIDE = """(id) => putAside([['id', id], ['pain', '6'], ['note', 'put right']], document.body.dataset.who)"""


def test_what_waits_can_be_opened_and_thrown_away(ana, ready):
    there = ready(ana)
    cut(there)
    write_offline(there, 3, words="as first typed")
    there.get_by_role("button", name="Open", exact=True).click()
    rate(there, "Pain", 7)
    save(there)
    expect(there.get_by_text("1 entry NOT SAVED YET")).to_be_visible()
    (entry,) = until(there, lambda: [one for one in waiting(there) if ["pain", "7"] in one["fields"]])
    assert ["note", "as first typed"] in entry["fields"]
    there.once("dialog", lambda dialog: dialog.accept())
    there.get_by_role("button", name="Throw away").click()
    expect(there.get_by_text("1 entry NOT SAVED YET")).to_be_hidden()
    assert waiting(there) == []


def test_what_waits_keeps_the_ticks_that_this_page_does_not_ask_for(ana, treat, ready):
    treat(ana, aftercare=["rested", "walk round the lake"], now=timezone.now() - timedelta(hours=3))
    there = ready(ana)
    rate(there, "Pain", 3)
    there.locator("summary", has_text="a note").click()
    for advice in ("rest", "walk round the lake"):
        there.get_by_text(advice, exact=True).click()
    cut(there)
    save(there)
    expect(there.get_by_text(KEPT)).to_be_visible()
    there.get_by_role("button", name="Open", exact=True).click()
    rate(there, "Pain", 7)
    save(there)
    sent(there)
    entry = Entry.objects.get()
    assert (entry.pain, entry.aftercare) == (7, ["rested", "walk round the lake"])
    expect(there.get_by_text(KEPT)).to_be_hidden()


def test_a_page_in_place_of_an_answer_is_not_taken_for_saved(ana, ready):
    there = ready(ana)
    cut(there)
    there.goto("/today/")
    rate(there, "Pain", 5)
    save(there)
    expect(there.get_by_text(KEPT)).to_be_visible()
    there.evaluate(ANSWERED_BY_A_GATEWAY)
    mend(there)
    until(there, lambda: there.evaluate("window.answered"))
    assert len(waiting(there)) == 1
    there.goto("/today/")
    expect(there.get_by_text("What waited on this device is saved.")).to_be_visible()
    assert Entry.objects.get().pain == 5


def test_words_that_were_not_tried_yet_outlive_a_look_at_what_was_saved_under_their_id(ana, log, ready):
    """Sent, then Back, put right, and sent into nowhere: what waits has the id of what was saved."""
    there, entry = ready(ana), log(ana, 2, now=timezone.now()).entry
    there.evaluate(PUT_ASIDE, str(entry.pk))
    there.add_init_script(f"({GONE})()")
    there.goto(f"/entries/{entry.pk}/saved/")
    until(there, lambda: there.evaluate("window.tried"))
    assert [one["id"] for one in waiting(there)] == [str(entry.pk)]


def test_a_connection_that_comes_back_while_a_round_is_failing_starts_another(ana, ready):
    there = ready(ana)
    cut(there)
    there.goto("/today/")
    there.evaluate(FAILING_LATE)
    rate(there, "Pain", 5)
    save(there)
    expect(there.get_by_text(KEPT)).to_be_visible()
    sent(there)
    assert Entry.objects.get().pain == 5


def test_a_server_that_comes_back_unannounced_is_tried_for(ana, ready):
    there = ready(ana)
    there.clock.install()
    there.goto("/offline/")
    there.evaluate(GONE)
    rate(there, "Pain", 5)
    save(there)
    expect(there.get_by_text(KEPT)).to_be_visible()
    until(there, lambda: there.evaluate("window.tried"))
    there.evaluate("() => { window.fetch = window.quick; }")
    assert not Entry.objects.exists()
    there.clock.run_for(31_000)
    expect(there.get_by_text("What waited on this device is saved.")).to_be_visible()
    assert Entry.objects.get().pain == 5


def test_what_is_not_right_is_kept_and_mended_on_the_page_of_the_server(ana, ready):
    there = ready(ana)
    cut(there)
    there.goto("/today/")
    rate(there, "Pain", 3)
    note(there, "typed words")
    there.get_by_text("another time").click()
    there.locator("[name=observed]").fill("2099-01-01T08:00")
    save(there)
    expect(there.get_by_text(KEPT)).to_be_visible()
    mend(there)
    expect(there.get_by_text("Something in it is not right yet.")).to_be_visible()
    there.get_by_role("button", name="Open", exact=True).click()
    expect(there.get_by_text("This is still to come.").first).to_be_visible()
    expect(there.locator("textarea[name=note]")).to_have_value("typed words")
    there.get_by_text("now", exact=True).click()
    save(there)
    expect(there.get_by_role("heading", level=1)).to_contain_text("Saved")
    assert Entry.objects.get().note == "typed words"
    until(there, lambda: waiting(there) == [])


def test_what_was_saved_otherwise_meanwhile_shows_both(ana, log, ready):
    there = ready(ana)
    entry = log(ana, 2, note="in another tab", now=timezone.now()).entry
    cut(there)
    write_offline(there, 3, words="typed in a tunnel")
    there.evaluate(UNDER_ANOTHER_ID, str(entry.pk))
    mend(there)
    expect(there.get_by_text("Saved before with other answers")).to_be_visible()
    there.get_by_role("button", name="Open", exact=True).click()
    expect(there.get_by_text("in another tab")).to_be_visible()
    expect(there.get_by_text("typed in a tunnel")).to_be_visible()
    there.get_by_role("button", name="Save this instead").click()
    expect(there.get_by_role("heading", level=1)).to_contain_text("Saved")
    assert (Entry.objects.get().note, Entry.objects.get().version) == ("typed in a tunnel", 2)
    until(there, lambda: waiting(there) == [])


def test_a_sign_in_that_ended_meanwhile_is_asked_for_and_nothing_is_lost(ana, ready, live_server):
    there = ready(ana)
    cut(there)
    write_offline(there, 8, words="still here")
    Session.objects.all().delete()
    mend(there)
    expect(there.get_by_role("link", name="Sign in to send")).to_be_visible()
    assert len(waiting(there)) == 1
    signed_in(there.context, live_server.url, ana)
    there.goto("/today/")
    expect(there.get_by_text("What waited on this device is saved.")).to_be_visible()
    assert Entry.objects.get().note == "still here"


def test_an_answer_lost_on_the_way_makes_no_second_entry(ana, ready):
    """The server saved it, the device did not hear so: it asks again, and the id tells."""
    there = ready(ana)
    cut(there)
    write_offline(there, 6, words="once")
    (one,) = waiting(there)
    now = timezone.now()
    entries.log(by=ana, now=now, id=one["id"], pain=6, note="once", observed_at=now, zone="UTC")
    sent(there)
    assert Entry.objects.count() == 1
