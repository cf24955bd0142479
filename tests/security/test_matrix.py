"""Every address, every method, everybody: what the table says, and no word of a diary to whom it is not for.

Beside the eight people of the table: who stands in for Paula, whose credential ran out, whose share ran out, who reads
Ben's diary without notes and intake, whose account was closed, and who has no second step.
"""

import logging
from urllib.parse import quote

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from diary import notices, urls
from diary.models import User
from tests.security import canaries
from tests.security.canaries import SUNG, heard_in, told
from tests.security.entrance import ENTRANCE
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
    "given-amend",
    "given-withdraw",
    "given-restore",
}
WRITTEN_BY = {"notes-amend", "notes-withdraw", "notes-restore"}  # read by the practice, changed by who wrote it
REFUSED = ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
HELD = {"links-offer", "links-read", "calendar-show", "reminders-stop"}  # opened by the secret in their address
FORMS = ["json", "html", "csv", "fhir"]
LOG_FORM = {"today-show", "entries-add"}  # what was typed there comes back on Back, without scripts too (ADR 29)


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


def may_hear(hall, person, word):
    return person in hall.words[word].may


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
    """Ask what is chosen of everybody; return how many were asked, what differs and who heard what."""
    asked, wrong, heard_by = 0, [], {}
    for name, whose, url in addresses(hall):
        for method, person in chosen(name):
            response = ask(hall, person, method, url)
            asked += 1
            wrong += listened(hall, response, (method, name, person), heard_by)
            if whose == "world" and said(response) not in expected(name, method, person):
                wrong.append(f"{method} {name} {person}: {said(response)} for {expected(name, method, person)}")
    return asked, wrong, heard_by


def listened(hall, response, cell, heard_by):
    """Note where each word of an answer was first heard by whom; return what is wrong with how it may be kept."""
    method, name, person = cell
    words, kept = hall.heard(response), response.get("Cache-Control", "")
    for word in words:
        holds = name in HELD and not may_hear(hall, person, word)
        heard_by.setdefault(("holder" if holds else person, word), name)
    stays = "private, no-cache" if name in LOG_FORM and person in OWNERS else "no-store"
    return [f"{method} {name} {person}: may be kept by the browser"] if words and stays not in kept else []


def of_libraries(hall, people):
    """Ask the pages that come with a library; no row of the table says what they are."""
    account = f"/admin/diary/user/{hall.people['ana'].pk}"
    for url in (*ENTRANCE, f"{account}/change/", f"{account}/history/"):
        for person in people:
            yield (("GET", url, person), ask(hall, person, "GET", url))


def sent(hall, people):
    """Ask for what a form gives: the export in each of its forms, the sheet behind a link."""
    for person in people:
        for form in FORMS:
            body = f"form={form}".encode()
            yield (("POST", "exports-take", person), ask(hall, person, "POST", "/exports/take/", body))
    key = f"key={hall.things['links'].token}".encode()
    yield (("POST", "links-read", "anonymous"), ask(hall, "anonymous", "POST", "/shared/", key))


@pytest.mark.asvs("V8.2.1", "V8.2.2", "V8.2.3", "V8.4.1", "V13.4.5", "V14.2.2", "V15.3.1")
@pytest.mark.parametrize("chosen", [brief, pytest.param(thorough, marks=pytest.mark.full)])
def test_nobody_gets_anything_of_a_diary_that_is_not_theirs_to_read(chosen, hall, figure, caplog):
    caplog.set_level(logging.INFO)
    asked, wrong, heard_by = walked(hall, chosen)
    people = EVERYBODY if chosen is thorough else ["anonymous", "ana", "admin"]
    for cell, response in (*of_libraries(hall, people), *sent(hall, [*people, "ben"])):
        asked += 1
        wrong += listened(hall, response, cell, heard_by)
    leaks = sorted(
        {(who, page, *hall.words[word][:2]) for (who, word), page in heard_by.items() if not may_hear(hall, who, word)}
    )
    count = f"{len(hall.words)} words in {len({sung.field for sung in hall.words.values()})} fields"
    figure("cells of the access matrix that differ", len(wrong), f"{asked} cells, {len(EVERYBODY)} people")
    figure("words that reached somebody else", len(leaks), f"{asked} answers, {count}")
    assert wrong == []
    assert "\n".join(map(str, leaks)) == ""
    assert heard_in(caplog.text, hall.words) == set()
    heard = {hall.words[word].field for _, word in heard_by}
    assert {name for name, circles in SUNG.items() if circles != "nobody"} - heard == set()


