"""The access table, cell by cell, and that it is complete.

Each cell through a browser of its own takes minutes: by default the same cells, and those of six people more, are asked
in `tests/security/test_matrix.py`, and a door left open in `tests/security/test_gates.py`.
"""

import re
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from diary import urls
from diary.models import Entry, Flag, Invitation, Share, TreatmentSession
from tests.people import NOW
from tests.security.test_matrix import ask
from tests.world import CANARY, HEADER, ROWS, address

pytestmark = pytest.mark.django_db

PEOPLE = HEADER[2:]
YEAR = timedelta(days=365)


def answer(request, name, method, person, url):
    """Return what a person gets, and leave the world as it was."""
    client = Client()
    if person != "anonymous":
        client.force_login(request.getfixturevalue(person))
    with transaction.atomic():
        response = client.get(url) if method == "GET" else client.post(url)
        transaction.set_rollback(True)
    return response


def said(response):
    to_login = response.status_code == 302 and response["Location"].startswith("/accounts/login/")
    to_login |= response.status_code == 401 and b'name="password"' in response.content  # with what was typed
    return "login" if to_login else str(response.status_code)


@pytest.mark.full
@pytest.mark.parametrize(("name", "method", "expected"), [(row[0], row[1], row[2:]) for row in ROWS])
def test_every_cell(name, method, expected, world, request):
    """Each person gets what the table says, and nobody but Ana and Paula a canary of Ana's diary."""
    url = address(name, world.get(name.partition("-")[0]))
    answers = {person: answer(request, name, method, person, url) for person in PEOPLE}
    assert {person: said(response) for person, response in answers.items()} == dict(zip(PEOPLE, expected, strict=True))
    sung = {
        person for person, response in answers.items() if CANARY in response.content.decode() + str(response.headers)
    }
    assert sung <= {"ana", "paula"}


OBJECTS = sorted({row[0] for row in ROWS if "404" in row[2:]} & {
    pattern.name for pattern in urls.urlpatterns if pattern.pattern.converters
})  # fmt: skip


@pytest.mark.engineless
@pytest.mark.asvs("V8.2.2")
def test_a_foreign_row_and_a_missing_one_are_the_same_bytes(hall, figure):
    told, compared = [], 0
    for name in OBJECTS:
        thing, method = hall.things[name.partition("-")[0]], next(row[1] for row in ROWS if row[0] == name)
        pk = uuid4() if isinstance(thing.pk, UUID) else thing.pk + 10_000
        missing = address(name, SimpleNamespace(pk=pk, observed_at=NOW - YEAR))
        for person in PEOPLE[1:]:
            foreign = ask(hall, person, method, address(name, thing))
            if foreign.status_code == 404:
                unknown = ask(hall, person, method, missing)
                compared += 1
                told += [] if same(foreign, unknown) else [f"{name} {person}"]
    figure("foreign rows that are answered otherwise than missing ones", len(told), compared)
    assert compared > 3 * len(OBJECTS)
    assert told == []


def same(foreign, unknown):
    return unknown.status_code == 404 and unmasked(foreign.content) == unmasked(unknown.content)


def test_control_a_foreign_row_that_is_told_apart_is_noticed():
    assert not same(HttpResponse("no such entry", status=404), HttpResponse("not yours", status=404))
    assert not same(HttpResponse("no such entry", status=404), HttpResponse("no such entry", status=403))
    assert same(HttpResponse(MASKED % b"a"), HttpResponse(MASKED % b"b", status=404))


MASKED = b'<input name="csrfmiddlewaretoken" value="%s">'


def unmasked(content):
    """Django masks the CSRF token anew each time; everything else is compared."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", content)


@pytest.mark.asvs("V8.1.1")
def test_every_page_has_its_rows():
    listed = {row[0] for row in ROWS}
    served = {pattern.name for pattern in urls.urlpatterns}
    assert served - listed == set()
    assert listed - served == set()


def test_every_row_is_written_once():
    assert all(one[:2] != other[:2] for one, other in pairwise(sorted(ROWS)))


# Controls: with one door left open, the table must turn red.

GATES = {
    "visible_entries": ("entries-show", "GET", Entry),
    "visible_sessions": ("sessions-show", "GET", TreatmentSession),
    "visible_flags": ("flags-show", "GET", Flag),
    "visible_shares": ("shares-revoke", "POST", Share),
    "visible_invitations": ("invitations-revoke", "POST", Invitation),
}


@pytest.mark.full
@pytest.mark.parametrize("gate", GATES)
def test_an_open_gate_is_noticed(gate, world, request, monkeypatch):
    name, method, model = GATES[gate]
    module = __import__(f"diary.views.{name.partition('-')[0]}", fromlist=["x"])
    monkeypatch.setattr(module, gate, lambda user, now: model.objects.all())
    monkeypatch.setattr("diary.permissions.require", lambda allowed: None)
    person = "remy" if name.startswith("invitations") else "ben"
    url = address(name, world[name.partition("-")[0]])
    assert said(answer(request, name, method, person, url)) != "404"
