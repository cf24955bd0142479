"""Signed out, no token, pressed twice, the server killed under an open form: nothing typed is lost."""

import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from diary.models import Entry
from tests.browser import signed_in
from tests.journeys.device import KEPT, READY, note, save, waiting
from tests.journeys.test_journeys import rate
from tests.people import PASSWORD
from tests.production import free_port
from tests.reliability.site import Site
from tests.working import database_url

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WORDS = "half a page of words"


def write(there, pain=6):
    there.goto("/today/")
    rate(there, "Pain", pain)
    note(there, WORDS)


@pytest.mark.parametrize("script", [True, False])
def test_a_sign_in_that_ended_is_renewed_in_place(ana, page, axe, script):
    ana.emailaddress_set.update_or_create(email=ana.email, defaults={"verified": True, "primary": True})
    there = page(ana, java_script_enabled=script)
    write(there)
    Session.objects.all().delete()
    save(there)
    expect(there.get_by_text("You were signed out meanwhile")).to_be_visible()
    assert not script or axe(there) == []
    there.get_by_label("Email").fill(ana.email)
    there.get_by_label("Password").fill(PASSWORD)
    there.locator("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(there.get_by_text(WORDS)).to_be_visible()
    assert not script or axe(there) == []
    there.get_by_role("button", name="Send it now").click()
    expect(there.get_by_role("heading", level=1)).to_contain_text("Saved")
    assert Entry.objects.get().note == WORDS


@pytest.mark.parametrize("script", [True, False])
def test_a_lost_token_costs_one_press(ana, page, axe, script):
    there = page(ana, java_script_enabled=script)
    write(there)
    there.context.clear_cookies(name="csrftoken")
    save(there)
    expect(there.get_by_text("What you typed is still here")).to_be_visible()
    assert not script or axe(there) == []
    there.get_by_role("button", name="Send it now").click()
    expect(there.get_by_role("heading", level=1)).to_contain_text("Saved")
    assert Entry.objects.get().note == WORDS


def test_back_gives_back_what_was_typed_and_nothing_after_signing_out(ana, page):
    """Without scripts the browser's own copy of the form is all there is (ADR 29)."""
    there = page(ana, java_script_enabled=False)
    write(there)
    there.goto("/rules/")
    there.go_back()
    expect(there.get_by_label("Note")).to_have_value(WORDS)
    there.get_by_text("Account", exact=True).click()
    there.get_by_role("button", name="Sign out").click()
    expect(there.get_by_role("heading", name="A diary for after acupuncture")).to_be_visible()
    there.wait_for_load_state()
    there.go_back()
    expect(there.get_by_label("Password")).to_be_visible()
    assert WORDS not in there.content()


def test_a_form_sent_into_nowhere_is_back_in_its_tab_until_it_is_saved(ana, page):
    there = page(ana)
    there.goto("/settings/")
    there.evaluate(READY)
    there.get_by_label("Your name").fill("Ana de Alves")
    there.context.set_offline(True)
    save(there)
    expect(there.get_by_text("that was NOT SAVED")).to_be_visible()
    there.context.set_offline(False)
    there.goto("/settings/")
    expect(there.get_by_label("Your name")).to_have_value("Ana de Alves")
    expect(there.get_by_text("What you had typed is back")).to_be_visible()
    save(there)
    expect(there.get_by_text("Saved.", exact=True)).to_be_visible()
    there.goto("/settings/")
    expect(there.get_by_text("What you had typed is back")).to_be_hidden()


@pytest.mark.parametrize("look", ["entries/{}/saved/", "entries/{}/advice/"])
def test_what_is_being_typed_outlives_a_look_at_an_earlier_entry(ana, log, page, look):
    earlier = log(ana, 2, red_flags=["head"], now=timezone.now()).entry
    there = page(ana)
    write(there)
    there.goto("/" + look.format(earlier.pk))
    there.goto("/today/")
    expect(there.get_by_label("Note")).to_have_value(WORDS)
    save(there)
    expect(there.get_by_role("heading", level=1)).to_contain_text("Saved")
    there.goto("/today/")
    expect(there.get_by_text("What you had typed is back")).to_be_hidden()
    expect(there.get_by_label("Note")).to_have_value("")


def test_what_came_back_with_errors_outlives_a_look_at_an_earlier_entry(ana, log, page):
    earlier = log(ana, 2, red_flags=["head"], now=timezone.now()).entry
    there = page(ana)
    there.goto("/today/")
    there.get_by_text("Where, what you did, a note").click()
    there.get_by_label("Note").fill(WORDS)
    save(there)
    expect(there.get_by_role("heading", name="Not saved yet")).to_be_visible()
    there.goto(f"/entries/{earlier.pk}/advice/")
    there.goto("/today/")
    expect(there.get_by_label("Note")).to_have_value(WORDS)


def test_a_session_that_is_being_typed_outlives_a_look_at_an_earlier_one(ana, treat, page):
    earlier = treat(ana, now=timezone.now())
    there = page(ana)
    there.goto("/sessions/add/")
    there.get_by_text("Pain rose sharply").click()
    there.goto(f"/sessions/{earlier.pk}/")
    there.goto("/sessions/add/")
    expect(there.get_by_text("What you had typed is back")).to_be_visible()


def test_a_double_press_is_one_entry(ana, page):
    there = page(ana)
    write(there)
    there.get_by_role("button", name="Save", exact=True).dblclick()
    expect(there.get_by_role("heading", level=1)).to_contain_text("Saved")
    assert Entry.objects.count() == 1


PRESSED = """persisted => {
  const form = document.querySelector("main form[data-once]");
  form.addEventListener("submit", (event) => event.preventDefault(), { once: true });
  form.requestSubmit();
  dispatchEvent(new PageTransitionEvent("pageshow", { persisted }));
  return form.dataset.sent === "yes";
}"""


def test_a_press_before_a_page_has_come_whole_counts(ana, page):
    """The end of its loading lets no second press through; coming back to it does."""
    there = page(ana)
    for came_back in (False, True):
        there.goto("/settings/")
        assert there.evaluate(PRESSED, came_back) is not came_back


def test_two_tabs_show_both(ana, log, page):
    entry = log(ana, 3, note="as it was", now=timezone.now()).entry
    left = page(ana)
    right = left.context.new_page()
    for tab in (left, right):
        tab.goto(f"/entries/{entry.pk}/amend/")
        tab.locator("textarea[name=note]").fill(f"{'left' if tab is left else 'right'} tab")
    save(left)
    expect(left.get_by_role("heading", level=1)).to_contain_text("Saved")
    save(right)
    expect(right.get_by_role("heading", name="This entry was changed meanwhile")).to_be_visible()
    expect(right.get_by_text("left tab")).to_be_visible()
    expect(right.locator("textarea[name=note]")).to_have_value("right tab")


def test_a_server_killed_under_an_open_form_costs_nothing(ana, browser, tmp_path: Path):
    """A real server, killed and started again on the same database: the form is kept, sent once and nothing is done."""
    from django.db import connection

    site = Site(database_url(connection.settings_dict), tmp_path, port=free_port())
    try:
        site.start()
        origin = f"http://localhost:{site.port}"
        context = signed_in(browser.new_context(base_url=origin), origin, ana)
        there = context.new_page()
        there.goto("/today/")
        there.evaluate(READY)
        write(there)
        site.kill()
        save(there)
        expect(there.get_by_text(KEPT)).to_be_visible()
        assert [one["fields"][0] for one in waiting(there)], "kept on the device"
        assert not Entry.objects.exists()
        site.start()
        there.goto("/today/")
        expect(there.get_by_text(re.compile("What waited on this device is saved"))).to_be_visible()
        assert Entry.objects.get().note == WORDS
        context.close()
    finally:
        site.kill()
