"""A practitioner's morning in a browser: the worklist by keyboard, a session in seconds, a message and its draft."""

from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from diary.actions import messages
from diary.models import Message, TreatmentSession, User
from tests.browser import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = timedelta(days=1)
COUNT = """() => { window.taps = 0; addEventListener("pointerdown", () => { window.taps += 1 }, true) }"""
# A tap on something in sight, found and decided on: 1.1 s to point and 1.35 s to think (the keystroke-level model).
SECONDS_A_TAP = 2.45


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch, now):
    """Let the server stand where the tests stand."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def three(paula, join, log):
    """Three patients with a sign that needs care, by name."""
    for name in ("Ada Arne", "Bea Boll", "Cid Cole"):
        log(join(name, "patient", by=paula), 2, red_flags=["fever"])


def test_the_worklist_by_keyboard(three, paula, page, axe):
    opened = page(paula, size=DESKTOP)
    opened.goto("/worklist/")
    rows = opened.locator(".work-row")
    for key, place in (("j", 0), ("j", 1), ("ArrowDown", 2), ("j", 2), ("k", 1), ("ArrowUp", 0)):
        opened.keyboard.press(key)
        expect(rows.nth(place)).to_be_focused()
    name = rows.nth(0).locator(".row-main").inner_text().split("\n")[0]
    opened.keyboard.press("Enter")
    opened.wait_for_url("**/worklist/*-*/")
    expect(opened.get_by_role("heading", level=1)).to_contain_text(name[:8])


def test_on_paper_a_heading_stands_with_what_it_heads(three, paula, page):
    """Never alone at the foot of a page, with its list overleaf."""
    opened = page(paula, size=DESKTOP)
    opened.goto("/worklist/")
    opened.emulate_media(media="print")
    heads = opened.locator(".work-head, h2, h3")
    assert set(heads.evaluate_all("all => all.map((one) => getComputedStyle(one).breakAfter)")) == {"avoid"}


def test_letters_are_letters_in_a_box_and_when_switched_off(three, paula, page):
    opened = page(paula, size=DESKTOP)
    opened.goto("/worklist/")
    opened.get_by_label("Name").press_sequentially("jk")
    expect(opened.get_by_label("Name")).to_have_value("jk")
    opened.get_by_role("button", name="Keys on").click()
    expect(opened.get_by_role("button", name="Keys on")).to_have_attribute("aria-pressed", "false")
    opened.reload()
    opened.keyboard.press("j")
    expect(opened.locator(".work-row:focus")).to_have_count(0)


@pytest.mark.parametrize("path", ["/worklist/", "/hours/"])
def test_the_longest_words_of_the_navigation_fit_on_a_phone(ana, paula, now, page, path):
    """German's, with the number of what is new and without it."""
    messages.send(by=ana, now=now, to=paula, id=uuid4(), body="Hello")
    User.objects.filter(pk=paula.pk).update(language="de")
    opened = page(paula, size=PHONE)
    opened.goto(path)
    opened.get_by_role("link", name="Einladungen").wait_for()
    assert opened.locator("nav.nav").evaluate("nav => nav.scrollWidth <= nav.clientWidth")


LOOSE = """cell => [...cell.childNodes].filter(({ nodeType, data }) => nodeType === 1 || data.trim()).length"""


def test_on_a_phone_what_a_cell_says_stands_together_beside_its_name(ana, paula, treat, page):
    treat(ana, by=paula, ago=DAY, pain_before=3, pain_after=7, sharp_increase=True)
    opened = page(paula, size=PHONE)
    opened.goto(f"/patients/{ana.pk}/")
    cells = opened.locator(".table-stack td:has(a), .table-stack td:has(.meta)").all()
    assert [cell.evaluate(LOOSE) for cell in cells] == [1, 1]


def test_the_button_beside_a_long_text_is_no_taller_than_a_button(ana, paula, log, page):
    log(ana, 3)
    opened = page(paula, size=DESKTOP)
    opened.goto(f"/patients/{ana.pk}/summary/")
    assert opened.get_by_role("button", name="Copy the summary").bounding_box()["height"] < 60


