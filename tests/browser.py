"""A real browser on a real server: a journey fails on any console error and on any request that leaves the site."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    expect,
    sync_playwright,
)

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
PATIENCE = 20_000  # ms: a machine that does other things too is slow, and that fails nothing
expect.set_options(timeout=PATIENCE)
AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"
WHOLE = ("chromium", "chromium-browser")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def launched(playwright: Playwright, *names: str) -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, names)), None) or pytest.skip("no Chromium")
    running = playwright.chromium.launch(executable_path=program, args=QUIET)
    yield running
    running.close()


@pytest.fixture(scope="session")
def _playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(_playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, one for all tests of a worker; where it is there, the one that opens no windows.

    The whole one draws a window around each page, which nobody sees and which takes four fifths of a page's start.
    """
    yield from launched(_playwright, "chromium-headless-shell", *WHOLE)


@pytest.fixture(scope="session")
def whole_browser(_playwright: Playwright) -> Iterator[Browser]:
    """The whole Chromium, for what the one without windows has not: it shows no notifications."""
    yield from launched(_playwright, *WHOLE)


class Watch:
    """Collects what no page may do: console errors, exceptions, requests to other hosts."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.wrongs: list[str] = []
        self.refused: set[str] = set()

    def follow(self, page: Page) -> Page:
        page.on("request", self._request)
        page.on("response", self._response)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.wrongs.append(f"exception: {error}"))
        return page

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:")):
            self.wrongs.append(f"off-origin: {request.url}")

    def _response(self, response: Response) -> None:
        """What is asked for, or sent again, and refused is the test's business; Chromium logs it all the same."""
        replayed = response.request.headers.get("accept") == "application/json"
        if (response.request.is_navigation_request() or replayed) and (
            400 <= response.status < 500 or response.status == 503
        ):
            self.refused.add(response.url)

    def _console(self, message: ConsoleMessage) -> None:
        cut = "net::ERR_INTERNET_DISCONNECTED" in message.text  # by the test itself; nothing else says so
        if message.type == "error" and not cut and message.location["url"] not in self.refused:
            self.wrongs.append(f"console: {message.text} ({message.location['url']})")


def signed_in(context: BrowserContext, origin: str, user: Any) -> BrowserContext:
    """Gives `context` a session of `user`, without the login form."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": origin}])
    return context


@pytest.fixture
def page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """A factory of pages: `page(ana, size=PHONE, colours="dark")`; without a user, nobody is signed in."""
    yield from pages(browser, live_server.url)


@pytest.fixture
def whole_page(whole_browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Like `page`, in the whole Chromium."""
    yield from pages(whole_browser, live_server.url)


def pages(browser: Browser, origin: str) -> Iterator[Callable[..., Page]]:
    contexts: list[BrowserContext] = []
    watch = Watch(origin)

    def open_page(user: Any = None, *, size: dict[str, int] = PHONE, colours: str = "light", **options: Any) -> Page:
        context = browser.new_context(
            base_url=origin, viewport=size, color_scheme=colours, reduced_motion="reduce", **options
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        return watch.follow((signed_in(context, origin, user) if user else context).new_page())

    yield open_page
    for context in contexts:
        context.close()
    assert watch.wrongs == []


def until(page: Page, ask: Callable[[], Any]) -> Any:
    """Return what is asked for once it is there; what happens in the browser happens while one waits."""
    ends = time.monotonic() + PATIENCE / 1000
    while not (found := ask()):
        assert time.monotonic() < ends, "waited too long"
        page.wait_for_timeout(50)
    return found


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """What the accessibility checker finds wrong on a page: "rule: the elements concerned", empty when nothing."""

    def violations(page: Page) -> list[str]:
        # Through the debugger's own door: the page's policy refuses added scripts, as it should.
        run = 'return (await window.axe.run({resultTypes: ["violations"]})).violations'  # the rest takes as long again
        found = page.evaluate(f"async () => {{ {AXE.read_text()}; {run} }}")
        return [f"{one['id']}: {', '.join(str(node['target']) for node in one['nodes'])}" for one in found]

    return violations
