"""What cannot be done gives back what was typed: a lost token, a database out of reach, a full disk, a mistake."""

import errno
import re
from uuid import uuid4

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diary.models import Entry
from tests.people import PASSWORD
from tests.typed import given_back
from tests.views.test_today import text

WORDS = 'line one\r\nline two "quoted" </form><script>alert(1)</script>'
OURS = {"Origin": "http://testserver"}


def typed(**answers):
    return {"id": str(uuid4()), "pain": "6", "note": WORDS, "when": "now"} | answers


@pytest.fixture
def strict(ana):
    """Ana's browser as it is: with tokens checked, and pages in place of exceptions."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(ana)
    return client


@pytest.fixture
def lenient(ana):
    client = Client(raise_request_exception=False)
    client.force_login(ana)
    return client


# A token that is missing or has changed


@pytest.mark.parametrize("told", [OURS, {"Referer": "http://testserver/today/"}, {"Sec-Fetch-Site": "same-origin"}])
def test_a_form_without_its_token_is_given_back_with_a_fresh_one(strict, told):
    form = typed()
    page = strict.post("/entries/add/?from=today", form, headers=told)
    assert page.status_code == 403
    assert "What you typed is still here" in text(page)
    assert b"<script>alert" not in page.content
    action, fields = given_back(page)
    assert (action, fields["note"], fields["id"]) == ("/entries/add/?from=today", [WORDS], [form["id"]])
    assert strict.post(action, fields, headers=OURS).status_code == 302
    assert Entry.objects.get().note == WORDS.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "told", [{}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_a_form_of_another_site_is_not_made_ready_to_send(strict, told):
    page = strict.post("/entries/add/", typed(), headers=told)
    assert page.status_code == 403
    assert b"line two" not in page.content


def test_a_password_is_never_given_back(db):
    client = Client(enforce_csrf_checks=True)
    page = client.post("/accounts/login/", {"login": "ana@settle.example", "password": PASSWORD}, headers=OURS)
    assert page.status_code == 403
    assert PASSWORD.encode() not in page.content
    assert "you are asked for them again" in text(page)
    assert given_back(page)[1]["login"] == ["ana@settle.example"]


@pytest.mark.parametrize("name", ["password1", "password2", "oldpassword", "code", "credential", "recovery_code"])
def test_no_secret_of_the_entrance_is_given_back(db, name):
    client = Client(enforce_csrf_checks=True)
    page = client.post("/accounts/password/change/", {name: "canary"}, headers=OURS)
    assert b"canary" not in page.content


def test_a_script_is_told_in_json(strict, client):
    asked = {"Accept": "application/json"}
    lost = strict.post("/entries/add/", typed(), headers=asked)
    assert (lost.status_code, lost.json()) == (403, {"error": "token"})
    out = client.post("/entries/add/", typed(), headers=asked)
    assert (out.status_code, out.json()) == (401, {"error": "signed out"})


# A database out of reach


def lost(error):
    def refuse(execute, sql, params, many, context):
        raise error

    return refuse


@pytest.fixture
def without(lenient):
    """Return a function that sends a form while the database answers every statement with an error."""

    def send(error, form, **options):
        with connection.execute_wrapper(lost(error)):
            return lenient.post("/entries/add/", form, **options)

    return send


GONE = [
    OperationalError("connection refused"),
    OperationalError("database or disk is full"),
    OperationalError("attempt to write a readonly database"),
    InterfaceError("connection already closed"),
    OSError(errno.ENOSPC, "No space left on device"),
]


@pytest.mark.parametrize("error", GONE)
def test_a_database_out_of_reach_is_answered_503_with_what_was_typed(without, lenient, error):
    form = typed()
    page = without(error, form)
    assert (page.status_code, page["Retry-After"]) == (503, "30")
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert b"<script" not in page.content
    action, fields = given_back(page)
    assert (action, fields["note"]) == ("/entries/add/", [WORDS])
    assert not Entry.objects.exists()
    assert all(lenient.post(action, fields).status_code == 302 for _ in range(2))
    assert str(Entry.objects.get().pk) == form["id"]


def test_the_token_on_that_page_is_good_once_the_database_is_back(strict):
    token = given_back(strict.get("/entries/add/"))[1]["csrfmiddlewaretoken"][0]
    with connection.execute_wrapper(lost(OperationalError("gone"))):
        page = strict.post("/entries/add/", typed(csrfmiddlewaretoken=token), headers=OURS)
    assert page.status_code == 503
    action, fields = given_back(page)
    assert strict.post(action, fields, headers=OURS).status_code == 302


@pytest.mark.asvs("V16.5.3")
@pytest.mark.parametrize("statement", range(8))
def test_wherever_it_breaks_nothing_typed_is_lost(lenient, ana, treat, statement):
    """Each statement of logging an entry in turn is the one that fails."""
    count = 0

    def refuse(execute, sql, params, many, context):
        nonlocal count
        count += 1
        if count == statement + 1:
            raise OperationalError("gone")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        page = lenient.post("/entries/add/", typed())
    assert page.status_code in (503, 302)
    assert count > statement, "no such statement: nothing was tested"
    assert page.status_code == 302 or given_back(page)[1]["note"] == [WORDS]
    assert Entry.objects.exists() == (page.status_code == 302)


def test_a_page_asked_for_says_so_without_a_form(lenient):
    with connection.execute_wrapper(lost(OperationalError("gone"))):
        page = lenient.get("/today/")
    assert page.status_code == 503
    assert "The diary cannot be reached" in text(page)
    assert b"<form" not in page.content


def test_a_script_is_told_503_in_json(without):
    answer = without(OperationalError("gone"), typed(), headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json(), answer["Retry-After"]) == (503, {"error": "unavailable"}, "30")


@pytest.mark.asvs("V16.5.1")
def test_a_mistake_of_ours_gives_back_what_was_typed(without, lenient):
    """A bug is no outage: 500, and the text is there all the same."""
    page = without(ZeroDivisionError("a bug"), typed())
    assert page.status_code == 500
    assert "Retry-After" not in page
    assert given_back(page)[1]["note"] == [WORDS]


def test_counted_statements_are_those_of_the_test_above(lenient):
    """Control: logging takes more statements than `test_wherever_it_breaks` breaks."""
    with CaptureQueriesContext(connection) as counted:
        lenient.post("/entries/add/", typed())
    assert len(counted) >= 8


# Tried too often


@pytest.fixture
def too_often(client, db):
    """Return a function that sends a form until it is refused, and gives that answer."""

    def sent(page, fields):
        tries = (client.post(reverse(page), fields) for _ in range(30))
        return next(answer for answer in tries if answer.status_code == 429)

    return sent


def test_what_was_tried_too_often_is_kept_to_be_sent_again(too_often):
    answer = too_often("account_reset_password", {"email": "ana@settle.example"})
    page = answer.content.decode()
    assert 'name="email" value="ana@settle.example"' in page
    assert "after an hour at the latest" in page
    assert answer["Retry-After"] == "3600"
    assert 'name="code" value="WRNG-CODE"' in too_often("join-show", {"code": "WRNG-CODE"}).content.decode()


def test_too_often_says_the_same_of_an_address_that_nobody_has(too_often, ana):
    known, unknown = (
        too_often("account_reset_password", {"email": email}) for email in (ana.email, "x@settle.example")
    )
    assert without_token(known, ana.email) == without_token(unknown, "x@settle.example")


def without_token(answer, email):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode()).replace(email, "")
