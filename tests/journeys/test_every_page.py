"""Every page that somebody may open, in a browser: no console error, no request elsewhere, axe finds nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser import DESKTOP, PHONE
from tests.world import HEADER, ROWS, address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NUMBERS = {"health-show", "trends-data", "patients-data", "calendar-show"} | {
    "offline-worker",
    "offline-manifest",
    "offline-numbers",
    "api-openapi",
    "cards-list",
}
PAGES = [(row[0], HEADER[2 + row[2:].index("200")]) for row in ROWS if row[1] == "GET" and "200" in row[2:]]
OF = {person: [name for name, reader in PAGES if reader == person and name not in NUMBERS] for _, person in PAGES}
LOOKS = [(PHONE, "light"), (DESKTOP, "dark")]
ZOOMED = {"width": 320, "height": 640}  # 1280 px at 400 %


@pytest.fixture
def today_is_now(monkeypatch, now):
    """Let the server stand where the tests stand."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def found(page, axe):
    """Return a function that opens pages for a person and returns what is wrong with them, by page.

    Each is looked at once, one on a phone by day and the next on a desk by night; `both`, each in either way.
    """

    def look(reader, urls, both):
        opened = [page(reader, size=size, colours=colours) for size, colours in LOOKS]
        wrong = {}
        for place, url in enumerate(urls):
            for look in opened if both else [opened[place % len(opened)]]:
                wrong[url] = wrong.get(url, []) + faults(look, url, axe)
        return {url: faults for url, faults in wrong.items() if faults}

    return look


def faults(opened, url, axe):
    if not opened.goto(url).ok:
        return ["did not open"]
    expect(opened.locator("h1")).to_have_count(1)
    said, size = axe(opened), opened.viewport_size
    opened.set_viewport_size(ZOOMED)
    wide = opened.evaluate("document.documentElement.scrollWidth")
    opened.set_viewport_size(size)
    return [*said, *([f"{wide} px wide on a screen of 320"] if wide > ZOOMED["width"] else [])]


@pytest.mark.asvs("V14.2.3")
@pytest.mark.parametrize("person", OF)
def test_a_page(person, world, today_is_now, found, request):
    reader = None if person == "anonymous" else request.getfixturevalue(person)
    urls = [address(name, world.get(name.partition("-")[0])) for name in OF[person]]
    assert found(reader, urls, both=request.config.getoption("--full")) == {}


def test_every_component(ana, today_is_now, found, settings):
    settings.DEMO = True
    assert found(ana, ["/style/"], both=True) == {}
