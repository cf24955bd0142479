"""When access ends, everything still at hand ends with it: open tabs, chart data, lists, messages, queued mail."""

from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.db import transaction

from diary import notices
from diary.actions import accounts, consents, flags, notifications, people, shares
from diary.actions.handovers import PATIENTS_CHOOSE
from diary.models import Message, Note, Notification, Step, TreatmentSession
from tests.security.test_matrix import ask, heard, said
from tests.world import address

pytestmark = pytest.mark.django_db
READERS = ["paula", "cover"]  # who stands in for Paula reads by her share
PAGES = ["review-show", *(f"patients-{page}" for page in ("show", "data", "report", "record", "summary", "messages"))]
LISTS = ["worklist-show", "patients-list", "messages-list", "rates-show", "departures-list", "sandbox-show"]
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
    return still + mails(hall.people[person], now)


def place(hall, page):
    """Return the address of a page; of one about a flag, of the flag that waits."""
    return address(page, hall.urgent if page.startswith("review") else hall.things[page.partition("-")[0]])


def words_of_ana(hall, answer):
    return {word for word in heard(answer) if hall.words[word][0] == "Ana Alves"}


def mails(person, now):
    """Return the kinds of message about Ana's diary that the worker would hand over now."""
    handed, later = [], now + timedelta(days=3)
    with transaction.atomic():
        for row in Notification.objects.filter(recipient=person, kind__in=["urgent", "message"], sent_at=None):
            handed += [row.kind] if notifications.deliver(row, notices.compose, now=later) else []
        transaction.set_rollback(True)
    return sorted(set(handed))


@pytest.fixture
def queued(hall, log, ana, paula, now):
    """Something urgent waits again, and its mail and one about a message have not gone out."""
    flags.reopen(by=paula, now=now, flag=hall.urgent)
    hall.urgent.refresh_from_db()
    for name in READERS:
        notifications.queue(to=hall.people[name], kind="urgent", key=uuid4(), flag=hall.urgent, now=now)
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
    tried = len(readers) * (len(PAGES) + len(LISTS) + len(forms(now)) + 2)
    figure(f"things at hand that go on after {ending}", sum(map(len, still.values())), f"{tried} tried")
    assert [*still.values()] == [[]] * len(readers)
    assert rows() == before


def test_control_before_it_ends_all_of_it_is_at_hand(queued, now, figure):
    """Nothing above is refused for another reason: of each thing that is tried, something comes while it may."""
    still = at_hand(queued, "paula", now)
    figure("control: things at hand while the diary is shared", len(still), "for one practitioner")
    assert {*PAGES, *(f"POST {page}" for page in forms(now)), "message", "urgent"} <= set(still)
    assert {"worklist-show", "patients-list", "messages-list"} <= set(still)


def test_control_a_share_that_does_not_end_is_noticed(queued, now, monkeypatch):
    monkeypatch.setattr(shares, "revoke", lambda **said: None)
    ENDINGS["the share is ended"](queued, now)
    assert at_hand(queued, "cover", now) != []
