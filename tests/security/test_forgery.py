"""No form is taken without its token, but for two that are told why."""

import pytest
from django.conf import settings
from django.db import transaction
from django.test import RequestFactory
from django.test.client import ClientHandler

from tests.security.asked import few_and_all, let_in
from tests.security.entrance import ENTRANCE
from tests.security.hall import asked_by
from tests.security.test_matrix import NAMES
from tests.world import ROWS, address

pytestmark = pytest.mark.django_db
POSTS = [row[0] for row in ROWS if row[1] == "POST"]

EXEMPT = {
    "reminders-stop": "a mail program posts here by itself (RFC 8058); its link is the proof, and it only switches off",
    "cards-show": "a program asks with a token; no cookie opens it (test_programs.py)",
}


def as_served():
    """Return the site as it is served; the test client's own lets forms without a token pass."""
    return ClientHandler(enforce_csrf_checks=True)


def tokenless(hall, person, url, site):
    """Send a form as another site would."""
    told = "; ".join(f"{key}={morsel.value}" for key, morsel in hall.cookies.get(person, {}).items())
    headers = {"HTTP_COOKIE": told, "HTTP_ORIGIN": "https://evil.example"}
    headers |= {"wsgi.url_scheme": "https"} if settings.SECURE_SSL_REDIRECT else {}
    with transaction.atomic():
        response = site(RequestFactory()._base_environ(**asked_by("POST", url, b"a=b"), **headers))
        transaction.set_rollback(True)
    return response


def accepted(hall, names, asked):
    """Return the pages that take a form without a token, and how many were sent."""
    site, taken, sent = as_served(), set(), 0
    for name in names:
        url = name if name.startswith("/") else address(name, hall.things.get(name.partition("-")[0]))
        for person in asked(name):
            sent += 1
            taken |= {name} if tokenless(hall, person, url, site).status_code != 403 else set()
    return taken, sent


@pytest.mark.engineless
@pytest.mark.asvs("V3.5.1")
@few_and_all
def test_no_form_is_taken_without_its_token(asked, hall, figure):
    names = [*NAMES, *ENTRANCE]
    taken, sent = accepted(hall, names, asked)
    figure("forms taken without a token", len(taken - set(EXEMPT)), f"{sent} sent to {len(names)} pages")
    assert taken == set(EXEMPT)


@pytest.mark.engineless
def test_control_without_the_check_forms_are_taken(hall, monkeypatch, figure):
    """The site is built after the check is taken out: one that was built before keeps it."""
    monkeypatch.setattr("django.middleware.csrf.CsrfViewMiddleware.process_view", lambda *args: None)
    taken, _ = accepted(hall, POSTS, let_in)
    figure("control: forms taken where the token is not asked for", len(taken), f"of {len(POSTS)}")
    assert set(POSTS) - taken == {"review-undo"}  # in this world nobody has a step to take back: 403 all the same
