"""When access ends, everything still at hand ends with it: open tabs, chart data, lists, messages, queued mail, sheets
to print, tokens, links, calendars, and files on their way.
"""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from diary.actions import accounts, consents, flags, leaving, links, notifications, people, shares, tokens
from diary.actions.handovers import PATIENTS_CHOOSE
from diary.models import Link, Message, Note, Notification, Step, TreatmentSession, User
from diary.views import exports
from tests.security.test_matrix import ask, said
from tests.world import address

pytestmark = pytest.mark.django_db
READERS = ["paula", "cover"]  # who stands in for Paula reads by her share
PAGES = ["review-show", *(f"patients-{page}" for page in ("show", "data", "report", "record", "summary", "messages"))]
LISTS = ["worklist-show", "patients-list", "messages-list", "rates-show", "departures-list", "sandbox-show"]
BY_TOKEN = [("shared", f"shared-{what}") for what in ("diary", "entries", "flags")] + [("flags", "api-flags")]
OWN = "notes-amend", "notes-withdraw"  # changed by who wrote it alone


def forms(now):
    """Return what stands typed in tabs that were opened before, by the page that it is sent to."""
    return {
        "patients-record": {
            "id": uuid4(),
            "when": "pick",
            "ended": f"{now - timedelta(hours=2):%Y-%m-%dT%H:%M}",
            "pain_before": 4,
            "pain_after": 3,
        },
        "patients-messages": {"id": uuid4(), "body": "still here"},
        "patients-note": {"id": uuid4(), "body": "still here"},
        "notes-amend": {"body": "still here"},
        "notes-withdraw": {},
        "review-handle": {"outcome": "contacted", "note": "still here"},
    }


def at_hand(hall, person, now):
    """Return what still gets a person something of Ana's diary; nothing that is tried here stays."""
    still = []
    for page in PAGES:
        answer = ask(hall, person, "GET", place(hall, page))
        still += [page] if said(answer) not in {"404", "login"} or words_of_ana(hall, answer) else []
    for page, typed in forms(now).items():
        if person == "paula" or page not in OWN:
            answer = ask(hall, person, "POST", place(hall, page), urlencode(typed).encode())
            still += [f"POST {page}"] if said(answer) not in {"404", "login"} else []
    for page in LISTS:
        answer = ask(hall, person, "GET", address(page))
        still += [page] if words_of_ana(hall, answer) or b"Ana Alves" in answer.content else []
    return still + printed(hall, person) + by_token(hall, person) + mails(hall.people[person], now)


def printed(hall, person):
    answer = ask(hall, person, "GET", f"{place(hall, 'patients-report')}?pdf=1")
    return ["a sheet to print"] if said(answer) not in {"404", "login"} else []


def by_token(hall, person):
    """Return the addresses for programs at which a token of a reader still gives something of Ana's diary."""
    still, ana = [], hall.people["ana"]
    for scope, name in BY_TOKEN:
        url = reverse(name, args=[ana.pk] if name.startswith("shared-") else [])
        answer = hall.ask("nobody", "GET", url, HTTP_AUTHORIZATION=f"Bearer {hall.secrets[person, scope]}")
        gone = answer.status_code != 200 or (name == "api-flags" and str(hall.urgent.pk).encode() not in answer.content)
        still += [] if gone else [name]
    return still


def place(hall, page):
    """Return the address of a page; of one about a flag, of the flag that waits."""
    return address(page, hall.urgent if page.startswith("review") else hall.things[page.partition("-")[0]])


def words_of_ana(hall, answer):
    return {word for word in hall.heard(answer) if hall.words[word].whose == "ana"}


def mails(person, now):
    """Return the kinds of message about Ana's diary that the worker would hand over now."""
    handed, later = [], now + timedelta(days=3)
    with transaction.atomic():
        for row in Notification.objects.filter(recipient=person, kind__in=["urgent", "message"], sent_at=None):
            handed += [row.kind] if notifications.deliver(row, now=later) else []
        transaction.set_rollback(True)
    return sorted(set(handed))


def token(person, scope):
    return tokens.add(by=person, now=timezone.now(), name="watch", scope=scope, lasts=timedelta(days=1))


@pytest.fixture
def queued(hall, paula, now):
    """Something urgent waits again, and its mail and one about a message have not gone out."""
    flags.reopen(by=paula, now=now, flag=hall.urgent)
    hall.urgent.refresh_from_db()
    for name in READERS:
        notifications.queue(to=hall.people[name], kind="urgent", key=uuid4(), flag=hall.urgent, now=now)
    hall.secrets = {(name, scope): token(hall.people[name], scope) for name in READERS for scope in ("shared", "flags")}
    return hall


ENDINGS = {
    "the share is ended": lambda hall, now: shares.revoke(by=hall.people["ana"], now=now, share=hall.things["shares"]),
    "the agreement is taken back": lambda hall, now: consents.withdraw(by=hall.people["ana"], now=now),
    "the account is closed": lambda hall, now: accounts.deactivate(
        by=hall.people["admin"], now=now, user=hall.people["paula"], handover=PATIENTS_CHOOSE
    ),
    "the role is another": lambda hall, now: people.change_role(
        by=hall.people["admin"], now=now, user=hall.people["paula"], role="admin", handover=PATIENTS_CHOOSE
    ),
}


def rows():
    return {model.__name__: model.objects.count() for model in (Message, Note, Step, TreatmentSession)}


