"""Every address, every method, everybody: what the table says, and no word of a diary to whom it is not for.

Beside the eight people of the table: who stands in for Paula, whose credential ran out, whose share ran out, who reads
Ben's diary without notes and intake, whose account was closed, and who has no second step.
"""

import logging
import re
from collections import Counter

import pytest
from django.db import transaction

from diary import urls
from tests.world import HEADER, ROWS, address

pytestmark = pytest.mark.django_db

NAMES = [pattern.name for pattern in urls.urlpatterns]
TABLE = {(row[0], row[1]): dict(zip(HEADER[2:], row[2:], strict=True)) for row in ROWS}
LIKE = {  # what the table says of these is said of those
    "cover": "paula",
    "expired": "newcomer",
    "lapsed": "remy",
    "narrow": "remy",
    "deactivated": "anonymous",
    "stepless": "stepless",
}
EVERYBODY = [*HEADER[2:], *LIKE]
OWN = {
    "alerts-show",
    "alerts-confirm",
    "invitations-show",
    "invitations-revoke",
    "invitations-resend",
    "hours-back",
    "departures-close",
}
WRITTEN_BY = {"notes-amend", "notes-withdraw", "notes-restore"}  # read by the practice, changed by who wrote it
REFUSED = ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
WORD = re.compile(r"zq\d{4}qz")


def expected(name, method, person):
    """Return what the table says that a person gets; of a method without a row, what a closed door may say."""
    row = TABLE.get((name, method))
    if row is None:
        shut = {"404", "405", "login", "step"}
        return shut | expected(name, "GET", person) if (name, "GET") in TABLE else shut
    if person == "stepless":
        return {"step"} if row["anonymous"] == "login" else {row["remy"]}
    if person == "cover" and name in OWN | WRITTEN_BY:
        return {"404"} if name in OWN else {"403"}
    return {row.get(person) or row[LIKE[person]]}


def said(response):
    """Name an answer as the table does."""
    where = response.get("Location", "")
    if response.status_code == 302 and where.startswith("/accounts/2fa/"):
        return "step"
    if where.startswith("/accounts/login/") or (response.status_code == 401 and b'name="password"' in response.content):
        return "login"
    return str(response.status_code)


def ask(hall, person, method, url, body=b"", **headers):
    """Return what a person gets, and leave the world as it was."""
    with transaction.atomic():
        response = hall.ask(person, method, url, body, **headers)
        transaction.set_rollback(True)
    return response


def heard(response):
    """Return the words of diaries in an answer, its headers and cookies."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return set(WORD.findall(body.decode(errors="replace") + str(response.headers) + str(response.cookies)))


# Whose words are whose: by diary and by what the word is in


ALL = {"Entry", "TreatmentSession", "Intake", "Message", "Note", "Step", "Amendment"}
READ = {"Entry", "TreatmentSession", "Amendment"}
MAY = {
    "Ana Alves": {
        "ana": READ | {"Intake", "Message"},
        "paula": ALL,
        "cover": READ | {"Intake", "Message", "Note", "Step"},
    },
    "Ben Braun": {"ben": READ | {"Intake", "Message"}, "narrow": {"TreatmentSession", "Message", "Note", "Step"}},
}


def may_hear(person, word, words):
    whose, what, _ = words[word]
    return what in MAY[whose].get(person, set())


@pytest.mark.asvs("V13.4.4")
def test_a_method_that_no_page_takes_is_refused_to_everybody_alike(hall, figure):
    answers = [
        (response.status_code, response.content)
        for _, _, url in addresses(hall)
        for method in REFUSED
        for person in ("anonymous", "ana", "remy")
        for response in [hall.ask(person, method, url)]
    ]
    figure("answers to methods that no page takes, but for 405", sum(a != (405, b"") for a in answers), len(answers))
    assert set(answers) == {(405, b"")}


def addresses(hall):
    """Yield each address of each diary, and the flag that somebody has noted something about."""
    yield "review-show", "others", address("review-show", hall.urgent)
    for name in NAMES:
        folder = name.partition("-")[0]
        yield name, "world", address(name, hall.things.get(folder))
        if folder in hall.others and address(name, hall.others[folder]) != address(name, hall.things.get(folder)):
            yield name, "others", address(name, hall.others[folder])


def thorough(name):
    """Yield every method for everybody."""
    return [(method, person) for method in ("GET", "POST", "HEAD") for person in EVERYBODY]


SIGNED_OUT = {"deactivated", "stepless"}  # stopped before any page, whatever the method
OWNERS = {"ana", "ben"}  # on their own device they go back and forth
ONE_OF_A_ROLE = {"remy", "former", "newcomer", *LIKE}


def brief(name):
    """Yield the table's methods for its people; of the practitioners Paula alone where the page is shut to her.

    What is left out is asked under --full: one decorator shuts a page of another role to all of a role.
    """
    for method in ("GET", "POST"):
        row = TABLE.get((name, method), {})
        for person in EVERYBODY if row or method == "GET" else ():
            shut = row.get("paula", "404") == "404" == row.get(person, "404")
            if not (shut and person in ONE_OF_A_ROLE) and not (method == "POST" and person in SIGNED_OUT):
                yield method, person


def walked(hall, chosen):
    """Ask what is chosen of everybody; return how many were asked, what differs and who heard what.

    What shows a word of somebody else's diary and lets the browser keep a copy differs too.
    """
    asked, wrong, heard_by = 0, [], Counter()
    for name, whose, url in addresses(hall):
        for method, person in chosen(name):
            response = ask(hall, person, method, url)
            asked += 1
            words = heard(response)
            heard_by.update((person, word) for word in words)
            if words and person not in OWNERS and "no-store" not in response.get("Cache-Control", ""):
                wrong.append(f"{method} {name} {person}: may be kept by the browser")
            if whose == "world" and said(response) not in expected(name, method, person):
                wrong.append(f"{method} {name} {person}: {said(response)} for {expected(name, method, person)}")
    return asked, wrong, heard_by


@pytest.mark.asvs("V8.2.1", "V8.2.2", "V8.4.1")
@pytest.mark.parametrize("chosen", [brief, pytest.param(thorough, marks=pytest.mark.full)])
def test_nobody_gets_anything_of_a_diary_that_is_not_theirs_to_read(chosen, hall, figure, caplog):
    caplog.set_level(logging.INFO)
    asked, wrong, heard_by = walked(hall, chosen)
    leaks = [(person, *hall.words[word]) for person, word in heard_by if not may_hear(person, word, hall.words)]
    figure("cells of the access matrix that differ", len(wrong), f"{asked} cells, {len(EVERYBODY)} people")
    figure("words of a diary that reached somebody else", len(leaks), f"{asked} answers, {len(hall.words)} words")
    assert wrong == []
    assert leaks == []
    assert WORD.findall(caplog.text) == []
    heard_at_all = {word for _, word in heard_by}
    assert {hall.words[word] for word in hall.words if word not in heard_at_all} == set()