# Mails


def mailed(hall):
    """Yield each mail that can leave, to everybody, as it goes over the line, without the address it goes to."""
    people = [*User.objects.filter(pk__in=[person.pk for person in hall.people.values()])]
    for row in told(people, notices.KINDS, hall.urgent, {"credential": f"{hall.people['paula'].pk} 2030-01-01 30"}):
        made = notices.compose(row, timezone.now())
        yield {"hook": hook_body, "push": shown_by_a_browser}.get(row.kind, over_the_line)(made)
    for person in people:
        ask(hall, "anonymous", "POST", "/accounts/password/reset/", f"email={quote(person.email)}".encode())
    yield from map(over_the_line, mail.outbox)


def hook_body(call):
    return call.body.decode()


def shown_by_a_browser(push):
    return push.text.decode()


def over_the_line(message):
    """Return a mail as it is sent, without the address of whom it is for: that has to stand in it."""
    (to,) = message.to
    return (message.message().as_string() + message.body).replace(to, "")


def test_no_mail_holds_a_word(hall, figure):
    mails = [*mailed(hall)]
    leaks = {hall.words[word] for said in mails for word in heard_in(said, hall.words)}
    figure("words in mails and their headers", len(leaks), f"{len(mails)} mails, {len(hall.words)} words")
    assert len(mail.outbox) >= len(HEADER[2:])
    assert leaks == set()


# Every field sings, and a page that says too much is heard


@pytest.mark.asvs("V8.1.2")
def test_every_field_sings_or_says_why_not(hall, figure):
    sung = {word.field for word in hall.words.values()}
    known = {canaries.label(field) for field in canaries.columns()}
    figure("fields without a word and without a reason", len(canaries.unsung()), f"{len(sung)} sing of {len(known)}")
    assert canaries.unsung() == set()
    assert set(SUNG) - sung == set()
    assert {*SUNG, *canaries.CANNOT} - known == set()
    assert set(SUNG) & set(canaries.CANNOT) == set()


def test_control_a_field_that_nobody_decided_about_is_found(monkeypatch):
    monkeypatch.delitem(SUNG, "diary.Message.body")
    monkeypatch.delitem(canaries.CANNOT, "diary.Entry.zone")
    assert canaries.unsung() == {"diary.Message.body", "diary.Entry.zone"}


SAYS_TOO_MUCH = "{{ patient.email }} {{ patient.password }} {{ patient.tokens.first.name }}"


def test_control_a_page_that_says_too_much_is_heard(hall, settings, tmp_path):
    """One template shows an address, a password's hash and the name of an app to who reads the diary."""
    page = tmp_path / "patients" / "summary.html"
    page.parent.mkdir()
    written = (settings.BASE_DIR / "templates/patients/summary.html").read_text()
    page.write_text(written.replace("{% endblock %}", SAYS_TOO_MUCH + "{% endblock %}"))
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [engine | {"DIRS": [tmp_path, *engine["DIRS"]]}]
    answer = ask(hall, "paula", "GET", address("patients-summary", hall.people["ana"]))
    leaks = {hall.words[word].field for word in hall.heard(answer) if not may_hear(hall, "paula", word)}
    assert leaks == {"diary.User.email", "diary.User.password", "diary.Token.name"}