OF_THE_READER_ALONE = {"the account is closed", "the role is another"}
"""Who stands in reads on then, where the patient allows it: that is what standing in is for."""


@pytest.mark.asvs("V8.2.2")
@pytest.mark.parametrize("ending", ENDINGS)
def test_all_that_was_at_hand_ends_at_once(ending, queued, now, figure):
    readers = READERS[:1] if ending in OF_THE_READER_ALONE else READERS
    ENDINGS[ending](queued, now)
    queued.people["paula"].refresh_from_db()
    before = rows()
    still = {person: at_hand(queued, person, now) for person in readers}
    tried = len(readers) * (len(PAGES) + len(LISTS) + len(forms(now)) + len(BY_TOKEN) + 3)
    figure(f"things at hand that go on after {ending}", sum(map(len, still.values())), f"{tried} tried")
    assert [*still.values()] == [[]] * len(readers)
    assert rows() == before


def test_control_before_it_ends_all_of_it_is_at_hand(queued, now, figure):
    """Nothing above is refused for another reason: of each thing that is tried, something comes while it may."""
    still = at_hand(queued, "paula", now)
    figure("control: things at hand while the diary is shared", len(still), "for one practitioner")
    assert {*PAGES, *(f"POST {page}" for page in forms(now)), "message", "urgent"} <= set(still)
    assert {"worklist-show", "patients-list", "messages-list", "a sheet to print"} <= set(still)
    assert {name for _, name in BY_TOKEN} <= set(still)


def test_control_a_share_that_does_not_end_is_noticed(queued, now, monkeypatch):
    monkeypatch.setattr(shares, "revoke", lambda **said: None)
    ENDINGS["the share is ended"](queued, now)
    assert at_hand(queued, "cover", now) != []


def test_nothing_of_another_diary_is_sent_while_it_is_made(queued):
    """Pages, data and sheets of another's diary are made within their request: none is still on its way afterwards."""
    answers = [ask(queued, "paula", "GET", place(queued, page)) for page in (*PAGES, "patients-report")]
    assert not any(answer.streaming for answer in answers)
    assert {answer.status_code for answer in answers} == {200}


# What a patient gave out, and takes along


def close(hall, now):
    accounts.deactivate(by=hall.people["admin"], now=now, user=hall.people["ana"])


def erase(hall, now):
    leaving.erase(by=User.objects.get(pk=hall.people["ana"].pk), now=now)


GIVEN_OUT = {
    "the link is ended": (lambda hall, now: links.revoke(by=hall.people["ana"], now=now, link=link(hall)), {"link"}),
    "the agreement is taken back": (ENDINGS["the agreement is taken back"], {"link"}),
    "the account is closed": (close, {"link", "calendar", "token"}),
    "the diary is deleted": (erase, {"link", "calendar", "token"}),
}


def link(hall):
    return Link.objects.get(pk=hall.things["links"].pk)


def opened(hall, secret):
    """Return what that a patient gave out opens something."""
    asked = {
        "link": hall.ask("anonymous", "POST", "/shared/", f"key={hall.things['links'].token}".encode()),
        "calendar": hall.ask("anonymous", "GET", address("calendar-show", hall.things["calendar"])),
        "token": hall.ask("nobody", "GET", reverse("api-diary"), HTTP_AUTHORIZATION=f"Bearer {secret}"),
    }
    return {name for name, answer in asked.items() if answer.status_code == 200}


@pytest.mark.parametrize("ending", GIVEN_OUT)
def test_what_a_patient_gave_out_opens_nothing_more(ending, hall, now, tmp_path, settings, figure):
    settings.ERASED_LIST = tmp_path / "erased.list"
    secret = token(hall.people["ana"], "own")
    assert opened(hall, secret) == {"link", "calendar", "token"}
    end, ended = GIVEN_OUT[ending]
    end(hall, now)
    still = opened(hall, secret)
    figure(f"things given out that open something after {ending}", len(still & ended), f"of {len(ended)}")
    assert still == {"link", "calendar", "token"} - ended


ON_ITS_WAY = {
    "the account is closed": close,
    "the diary is deleted": erase,
    "every session is ended": lambda hall, now: accounts.end_sessions(hall.people["ana"]),
}


@pytest.fixture
def begun(form, hall, monkeypatch, tmp_path, settings):
    """A file of Ana's diary, of which the first part is with her."""
    settings.ERASED_LIST = tmp_path / "erased.list"
    monkeypatch.setattr(exports, "PIECES", 1)
    answer = hall.ask("ana", "POST", "/exports/take/", f"form={form}".encode())
    rest = filter(None, answer.streaming_content)
    assert next(rest)
    return rest


@pytest.mark.parametrize(
    ("form", "ending"),
    [
        *(("csv", ending) for ending in ON_ITS_WAY),
        *((form, "the account is closed") for form in ("fhir", "json", "html")),
    ],
)
def test_a_file_on_its_way_breaks_off(ending, begun, hall, now):
    ON_ITS_WAY[ending](hall, now)
    with pytest.raises(leaving.BrokenOff):
        next(begun)


@pytest.mark.parametrize("form", ["csv"])
def test_control_a_file_on_its_way_arrives_where_nothing_ends(begun, hall, now):
    shares.revoke(by=hall.people["ana"], now=now, share=hall.things["shares"])
    assert b"zq" in b"".join(begun)
