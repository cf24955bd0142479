"""What every answer carries, errors included, and what is set beside it: cookies."""

import json
import re
from functools import partial

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test.client import ClientHandler

from config.accounts import COOKIE
from diary.templatetags.settle import first_frame
from tests.people import PASSWORD
from tests.security import grade
from tests.security.asked import few_and_all
from tests.security.entrance import ENTRANCE
from tests.security.test_forgery import as_served, tokenless
from tests.security.test_matrix import NAMES, ask
from tests.world import address

pytestmark = pytest.mark.django_db

NEVER_SAID = ["unsafe-inline", "unsafe-eval", "strict-dynamic", "*", "http:", "https:", "blob:"]
INLINE = re.compile(
    r"<style|<[^>]+\sstyle=|<[^>]+\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)[^>]*>\s*[^\s<]", re.IGNORECASE
)
DATA = re.compile(r'<script[^>]*type="application/(?:json|ld\+json)"[^>]*>.*?</script>', re.DOTALL)


def faults(response):
    """Return what an answer lacks of what every one must carry."""
    policy = response.get("Content-Security-Policy", "")
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    found = [name for name, value in wanted.items() if response.get(name) != value]
    found += ["Referrer-Policy"] if response.get("Referrer-Policy") not in {"same-origin", "strict-origin"} else []
    found += ["default-src"] if "default-src 'none'" not in policy else []
    found += ["frame-ancestors"] if "frame-ancestors 'none'" not in policy else []
    found += [word for word in NEVER_SAID if word in policy.split()]
    found += ["Permissions-Policy"] if "camera=()" not in response.get("Permissions-Policy", "") else []
    found += ["Access-Control-Allow-Origin"] if "Access-Control-Allow-Origin" in response else []
    return found + written_into(response) + mistyped(response)


def mistyped(response):
    """Return the type of an answer whose content is something else, or of a text without its encoding."""
    kind = response.get("Content-Type", "")
    if response.streaming or not response.content:
        return []
    is_so = {
        "text/html": lambda said: said.lstrip()[:14].lower() in (b"<!doctype html", b"<h1>not found<"),
        "text/calendar": lambda said: said.startswith(b"BEGIN:VCALENDAR"),
        "text/javascript": lambda said: said.lstrip().startswith((b"//", b"'use strict'")),
        "application/json": json.loads,
        "application/manifest+json": json.loads,
        "application/problem+json": json.loads,
    }
    name, _, encoded = kind.partition(";")
    said = name in is_so and is_so[name](response.content) is not False
    return [] if said and (not name.startswith("text/") or "utf-8" in encoded) else [f"type {kind}"]


def written_into(response):
    """Return the scripts and styles that stand in a page itself, the look of its first frame under its nonce apart."""
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return []
    [nonce] = re.findall("'nonce-([^']+)'", response.get("Content-Security-Policy", "")) or [""]
    ours = f'<style nonce="{nonce}">{first_frame()}</style>' if nonce else ""
    return INLINE.findall(DATA.sub("", response.content.decode().replace(ours, "", 1)))


def signed_in(response):
    """Tell whether an answer is a page of somebody who has signed in: it names them in its menu."""
    return not response.streaming and b'class="menu-who"' in response.content


def whole_site(hall, asked):
    """Yield the answers of each page to those who are asked for it."""
    pages = {name: address(name, hall.things.get(name.partition("-")[0])) for name in NAMES}
    for name, url in (pages | {url: url for url in ENTRANCE}).items():
        for person in asked(name):
            yield name, ask(hall, person, "GET", url)
    yield "a file", ask(hall, "anonymous", "HEAD", "/static/icons/favicon.svg")


NAMELESS = {400, 405, 429, 500, 503}  # pages that ask nothing of who is there, so that no word of anybody is on them


def errors(hall):
    """Yield an answer of each kind that no page means to give."""
    yield 404, ask(hall, "ana", "GET", "/no-such-page/")
    yield 404, ask(hall, "ana", "GET", "/static/no-such-file.css")
    yield 405, ask(hall, "ana", "DELETE", "/today/")
    yield 301, ask(hall, "ana", "GET", "/today")
    yield 400, ask(hall, "ana", "GET", "/today/", HTTP_HOST="evil.example")
    yield 403, ask(hall, "paula", "POST", address("review-undo", hall.things["review"]))
    yield 403, tokenless(hall, "ana", address("entries-add"), as_served())
    for _ in range(21):
        tried = ask(hall, "anonymous", "POST", "/join/", b"code=AAAA-1111")
    yield 429, tried
    for status, trouble in ((503, OperationalError("gone")), (500, ZeroDivisionError("a bug"))):
        with connection.execute_wrapper(raising(trouble)):
            yield status, hall.ask("ana", "GET", "/today/")
    body = b"note=" + b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    yield "4", ask(hall, "ana", "POST", address("entries-add"), body)


