"""What opens where a chart is pressed: by mouse, by touch and by keyboard."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from diary.models import Entry, Flag
from tests.browser import DESKTOP, until
from tests.journeys.drawn import DATA, PLACE, canvas

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("_today_is_now"),
]


def test_a_flag_on_the_chart_opens_it_by_mouse_and_by_keyboard(diary, page):
    flag = Flag.objects.get(rule="severe-pain")
    opened = page(diary)
    for open_it in (lambda mark: mark.click(), lambda mark: mark.press("Enter")):
        opened.goto("/trends/")
        mark = opened.locator(".chart-flag").first
        expect(mark).to_have_accessible_name("Priority Severe pain Sun 1 Mar, 15:00")
        open_it(mark)
        opened.wait_for_url(f"**/flags/{flag.pk}/")


def test_a_point_opens_its_entry_by_mouse_and_by_keyboard(diary, page):
    entry = Entry.objects.get(pain=6)
    opened = page(diary, size=DESKTOP)
    for open_it in (by_mouse, by_keyboard):
        opened.goto("/trends/")
        open_it(opened, canvas(opened, "time"), 1)
        opened.wait_for_url(f"**/entries/{entry.pk}/")


def test_a_point_of_the_bold_curve_opens_its_entry(diary, page):
    entry = Entry.objects.get(pain=4)
    opened = page(diary, size=DESKTOP)
    opened.goto("/trends/")
    by_keyboard(opened, canvas(opened, "courses"), 0)
    opened.wait_for_url(f"**/entries/{entry.pk}/")


def by_mouse(opened, drawn, place):
    x, y = drawn.evaluate(PLACE, place)
    drawn.click(position={"x": x, "y": y})


def by_keyboard(opened, drawn, place):
    slider = drawn.locator("xpath=ancestor::figure").get_by_role("slider")
    slider.press("Home")
    for _ in range(place):
        slider.press("ArrowRight")
    slider.press("Enter")


def test_a_tap_tells_of_a_point_and_the_next_tap_opens_it(diary, page):
    entry = Entry.objects.get(pain=6)
    opened = page(diary, has_touch=True)
    opened.goto("/trends/")
    drawn = canvas(opened, "time")
    x, y = drawn.evaluate(PLACE, 1)
    drawn.tap(position={"x": x, "y": y})
    expect(opened.locator(".readout").first).to_contain_text("2 Mar 2026, 12:00 (written a day or more later): Pain 6")
    drawn.tap(position={"x": x, "y": y})
    opened.wait_for_url(f"**/entries/{entry.pk}/")


def test_the_slider_says_each_entry(diary, page):
    opened = page(diary)
    opened.goto("/trends/")
    canvas(opened, "time")
    slider = opened.get_by_role("slider", name="Entry on the chart")
    expect(slider).to_have_attribute("aria-valuetext", "Tue, 10 Mar 2026, 10:00: Pain 3")
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute(
        "aria-valuetext", "Sat, 7 Mar 2026, 16:00 (written a day or more later): Pain 4, Soreness 2"
    )


def test_a_practitioner_reads_the_points_and_opens_none(diary, paula, page):
    opened = page(paula, size=DESKTOP)
    opened.goto(f"/patients/{diary.pk}/")
    by_mouse(opened, canvas(opened, "time"), 1)
    expect(opened.locator(".readout").first).to_contain_text("Pain 6")
    expect(opened.locator(".readout a").first).to_be_hidden()
    assert opened.url.endswith(f"/patients/{diary.pk}/")


def test_another_session_can_be_bold(diary, page):
    opened = page(diary)
    opened.goto("/trends/")
    canvas(opened, "courses")
    opened.get_by_label("In bold").select_option("1")
    widths = DATA % "({ borderWidth }) => borderWidth"
    until(opened, lambda: canvas(opened, "courses").evaluate(widths)["datasets"] == [3, 1.25])
    expect(opened.locator("[data-told]")).to_have_text("Since session 1, pain was 8 at most; before it, 3 was usual.")
    expect(opened.locator("[data-key-bold]")).to_have_text("Session 1")


def test_a_curve_that_is_pressed_becomes_bold(diary, page):
    opened = page(diary, size=DESKTOP)
    opened.goto("/trends/")
    drawn = canvas(opened, "courses")
    x, y = drawn.evaluate(PLACE, 1)
    drawn.click(position={"x": x, "y": y})
    expect(opened.get_by_label("In bold")).to_have_value("1")


def test_a_stretch_of_days_opens_those_days(ana, page, now):
    at = [now - place * timedelta(hours=12) for place in range(1_500)]
    Entry.objects.bulk_create(
        (Entry(patient=ana, observed_at=one, recorded_at=one, pain=place % 5 + 2) for place, one in enumerate(at)), 500
    )
    opened = page(ana)
    opened.goto("/trends/?range=all")
    by_keyboard(opened, canvas(opened, "time"), 3)
    opened.wait_for_url("**/trends/?since=*")
    expect(opened.locator("figcaption").first).to_contain_text("Pain was between 2 and 6 from")
