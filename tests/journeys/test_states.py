"""Pages as they are found on no ordinary day: empty, refused, flagged, urgent, changed meanwhile, out of reach."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from playwright.sync_api import expect

from diary.actions import entries, flags
from diary.models import Flag
from tests.browser import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = timedelta(days=1)
ZOOMED = {"width": 320, "height": 640}  # 1280 px at 400 %


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch, now):
    """Let the server stand where the tests stand."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def sound(axe):
    """Return a function that finds no fault with a page as it stands: axe, one heading, nothing wider than 320 px."""

    def look(opened):
        expect(opened.locator("h1")).to_have_count(1)
        assert axe(opened) == []
        size = opened.viewport_size
        opened.set_viewport_size(ZOOMED)
        assert opened.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]
        opened.set_viewport_size(size)

    return look


EMPTY = {
    "patient": ["/today/", "/entries/", "/sessions/", "/trends/", "/flags/", "/shares/", "/messages/"],
    "practitioner": ["/worklist/", "/patients/", "/messages/", "/invitations/", "/rates/", "/hours/"],
}


@pytest.mark.parametrize("role", EMPTY)
def test_empty(role, join, verify, page, sound):
    person = join("Nell New", role)
    opened = page(person if role == "patient" else verify(person), size=PHONE, colours="dark")
    for address in EMPTY[role]:
        assert opened.goto(address).ok
        sound(opened)


REFUSED = {"/today/": "Save", "/shares/grant/": "Share"}


@pytest.mark.parametrize("address", ["/today/", pytest.param("/shares/grant/", marks=pytest.mark.full)])
def test_refused(address, ana, page, sound):
    """The summary has the focus, and each of its links leads to the question that it names."""
    opened = page(ana, size=PHONE)
    opened.goto(address)
    opened.get_by_role("button", name=REFUSED[address], exact=True).click()
    summary = opened.locator(".errors")
    expect(summary).to_be_focused()
    expect(summary).to_have_accessible_name("Not saved yet. Please look at this:")
    sound(opened)
    for link in summary.get_by_role("link").all():
        expect(opened.locator(link.get_attribute("href"))).to_have_count(1)


def test_refused_to_a_practitioner(paula, ana, page, sound):
    opened = page(paula, size=PHONE, colours="dark")
    for address, button in (
        ("/hours/away/", "Save"),
        ("/invitations/add/", "Send the invitation"),
        (f"/patients/{ana.pk}/messages/", "Send"),
    ):
        opened.goto(address)
        opened.get_by_role("button", name=button, exact=True).click()
        expect(opened.locator(".errors")).to_be_focused()
        sound(opened)


@pytest.mark.full  # as every page is looked at by day, all of them with a flag
def test_flagged(ana, paula, treat, log, page, sound):
    """A flag stands on the answer, on Today, among the flags and on the worklist: a word and a shape at each."""
    treat(ana, by=paula, ago=3 * DAY, pain_before=4)
    entry = log(ana, 9, soreness=5).entry
    opened = page(ana, size=PHONE, colours="dark")
    for address in (f"/entries/{entry.pk}/saved/", "/today/", "/flags/", f"/flags/{Flag.objects.first().pk}/"):
        assert opened.goto(address).ok
        expect(opened.locator(".level").first).to_be_visible()
        expect(opened.locator(".level svg").first).to_have_attribute("aria-hidden", "true")
        sound(opened)
    read = page(paula, size=PHONE, colours="dark")
    assert read.goto("/worklist/").ok
    expect(read.get_by_role("link", name="Ana Alves").first).to_be_visible()
    sound(read)


def test_urgent(ana, practice, page, sound):
    opened = page(ana, size=PHONE, colours="dark")
    opened.goto("/today/")
    opened.get_by_role("radiogroup", name="Pain").get_by_text("3", exact=True).click()
    opened.locator("summary", has_text="Any of these?").click()
    opened.get_by_text("Numbness between the legs").click()
    opened.get_by_role("button", name="Save", exact=True).click()
    expect(opened.locator(".urgent")).to_be_visible()
    opened.wait_for_load_state()  # measured before its stylesheet has come, it has the margin of a page without one
    assert opened.locator(".urgent").bounding_box()["width"] == PHONE["width"]
    number = opened.get_by_role("link", name="112")
    assert number.bounding_box()["y"] < PHONE["height"]
    sound(opened)


def test_changed_meanwhile(ana, log, now, page, sound):
    entry = log(ana, 3, note="as it was").entry
    opened = page(ana, size=DESKTOP, colours="dark")
    opened.goto(f"/entries/{entry.pk}/amend/")
    opened.locator("textarea[name=note]").fill("from this tab")
    entries.amend(by=ana, now=now, entry=entry, note="from another", version=entry.version)
    opened.get_by_role("button", name="Save", exact=True).click()
    expect(opened.get_by_text("from another")).to_be_visible()
    expect(opened.locator("textarea[name=note]")).to_have_value("from this tab")
    sound(opened)


def test_somebody_was_first(ana, paula, join, verify, treat, log, now, page, sound):
    treat(ana, by=paula, ago=3 * DAY, pain_before=4)
    log(ana, 4, soreness=5)
    flag = Flag.objects.get(rule="lingering-reaction")
    opened = page(paula, size=PHONE)
    opened.goto(f"/worklist/{flag.pk}/")
    opened.get_by_label("Note").fill("Rang her.")
    flags.handle(by=paula, now=now, flag=flag, outcome="acknowledged", note="")
    flags.handle(by=paula, now=now, flag=flag, outcome="contacted", note="")
    opened.get_by_role("button", name="Contacted").click()
    expect(opened.locator(".errors")).to_be_focused()
    expect(opened.get_by_text("Rang her.").first).to_be_visible()
    sound(opened)


@pytest.mark.parametrize("status", [503, pytest.param(403, marks=pytest.mark.full)])
def test_typed_and_given_back(status, ana, page, sound, monkeypatch):
    """A form without its token, and a database out of reach: the words stand on the answer, with one button."""
    opened = page(ana, size=PHONE, colours="dark")
    opened.goto("/today/")
    opened.get_by_role("radiogroup", name="Pain").get_by_text("3", exact=True).click()
    opened.locator("summary", has_text="a note").click()
    opened.locator("textarea[name=note]").fill("half a page of words")
    if status == 403:
        opened.context.clear_cookies(name="csrftoken")
    else:
        monkeypatch.setattr("diary.actions.entries.log", out_of_reach)
    with opened.expect_response("**/entries/add/") as answered:
        opened.get_by_role("button", name="Save", exact=True).click()
    assert answered.value.status == status
    expect(opened.get_by_text("half a page of words")).to_be_visible()
    expect(opened.locator(".btn-primary")).to_have_text(["Send it now"])
    sound(opened)


def out_of_reach(**_asked):
    raise OperationalError("database is locked")


def test_the_button_that_puts_a_deleted_entry_back_stands_clear_of_the_words(ana, log, page, now):
    entry = log(ana, 3).entry
    entries.withdraw(by=ana, now=now, entry=entry)
    opened = page(ana, size=PHONE)
    opened.goto(f"/entries/{entry.pk}/")
    words = opened.locator(".note p").bounding_box()
    button = opened.get_by_role("button", name="Put it back").bounding_box()
    assert button["y"] - words["y"] - words["height"] >= 12