def raising(trouble):
    def refuse(execute, sql, params, many, context):
        raise trouble

    return refuse


@pytest.fixture
def https(hall, settings, monkeypatch):
    """The site as `HTTPS=on` makes it, and everybody asks by HTTPS."""
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS, settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = 31_536_000, True
    hall.handler = ClientHandler(enforce_csrf_checks=False)
    monkeypatch.setattr(hall, "ask", partial(hall.ask, **{"wsgi.url_scheme": "https"}))


@pytest.mark.engineless
@pytest.mark.asvs("V3.2.1", "V3.4.2", "V3.4.3", "V3.4.4", "V3.4.5", "V3.4.6", "V4.1.1", "V7.4.4")
@few_and_all
def test_every_answer_carries_the_policies(asked, hall, https, figure):
    answers = list(whole_site(hall, asked))
    wrong = {(name, response.status_code, fault) for name, response in answers for fault in faults(response)}
    for status, response in errors(hall):
        assert str(response.status_code).startswith(str(status))
        wrong |= {(status, fault) for fault in faults(response)}
        wrong |= {(status, "a word") for word in hall.heard(response) if status in NAMELESS}
        answers.append((status, response))
    kinds = sorted({response.status_code for _, response in answers})
    figure("answers without a policy, or with a script or style in the page", len(wrong), f"{len(answers)}: {kinds}")
    worst = min(grade.score(response) for _, response in answers)
    figure("points of the worst answer by the Observatory's criteria; 100 are an A+", worst, f"{len(answers)} answers")
    assert wrong == set()
    assert [name for name, response in answers if signed_in(response) and b"/logout/" not in response.content] == []
    assert {grade.grade(response) for _, response in answers} == {"A+"}


def test_plain_http_leads_to_the_same_host_by_https(hall, https):
    answer = hall.ask("ana", "GET", "/today/", **{"wsgi.url_scheme": "http"})
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/today/")


COSTLY = {  # what is left of a page's grade where one thing is missing or too wide
    "Content-Security-Policy": (None, "B"),
    "Strict-Transport-Security": (None, "B+"),
    "Access-Control-Allow-Origin": ("*", "C"),
    "Cross-Origin-Resource-Policy": ("cross-origin", "B+"),
}
CHEAP = {"Referrer-Policy": ("unsafe-url", "A+"), "X-Content-Type-Options": (None, "A+")}  # points, and no letter yet


@pytest.mark.engineless
def test_control_a_header_that_is_dropped_costs_points_and_the_grade(hall, https):
    for header, (value, left) in (COSTLY | CHEAP).items():
        page = ask(hall, "ana", "GET", "/today/")
        before = grade.score(page)
        del page[header]
        if value:
            page[header] = value
        assert before >= 100
        assert grade.score(page) < before, header
        assert grade.grade(page) == left, header


@pytest.mark.engineless
def test_control_without_the_policy_the_site_has_no_a_plus(hall, settings, https):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("csp.")]
    hall.handler = ClientHandler(enforce_csrf_checks=False)
    assert grade.grade(ask(hall, "ana", "GET", "/today/")) == "B"


def test_control_what_is_missing_or_written_into_a_page_is_found():
    assert "default-src" in faults(HttpResponse("x"))
    for page in (
        '<p onclick="x()">',
        "<style>p{}</style>",
        '<p style="x">',
        "<script>x()</script>",
        '<a href="javascript:x">',
    ):
        assert written_into(HttpResponse(page)), page
    assert written_into(HttpResponse('<script src="/x.js" defer></script><p class="onward">')) == []


@pytest.mark.asvs("V3.3.2", "V3.3.4")
def test_cookies_go_nowhere_else_and_no_script_reads_a_session(client, ana):
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": ana.email, "password": PASSWORD})
    cookies = client.cookies
    assert {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, COOKIE} <= {*cookies}
    assert {cookie["samesite"] for cookie in cookies.values()} <= {"Lax", "Strict"}
    assert {name for name, cookie in cookies.items() if not cookie["httponly"]} == {settings.CSRF_COOKIE_NAME}
