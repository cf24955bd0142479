"""Today by keyboard alone: the regions of the back and a leg, each by its name, and what was advised."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from diary.actions import accounts
from diary.models import Entry
from tests.browser import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = [f"{row} back {side}" for row in ("upper", "mid", "lower") for side in ("left", "middle", "right")]


def test_regions_and_advice_by_keyboard(page, ana, paula, treat):
    treat(ana, by=paula, now=timezone.now(), ago=timedelta(hours=20), aftercare=["no_strain", "ten minutes flat"])
    opened = page(ana, size=PHONE, timezone_id="America/St_Johns")  # named when the entry is sent
    opened.goto("/today/")
    opened.get_by_role("radiogroup", name="Pain").get_by_role("radio", name="4", exact=True).press("Space")
    opened.locator("summary", has_text="Where, what you did, a note").press("Enter")
    where = opened.get_by_role("group", name="Where does it hurt?")
    names = [*NAMES, "left leg", "right leg"]
    for name in names:
        expect(where.get_by_role("checkbox", name=name, exact=True)).to_be_visible()
    where.get_by_role("checkbox", name=names[0], exact=True).focus()
    for name in names:
        expect(where.get_by_role("checkbox", name=name, exact=True)).to_be_focused()
        if name in ("lower back left", "left leg"):
            opened.keyboard.press("Space")
        opened.keyboard.press("Tab")
    opened.get_by_role("group", name="What did you do of what you were advised?").get_by_role(
        "checkbox", name="ten minutes flat"
    ).press("Space")
    opened.get_by_role("button", name="Save").press("Enter")
    expect(opened.get_by_role("heading", level=1)).to_have_text("Saved")
    entry = Entry.objects.get()
    assert (entry.regions, entry.aftercare) == (["lower-left", "leg-left"], ["ten minutes flat"])
    assert entry.zone == "America/St_Johns"


def test_the_way_in_loses_nothing_half_way(page, ana):
    opened = page(ana, size=PHONE)
    opened.goto("/intake/1/")
    opened.get_by_role("radio", name="6", exact=True).press("Space")
    opened.get_by_role("button", name="Save and go on").click()
    expect(opened.get_by_role("heading", level=1)).to_have_text("What else is usual")
    opened.go_back()
    expect(opened.get_by_role("radio", name="6", exact=True)).to_be_checked()
    opened.goto("/intake/5/")
    opened.get_by_label("Allergies").fill("nickel")
    opened.goto("/today/")
    opened.goto("/intake/5/")
    expect(opened.get_by_label("Allergies")).to_have_value("nickel")
    opened.get_by_role("button", name="Back").click()
    expect(opened.get_by_role("heading", level=1)).to_have_text("Medicines")
    opened.goto("/intake/5/")
    expect(opened.get_by_label("Allergies")).to_have_value("nickel")
    expect(opened.get_by_text("What you had typed is back")).to_be_hidden()


def test_the_zone_of_the_browser_is_chosen_at_joining(page, paula):
    invited = accounts.invite(by=paula, now=timezone.now(), email="clara@settle.example", role="patient")
    opened = page(None, size=PHONE, timezone_id="America/St_Johns")
    opened.goto(f"/join/{invited.token}/")
    expect(opened.get_by_label("Time zone")).to_have_value("America/St_Johns")
