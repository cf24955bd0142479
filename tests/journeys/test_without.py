"""Without a mouse, and without a script: the same work gets done."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from diary.models import Entry, Flag, Share
from tests.browser import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = timedelta(days=1)
STOPS = 150  # presses of Tab after which a thing counts as out of reach
OUTLINED = (
    "node => parseFloat(getComputedStyle(node.matches('.pick > input') ? node.nextElementSibling : node).outlineWidth)"
)


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch, now):
    """Let the server stand where the tests stand."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def tab_to(page, target):
    """Press Tab until `target` has the focus, and see that it shows."""
    for _ in range(STOPS):
        if target.evaluate("node => node === document.activeElement"):
            assert target.evaluate(OUTLINED) >= 2
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"out of reach by Tab: {target}")


def press(page, target, key="Enter"):
    tab_to(page, target)
    page.keyboard.press(key)


def test_an_entry_with_regions_and_a_red_flag_by_keyboard(ana, practice, page):
    opened = page(ana, size=DESKTOP)
    opened.goto("/today/")
    pain = opened.get_by_role("radiogroup", name="Pain")
    press(opened, pain.get_by_role("radio", name="0", exact=True), "ArrowRight")
    expect(pain.get_by_role("radio", name="1", exact=True)).to_be_checked()
    press(opened, opened.locator("summary", has_text="Where, what you did, a note"))
    where = opened.get_by_role("group", name="Where does it hurt?")
    press(opened, where.get_by_role("checkbox", name="lower back middle"), "Space")
    press(opened, opened.locator("summary", has_text="Any of these?"))
    press(opened, opened.get_by_role("checkbox", name="Numbness between the legs"), "Space")
    press(opened, opened.get_by_role("button", name="Save", exact=True))
    expect(opened.locator(".urgent")).to_be_visible()
    tab_to(opened, opened.get_by_role("link", name="112"))
    entry = Entry.objects.get()
    assert (entry.pain, entry.regions) == (1, ["lower-middle"])


def test_a_flag_is_handled_by_keyboard(ana, paula, treat, log, page):
    treat(ana, by=paula, ago=3 * DAY, pain_before=4)
    log(ana, 4, soreness=5)
    opened = page(paula, size=DESKTOP)
    opened.goto("/worklist/")
    press(opened, opened.get_by_role("link", name="Ana Alves"))
    opened.wait_for_url("**/worklist/*-*/")
    tab_to(opened, opened.get_by_label("Note"))
    opened.keyboard.type("Rang her; she will rest.")
    press(opened, opened.get_by_role("button", name="Contacted"))
    expect(opened.get_by_role("status").filter(has_text="Noted.")).to_be_visible()
    assert Flag.objects.get(rule="lingering-reaction").status == "closed"


def test_a_diary_is_shared_and_taken_back_by_keyboard(ana, remy, page):
    opened = page(ana, size=DESKTOP)
    opened.goto("/shares/")
    press(opened, opened.get_by_role("link", name="Share with a practitioner"))
    opened.wait_for_url("**/grant/")
    tab_to(opened, opened.get_by_label("Their exact email address, or their code"))
    opened.keyboard.type(remy.practitioner.spoken_code)
    press(opened, opened.get_by_role("button", name="Share", exact=True))
    expect(opened.get_by_role("heading", level=2, name="Remy")).to_be_visible()
    card = opened.locator("section.panel", has_text="Remy")
    press(opened, card.get_by_role("button", name="End it now"))
    expect(opened.locator("section.panel", has_text="Remy")).to_have_count(0)
    assert Share.objects.get(patient=ana, practitioner=remy).revoked_at


PAGES = {
    "ana": [
        *("/today/", "/entries/", "/sessions/", "/trends/", "/report/", "/flags/", "/shares/", "/messages/"),
        *("/intake/1/", "/reminders/", "/agreement/", "/settings/", "/rules/"),
    ],
    "paula": ["/worklist/", "/patients/", "/messages/", "/rates/", "/hours/", "/invitations/", "/sandbox/"],
    "admin": ["/people/", "/people/invite/", "/health/"],
}


@pytest.mark.parametrize("person", PAGES)
def test_the_main_pages_without_a_script(person, ana, paula, treat, log, page, request):
    treat(ana, by=paula, ago=3 * DAY, pain_before=4)
    log(ana, 4, soreness=5)
    opened = page(request.getfixturevalue(person), size=PHONE, java_script_enabled=False)
    for address in PAGES[person]:
        assert opened.goto(address).ok
        expect(opened.locator("h1")).to_be_visible()
        expect(opened.locator("canvas:visible")).to_have_count(0)


def test_an_entry_without_a_script(ana, page):
    """From Today to saved, put right and taken back: forms and links alone."""
    opened = page(ana, size=PHONE, java_script_enabled=False)
    opened.goto("/today/")
    opened.get_by_role("radiogroup", name="Pain").get_by_text("4", exact=True).click()
    opened.locator("summary", has_text="Where, what you did, a note").click()
    opened.locator("textarea[name=note]").fill("without a script")
    opened.get_by_role("button", name="Save", exact=True).click()
    expect(opened.get_by_role("heading", level=1)).to_contain_text("Saved")
    opened.get_by_role("link", name="Edit").click()
    opened.get_by_role("radiogroup", name="Pain").get_by_text("6", exact=True).click()
    opened.get_by_role("button", name="Save", exact=True).click()
    expect(opened.get_by_role("heading", level=1)).to_contain_text("Saved")
    assert (Entry.objects.get().pain, Entry.objects.get().note) == (6, "without a script")
    opened.get_by_role("button", name="Delete").click()
    expect(opened.get_by_role("button", name="Put it back")).to_be_visible()
    assert Entry.objects.get().withdrawn_at
