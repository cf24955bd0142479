"""What a first visit costs: requests and bytes on the wire, headers included, in a browser on the production server."""

from datetime import timedelta
from statistics import median

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from tests.browser import PHONE, signed_in, until
from tests.production import serving

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KB = 1000
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
PAINTS = 25
OPENED = 500
"""Milliseconds after which a browser has drawn its own new window, which it does beside the page otherwise."""


@pytest.fixture(scope="module")
def production(tmp_path_factory, django_db_setup):
    """A server in its production form on the database of these tests."""
    environment = {
        "SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "CACHE_URL": "locmemcache://",
        "HTTPS": "off",
    }
    with serving(tmp_path_factory.mktemp("production"), **environment) as server:
        yield server


@pytest.fixture
def first_visit(whole_browser, production):
    """Return a function that opens a page with nothing kept from before, and says what came: {address: bytes}.

    The whole browser asks for the icon of its tab too, in its own time: `last` is waited for.
    """
    contexts = []

    def visit(user, path, last="/"):
        contexts.append(signed_in(whole_browser.new_context(viewport=PHONE), production.url, user))
        page, came = contexts[-1].new_page(), {}

        def count(request):
            sizes = request.sizes()
            came[request.url.removeprefix(production.url)] = sizes["responseHeadersSize"] + sizes["responseBodySize"]

        page.on("requestfinished", count)
        assert page.goto(f"{production.url}{path}", wait_until="networkidle").ok
        until(page, lambda: any(address.startswith(last) for address in came))
        return came

    yield visit
    for context in contexts:
        context.close()


@pytest.fixture
def diary(ana, log, treat):
    """Three months of entries, five sessions, and flags that wait."""
    now = timezone.now()
    for fortnight in range(5):
        treat(ana, now=now, ago=timedelta(days=14 * fortnight + 3))
    for day in range(90):
        log(ana, 3 + day % 3, soreness=day % 4 + 1, now=now, ago=timedelta(days=day, hours=2))
    return ana


def test_the_first_load_of_today(diary, first_visit):
    came = first_visit(diary, "/today/", last="/static/icons/favicon")
    assert {address.partition(".")[0] for address in came} >= {"/today/", "/static/built/site", "/static/icons/favicon"}
    assert len(came) <= 6, came
    assert sum(came.values()) <= 25 * KB, came


def test_the_first_load_of_the_charts(diary, first_visit):
    came = first_visit(diary, "/trends/?range=all")
    assert {address.partition(".")[0] for address in came} >= {"/static/built/chart", "/static/built/charts", "/trends"}
    assert sum(came.values()) <= 100 * KB, came


SENT = """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
  .filter((one) => one.transferSize > 0).map((one) => [new URL(one.name).pathname, one.transferSize])"""


@pytest.mark.parametrize(("path", "its"), [("/today/", []), ("/trends/", ["/trends.json"])])
def test_a_second_load_brings_only_what_is_written_anew_each_time(diary, whole_browser, production, path, its):
    """Without the worker that keeps pages for want of a network: what passes by it is measured unpacked."""
    context = whole_browser.new_context(viewport=PHONE, service_workers="block")
    page = signed_in(context, production.url, diary).new_page()
    loads = []
    for _ in range(2):
        page.goto(f"{production.url}{path}", wait_until="networkidle")
        loads.append(dict(page.evaluate(SENT)))
    context.close()
    first, second = loads
    assert len(first) > 3
    assert list(second) == [path, *its]
    assert sum(second.values()) <= 7.5 * KB, second


@pytest.fixture
def painted(whole_browser, production):
    """Return a function that opens a page with nothing kept from before: milliseconds until anything stands there."""

    def after(user, path):
        context = signed_in(whole_browser.new_context(viewport=PHONE), production.url, user)
        page = context.new_page()
        page.wait_for_timeout(OPENED)
        page.goto(f"{production.url}{path}", wait_until="networkidle")
        took = page.evaluate(PAINTED)
        context.close()
        return took

    return after


@pytest.mark.full
def test_today_is_painted_nearly_as_soon_as_plain_text(diary, painted, figure):
    took = {path: [] for path in ("/healthz", "/today/")}
    for _ in range(PAINTS):
        for path, times in took.items():
            times.append(painted(diary, path))
    plain, today = (median(times) for times in took.values())
    figure(
        "first paint of Today against plain text", f"{today / plain:.2f}", f"{PAINTS} each, {plain:.0f} ms; gate 1.8"
    )
    assert today / plain <= 1.8
