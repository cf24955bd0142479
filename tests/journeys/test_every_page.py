"""Every page that somebody may open, in a browser: no console error, no request elsewhere, axe finds nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser import DESKTOP, PHONE
from tests.world import HEADER, ROWS, address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = [(row[0], HEADER[2 + row[2:].index("200")]) for row in ROWS if row[1] == "GET" and "200" in row[2:]]
NUMBERS = {"health-show", "trends-data", "patients-data", "calendar-show"} | {
    "offline-worker",
    "offline-manifest",
    "offline-numbers",
}
LOOKS = [(PHONE, "light"), (DESKTOP, "dark")]
ZOOMED = {"width": 320, "height": 640}  # 1280 px at 400 %


@pytest.fixture
def today_is_now(monkeypatch, now):
    """Let the server stand where the tests stand."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.mark.parametrize(("name", "person"), [page for page in PAGES if page[0] not in NUMBERS])
def test_a_page(name, person, world, today_is_now, page, axe, request):
    reader = None if person == "anonymous" else request.getfixturevalue(person)
    look_at(address(name, world.get(name.partition("-")[0])), reader, page, axe)


def test_every_component(ana, today_is_now, page, axe, settings):
    settings.DEMO = True
    look_at("/style/", ana, page, axe)


def look_at(url, reader, page, axe):
    for size, colours in LOOKS:
        opened = page(reader, size=size, colours=colours)
        assert opened.goto(url).ok
        expect(opened.locator("h1")).to_have_count(1)
        assert axe(opened) == []
    opened.set_viewport_size(ZOOMED)
    assert opened.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"]
