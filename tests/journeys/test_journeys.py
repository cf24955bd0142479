"""The main job from end to end, as people do it, in a browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOOKS = [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "light"), (DESKTOP, "dark")]
LOOKS[1:] = [pytest.param(*look, marks=pytest.mark.full) for look in LOOKS[1:]]
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today_is_now(monkeypatch, now):
    """Let the server stand where the tests stand."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


def rate(page, question, score):
    """Tap a score, as a thumb does: on the words or the number, which are the label."""
    group = page.get_by_role("radiogroup", name=question)
    group.get_by_text(str(score), exact=True).click()
    expect(group.get_by_role("radio", name=str(score), exact=True)).to_be_checked()


def log(page, pain, soreness=None):
    page.goto("/today/")
    rate(page, "Pain", pain)
    if soreness is not None:
        rate(page, "Soreness where the needles were", soreness)
    page.get_by_role("button", name="Save").click()


@pytest.mark.parametrize(("size", "colours"), LOOKS)
def test_a_flag_from_the_patient_to_the_practitioner_and_back(size, colours, ana, paula, treat, page):
    treat(ana, by=paula, ago=3 * DAY, pain_before=4)
    patient, practitioner = page(ana, size=size, colours=colours), page(paula, size=size, colours=colours)

    log(patient, pain=4, soreness=5)
    expect(patient.get_by_text("Soreness has not settled").first).to_be_visible()
    patient.goto("/trends/")
    expect(patient.locator("canvas").first).to_be_visible()
    expect(patient.get_by_text("Soreness has not settled").first).to_be_visible()

    practitioner.goto("/worklist/")
    practitioner.get_by_role("link", name="Ana Alves").click()
    practitioner.get_by_label("Note").fill("Rang her; she will rest.")
    practitioner.get_by_role("button", name="Contacted").click()
    expect(practitioner.get_by_text("Noted.")).to_be_visible()
    practitioner.goto("/worklist/")
    expect(practitioner.get_by_role("link", name="Ana Alves")).to_have_count(0)

    patient.goto("/flags/")
    patient.get_by_role("link", name="All", exact=True).click()
    patient.get_by_role("link", name="Soreness has not settled").click()
    expect(patient.get_by_text("Paula Pinho: contacted")).to_be_visible()


@pytest.mark.parametrize(("size", "colours"), LOOKS)
def test_a_share_that_ends_ends_at_once(size, colours, ana, paula, log, page):
    patient, practitioner = page(ana, size=size, colours=colours), page(paula, size=size, colours=colours)
    chart = f"/patients/{ana.pk}/"
    assert practitioner.goto(chart).ok

    patient.goto("/shares/")
    expect(patient.get_by_text("Paula Pinho").first).to_be_visible()
    patient.get_by_role("button", name="End it now").click()
    expect(patient.get_by_text("Nobody but you")).to_be_visible()

    assert practitioner.goto(chart).status == 404
    practitioner.goto("/patients/")
    expect(practitioner.get_by_text("Ana Alves")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_a_red_flag_is_answered_at_once_with_numbers_to_call(script, ana, practice, page):
    patient = page(ana, java_script_enabled=script)
    patient.goto("/today/")
    patient.locator("summary", has_text="Any of these?").click()
    patient.get_by_text("Numbness between the legs").click()
    rate(patient, "Pain", 3)
    with patient.expect_response("**/entries/add/") as answered:
        patient.get_by_role("button", name="Save").click()
    assert answered.value.status == 200
    assert answered.value.request.method == "POST"
    expect(patient.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")


def test_three_taps_and_save(ana, page):
    """Pain alone is enough: one tap, and save."""
    patient = page(ana)
    log(patient, pain=2)
    expect(patient.get_by_role("heading", level=1)).to_contain_text("Saved")


def test_a_keyboard_is_enough(ana, page):
    patient = page(ana, size=DESKTOP)
    patient.goto("/today/")
    radio = patient.get_by_role("radiogroup", name="Pain").get_by_role("radio", name="0", exact=True)
    radio.focus()
    patient.keyboard.press("Space")
    patient.keyboard.press("ArrowRight")
    expect(patient.get_by_role("radiogroup", name="Pain").get_by_role("radio", name="1", exact=True)).to_be_checked()
    patient.get_by_role("button", name="Save").focus()
    patient.keyboard.press("Enter")
    expect(patient.get_by_role("heading", level=1)).to_contain_text("Saved")
