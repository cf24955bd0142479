"""The pictures on a page, by what Chart.js was given to draw."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from diary.models import Entry
from tests.browser import DESKTOP, PHONE, until
from tests.journeys.drawn import DATA, POINTS, canvas, milliseconds

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("_today_is_now"),
]

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
COLOURS = DATA % "({ borderColor }) => borderColor"
ON_PAPER = ["#0e6470", "#96591d"]
TOKEN = "name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()"
TICKS = "canvas => Chart.getChart(canvas).scales.x.ticks.map(({ label }) => label)"


NOTE_INK_ON_PAPER = """() => matchMedia("print").addEventListener("change", ({ matches }) => {
  const pixels = (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  if (matches) window.inked = [...document.querySelectorAll("canvas")].map((canvas) => pixels(canvas).some(Boolean));
})"""


def colours(page):
    """Return the colours of what is drawn now: it is drawn anew a moment after what the browser was told."""
    return canvas(page, "time").evaluate(COLOURS)["datasets"]


def test_pain_and_soreness_over_time(diary, page, now):
    opened = page(diary)
    opened.goto("/trends/")
    drawn = canvas(opened, "time").evaluate(POINTS)
    (pain, points), (soreness, sore) = drawn["datasets"]
    assert (pain, soreness) == ("Pain", "Soreness")
    assert [y for _, y, _ in points] == [8, 6, None, 4, None, 3]  # more than two days without a word: the pen is lifted
    assert points[-1] == [milliseconds(now - 2 * HOUR), 3, False]
    assert [y for _, y, _ in sore] == [4, 2, None, 2]
    assert [late for _, y, late in points if y is not None] == [True, True, True, False]


INKED = """canvas => {
  const { x, y } = Chart.getChart(canvas).getDatasetMeta(0).data.at(-1), pen = canvas.getContext("2d");
  return [-3, 3].map((across) => pen.getImageData(x + across, y, 1, 1).data[3]);
}"""


def test_the_dot_of_the_latest_entry_is_whole(ana, log, page):
    log(ana, 5)
    opened = page(ana)
    opened.goto("/trends/")
    assert all(ink > 200 for ink in canvas(opened, "time").evaluate(INKED))  # what is left is smoothing


def test_sessions_and_what_is_usual_lie_under_the_curves(diary, page, now):
    opened = page(diary)
    opened.goto("/trends/")
    ground = canvas(opened, "time").evaluate(POINTS)["ground"]
    sessions = [mark["from"] for mark in ground if mark["kind"] == "rule" and mark["from"] == mark["to"]]
    assert sessions == [milliseconds(now - 9 * DAY), milliseconds(now - 3 * DAY)]
    bands = [(mark["from"], mark["to"], mark["low"], mark["high"]) for mark in ground if mark["kind"] == "band"]
    assert bands[0] == (milliseconds(now - 9 * DAY), milliseconds(now - 3 * DAY), 3, 6)


def test_each_session_is_laid_over_the_others_by_hours(diary, page):
    opened = page(diary)
    opened.goto("/trends/")
    curves = canvas(opened, "courses").evaluate(POINTS)["datasets"]
    assert [(label, [point[:2] for point in points]) for label, points in curves] == [
        ("Session 1", [[3, 8], [24, 6]]),
        ("Session 2", [[4, 4], [37, None], [70, 3]]),
    ]


def test_the_chart_says_its_sentence(diary, page):
    opened = page(diary)
    opened.goto("/trends/")
    said = "Pain was between 3 and 8 in the last 30 days; the last entry was 3, today."
    expect(opened.get_by_role("img", name=said, exact=True)).to_be_visible()
    expect(opened.locator("figcaption").first).to_have_text(said)


def test_dark_mode_changes_the_colours_of_a_drawn_chart(diary, page):
    opened = page(diary, colours="light")
    opened.goto("/trends/")
    light = colours(opened)
    opened.emulate_media(color_scheme="dark")
    until(opened, lambda: not set(colours(opened)) & set(light))
    assert colours(opened) == [opened.evaluate(TOKEN, name) for name in ("--chart-pain", "--chart-soreness")]


def test_days_are_the_patients_wherever_it_is_read(ana, log, page):
    log(ana, 4, ago=2 * HOUR)
    for reader in ("UTC", "Asia/Tokyo", "America/Los_Angeles"):
        opened = page(ana, size=DESKTOP, timezone_id=reader)
        opened.goto("/trends/")
        ticks = canvas(opened, "time").evaluate(TICKS)
        assert (reader, ticks[0], ticks[-1]) == (reader, "10 Feb", "10 Mar")


def test_a_day_begins_at_midnight_on_both_sides_of_a_change_of_the_clocks(ana, log, page, monkeypatch, now):
    """Lisbon's clocks go forward on 29 March 2026."""
    later = now + 25 * DAY
    log(ana, 4, now=later, ago=HOUR)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    opened = page(ana, size=DESKTOP)
    opened.goto("/trends/")
    at = canvas(opened, "time").evaluate("canvas => Chart.getChart(canvas).scales.x.ticks.map(({ value }) => value)")
    assert {value % (24 * 3_600_000) for value in at} == {0, 23 * 3_600_000}


def test_own_days_are_drawn_from_edge_to_edge(diary, page, now):
    opened = page(diary)
    opened.goto("/trends/?since=2026-03-01&until=2026-03-05")
    edges = canvas(opened, "time").evaluate("canvas => (({ min, max }) => [min, max])(Chart.getChart(canvas).scales.x)")
    first, last = milliseconds(now.replace(day=1, hour=0)), milliseconds(now.replace(day=6, hour=0))
    assert edges == [first, last + (last - first) / 100]


def test_a_session_before_the_first_entry_is_on_the_chart_of_all(ana, log, treat, page, now):
    treat(ana, ago=20 * DAY)
    log(ana, 4, ago=2 * DAY)
    opened = page(ana)
    opened.goto("/trends/?range=all")
    drawn = canvas(opened, "time")
    assert drawn.evaluate("canvas => Chart.getChart(canvas).scales.x.min") <= milliseconds(now - 20 * DAY)
    flag = opened.locator(".chart-flag").bounding_box()
    assert drawn.bounding_box()["x"] < flag["x"]


def test_on_paper_a_dark_chart_is_light(diary, page):
    opened = page(diary, colours="dark")
    opened.goto("/trends/")
    dark = colours(opened)
    assert not set(dark) & set(ON_PAPER)
    opened.emulate_media(media="print")
    until(opened, lambda: colours(opened) == ON_PAPER)
    opened.emulate_media(media="screen")
    until(opened, lambda: colours(opened) == dark)


def test_in_colours_of_a_person_s_own_every_mark_of_a_key_is_seen(diary, page):
    opened = page(diary, forced_colors="active")
    opened.goto("/trends/")
    canvas(opened, "courses")
    for key in filter(lambda key: key.is_visible(), opened.locator(".key").all()):
        key.scroll_into_view_if_needed()
        there = key.bounding_box()
        seen = opened.screenshot(clip=there)
        key.evaluate("key => (key.style.visibility = 'hidden')")
        assert seen != opened.screenshot(clip=there), key.get_attribute("class")


def test_on_paper_a_chart_that_moves_on_a_screen_is_whole(diary, page):
    opened = page(diary)
    opened.emulate_media(reduced_motion="no-preference")
    opened.goto("/trends/")
    canvas(opened, "time")
    opened.evaluate(NOTE_INK_ON_PAPER)
    opened.pdf()
    assert opened.evaluate("window.inked") == [True, True]


@pytest.mark.parametrize("years", [1, pytest.param(10, marks=pytest.mark.full)])
def test_ten_entries_a_day_for_ten_years_are_drawn_as_their_middle_and_their_range(years, ana, page, now):
    at = [now - place * timedelta(hours=2.4) for place in range(3_650 * years)]
    Entry.objects.bulk_create(
        (Entry(patient=ana, observed_at=one, recorded_at=one, pain=place % 5 + 2) for place, one in enumerate(at)), 500
    )
    opened = page(ana)
    opened.goto("/trends/?range=all")
    drawn = canvas(opened, "time").evaluate(POINTS)
    ((_, middle),) = drawn["datasets"]
    shade = [(mark["low"], mark["high"]) for mark in drawn["ground"] if mark["kind"] == "band"]
    assert len(middle) == len(shade) < PHONE["width"]
    assert {y for _, y, _ in middle} <= {3.5, 4, 4.5}
    assert set(shade) == {(2, 6)}


def test_without_script_the_tables_are_there_and_no_empty_box(diary, page):
    opened = page(diary, java_script_enabled=False)
    opened.goto("/trends/")
    expect(opened.locator("#readings table")).to_be_visible()
    expect(opened.locator("#courses table")).to_be_visible()
    expect(opened.locator("canvas").first).to_be_hidden()


def test_without_the_numbers_a_sentence_and_the_table(diary, page):
    opened = page(diary)
    opened.route("**/trends.json*", lambda route: route.fulfill(status=200, body="<!doctype html>"))
    with opened.expect_console_message(lambda message: message.type == "warning"):
        opened.goto("/trends/")
    expect(opened.get_by_text("The chart could not be drawn.").first).to_be_visible()
    expect(opened.locator("#readings table")).to_be_visible()
    expect(opened.locator("canvas").first).to_be_hidden()


def test_the_drawn_page_is_accessible(diary, page, axe):
    for size, look in ((PHONE, "light"), (DESKTOP, "dark")):
        opened = page(diary, size=size, colours=look)
        opened.goto("/trends/")
        canvas(opened, "courses")
        for summary in opened.locator("main summary").all():
            summary.click()
        assert (look, axe(opened)) == (look, [])
        assert opened.evaluate("document.documentElement.scrollWidth") <= size["width"]


# How long a chart takes

DRAWN_AGAIN = """async (canvas) => {
  const took = [];
  for (let round = 0; round < 40; round++) {
    const began = performance.now();
    Chart.getChart(canvas).update("none");
    took.push(performance.now() - began);
    await new Promise(requestAnimationFrame);
  }
  return took.sort((one, other) => one - other)[took.length >> 1];
}"""


@pytest.mark.full
def test_ten_times_ten_years_are_drawn_as_quickly_as_a_year(ana, ben, page, now, figure):
    """36,500 points against 365; the gate of 1.3 with slack for a machine that does other things too."""
    for person, count, hours in ((ana, 36_500, 2.4), (ben, 365, 24)):
        at = [now - place * timedelta(hours=hours) for place in range(count)]
        Entry.objects.bulk_create(
            (
                Entry(patient=person, observed_at=one, recorded_at=one, pain=place % 5 + 2)
                for place, one in enumerate(at)
            ),
            500,
        )
    took = {}
    for person in (ana, ben):
        opened = page(person, size=DESKTOP)
        opened.goto("/trends/?range=all")
        took[person] = canvas(opened, "time").evaluate(DRAWN_AGAIN)
    ratio = took[ana] / took[ben]
    figure("36,500 points drawn against 365", f"{ratio:.2f}", "40 drawings each; gate 1.3")
    assert ratio <= 1.6