def test_a_session_is_recorded_in_under_twenty_seconds(ana, paula, treat, page):
    """The end is there already; both scores, and where and what was advised as last time."""
    treat(ana, by=paula, ago=7 * DAY, sites=["lower-left", "lower-right"], aftercare=["water"])
    opened = page(paula, size=PHONE)
    opened.add_init_script(f"({COUNT})()")
    opened.goto(f"/patients/{ana.pk}/record/")
    opened.get_by_role("link", name="Same sites and aftercare as last time").click()
    opened.wait_for_url("**as=last")
    for question, score in (("Pain just before", 5), ("Pain just after", 3)):
        opened.get_by_role("radiogroup", name=question).get_by_text(str(score), exact=True).click()
    taps = 1 + opened.evaluate("window.taps") + 1  # the way here, and the button
    opened.get_by_role("button", name="Record the session").click()
    opened.wait_for_url(f"**/patients/{ana.pk}/")
    session = TreatmentSession.objects.exclude(pain_before=None).get()
    assert (session.pain_before, session.pain_after) == (5, 3)
    assert (session.sites, session.aftercare) == (["lower-left", "lower-right"], ["water"])
    assert taps == 4
    assert taps * SECONDS_A_TAP < 20


@pytest.mark.parametrize("script", [True, False])
def test_what_was_changed_is_asked_right_there(script, ana, paula, page):
    opened = page(paula, size=PHONE, java_script_enabled=script)
    opened.goto(f"/patients/{ana.pk}/record/")
    asked = opened.get_by_label("What was changed then")
    expect(asked).to_be_hidden()
    if script:
        for question, score in (("Pain just before", 3), ("Pain just after", 6)):
            opened.get_by_role("radiogroup", name=question).get_by_text(str(score), exact=True).click()
    else:
        opened.get_by_text("Pain rose sharply during the session").click()
    expect(asked).to_be_visible()


def test_a_message_and_its_draft(ana, paula, page):
    opened = page(ana, size=PHONE)
    thread = f"/messages/{paula.pk}/"
    opened.goto(thread)
    box = opened.get_by_label("Your message")
    box.fill("May I swim?")
    opened.goto("/today/")
    opened.goto(thread)
    expect(box).to_have_value("May I swim?")
    opened.get_by_role("button", name="Send").click()
    expect(opened.locator(".thread").get_by_text("May I swim?")).to_be_visible()
    expect(box).to_have_value("")
    opened.reload()
    expect(box).to_have_value("")
    assert Message.objects.count() == 1


def test_a_patient_says_that_it_is_urgent_and_the_list_shows_it(ana, paula, treat, log, page):
    treat(ana, by=paula, ago=3 * DAY)
    log(ana, 3, soreness=4)
    patient, practitioner = page(ana), page(paula, size=DESKTOP)
    patient.goto(f"/flags/{ana.flags.get().pk}/")
    patient.get_by_role("button", name="It is urgent for me").click()
    expect(patient.get_by_role("button", name="It is urgent for me")).to_have_attribute("aria-pressed", "true")
    practitioner.goto("/worklist/")
    expect(practitioner.locator(".work-row")).to_contain_text("urgent for the patient")


NARROW = {"width": 320, "height": 640}  # 1280 px at 400 %


def test_a_name_without_a_blank_makes_no_page_wider(paula, admin, join, log, page):
    patient = join("Maximilian" * 6, "patient", by=paula)
    log(patient, 3)
    diary = f"/patients/{patient.pk}/"
    seen = {
        paula: [diary, f"{diary}report/", f"{diary}record/", f"{diary}messages/", f"{diary}summary/"],
        admin: [f"/people/{patient.pk}/", f"/people/{patient.pk}/deactivate/"],
        patient: ["/report/"],
    }
    for reader, addresses in seen.items():
        opened = page(reader, size=NARROW)
        for address in addresses:
            opened.goto(address)
            wide = opened.evaluate("document.documentElement.scrollWidth")
            assert (address, wide) == (address, NARROW["width"])


def test_the_menu_stands_whole_on_a_phone_with_large_letters(ana, page):
    """Wider than the screen, it went over its left edge, where nobody can scroll to."""
    opened = page(ana)
    opened.goto("/settings/")
    opened.evaluate("document.documentElement.style.fontSize = '200%'")
    opened.locator(".menu > summary").click()
    assert opened.locator(".menu-in").bounding_box()["x"] >= 0


def test_turning_pages_says_what_is_turned(ana, paula, log, treat, page, axe):
    """Two lists of a patient's page turn by themselves: each is a landmark with a name of its own."""
    for day in range(1, 60):
        log(ana, 3, ago=timedelta(days=day))
        treat(ana, by=paula, ago=timedelta(days=day, hours=1))
    opened = page(paula)
    opened.goto(f"/patients/{ana.pk}/")
    assert opened.locator(".pager").count() > 1
    assert [fault for fault in axe(opened) if fault.startswith("landmark")] == []
