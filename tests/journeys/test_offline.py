"""The network cut: in a real browser the form opens and saves, and a red flag is answered."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from diary.models import Entry, Flag
from tests.browser import DESKTOP, PHONE
from tests.journeys.device import KEPT, cut, note, save, sent, waiting, write_offline
from tests.journeys.test_journeys import rate

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SLOWLY = """() => {
  const quick = fetch;
  window.fetch = async (...asked) => (await new Promise((go) => setTimeout(go, 500)), quick(...asked));
}"""


def test_what_is_sent_into_nowhere_waits_and_is_sent_once(ana, ready):
    there = ready(ana)
    rate(there, "Pain", 6)
    note(there, "typed in a tunnel")
    cut(there)
    save(there)
    expect(there.get_by_text(KEPT)).to_be_visible()
    expect(there.get_by_text("1 entry NOT SAVED YET")).to_be_visible()
    assert not Entry.objects.exists()
    sent(there)
    there.goto("/today/")
    entry = Entry.objects.get()
    assert (entry.pain, entry.note, entry.patient) == (6, "typed in a tunnel", ana)
    assert waiting(there) == []


def test_the_form_opens_without_the_network_and_entries_keep_the_moment_of_typing(ana, ready):
    there, then = ready(ana), (timezone.now() - timedelta(hours=5)).replace(microsecond=0)
    cut(there)
    there.clock.set_fixed_time(then)
    write_offline(there, 3, words="first")
    expect(there.get_by_text("1 entry NOT SAVED YET")).to_be_visible()
    there.clock.set_fixed_time(then + timedelta(hours=1))
    write_offline(there, 4, words="second")
    expect(there.get_by_text("2 entries NOT SAVED YET")).to_be_visible()
    there.evaluate(SLOWLY)  # a page that calls both saved with the first is found out
    sent(there)
    first, second = Entry.objects.order_by("observed_at")
    assert [(entry.note, entry.observed_at) for entry in (first, second)] == [
        ("first", then),
        ("second", then + timedelta(hours=1)),
    ]
    assert first.recorded_at - first.observed_at > timedelta(hours=4)


def test_a_red_flag_is_answered_without_the_network_with_the_numbers_of_the_practice(ana, practice, ready, axe):
    there = ready(ana)
    cut(there)
    write_offline(there, 5, ticked="Numbness between the legs")
    expect(there.get_by_role("heading", name="Get medical help now")).to_be_focused()
    expect(there.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    expect(there.get_by_role("link", name=practice.same_day_number)).to_be_visible()
    expect(there.locator("section.urgent").get_by_text("Numbness between the legs")).to_be_visible()
    assert axe(there) == []
    there.get_by_role("link", name="Back to the form").click()
    sent(there)
    assert Flag.objects.get().code == "saddle"


def test_a_red_flag_sent_into_nowhere_is_answered_too(ana, ready):
    there = ready(ana)
    rate(there, "Pain", 5)
    there.locator("summary", has_text="Any of these?").click()
    there.get_by_text("Numbness between the legs").click()
    cut(there)
    save(there)
    expect(there.get_by_role("heading", name="Get medical help now")).to_be_visible()


@pytest.mark.parametrize("pain", [5, None])
def test_a_red_flag_is_answered_though_nothing_is_kept_and_says_so(ana, ready, pain):
    """No number for pain, or a browser that keeps nothing: the advice comes all the same, and promises nothing."""
    there = ready(ana)
    cut(there)
    there.goto("/today/")
    if pain is not None:
        rate(there, "Pain", pain)
        there.evaluate("() => { IDBFactory.prototype.open = () => { throw new Error('no room'); }; }")
    there.locator("summary", has_text="Any of these?").click()
    there.get_by_text("Numbness between the legs").click()
    save(there)
    expect(there.get_by_role("heading", name="Get medical help now")).to_be_focused()
    expect(there.get_by_text("Not kept yet" if pain is None else "this browser keeps nothing")).to_be_visible()
    expect(there.get_by_text("It is sent as soon as there is one")).to_have_count(0)


@pytest.mark.parametrize(("size", "colours"), [(PHONE, "light"), pytest.param(DESKTOP, "dark", marks=pytest.mark.full)])
def test_each_state_without_the_network_can_be_read_by_everybody(ana, ready, axe, size, colours):
    there = ready(ana, size=size, colours=colours)
    cut(there)
    there.goto("/trends/")
    assert axe(there) == []
    save(there)
    expect(there.get_by_text("Choose a number from 0 to 10")).to_be_visible()
    assert axe(there) == []
    write_offline(there, 2)
    expect(there.get_by_text(KEPT)).to_be_visible()
    assert axe(there) == []
    there.set_viewport_size({"width": 320, "height": 640})
    assert there.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_draft_of_today_is_there_without_the_network(ana, ready):
    there = ready(ana)
    note(there, "half a sentence")
    cut(there)
    there.goto("/today/")
    expect(there.locator("textarea[name=note]")).to_have_value("half a sentence")
