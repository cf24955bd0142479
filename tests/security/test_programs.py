"""Every address of the interface, every scope, everybody's token: who gets what, and no word that is not theirs.

As `test_matrix.py` does it for pages. A token gives what its owner reads, of its scope, and never more.
"""

from collections import Counter
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from diary.actions import tokens
from diary.models import Token
from diary.permissions import scopes_of, visible_tokens
from tests.programs import held_against
from tests.security import gates
from tests.security.test_matrix import may_hear

pytestmark = pytest.mark.django_db

READS = {"ana": "ana", "ben": "ben", "paula": "ana", "cover": "ana", "narrow": "ben"}
OWN = ["api-diary", "api-entries", "api-sessions"]
SHARED = ["shared-diary", "shared-entries", "shared-sessions", "shared-flags"]
ALLOWED = {
    "own": {*OWN, "api-me", "api-flags"},
    "shared": {*SHARED, "shared-list", "api-me", "api-flags", "cards-show"},
}
ALLOWED["flags"] = {"api-me", "api-flags", "shared-flags", "cards-show"}


@pytest.fixture
def secrets(hall):
    """A token of each scope of everybody: of the deactivated and the stepless as well, made while they could."""
    made = {}
    for name, person in hall.people.items():
        kept = {"by": type(person).objects.get(pk=person.pk), "now": timezone.now(), "lasts": tokens.LONGEST}
        kept["by"].is_active = True
        for scope in scopes_of(person):
            made[name, scope] = tokens.add(name=scope, scope=scope, **kept)
    return made


def asked(hall):
    """Yield each address of each diary: its name, its method, whose it is, the address."""
    for name in ("api-me", *OWN, "api-flags", "shared-list"):
        yield name, "GET", None, reverse(name), b""
    for patient in ("ana", "ben"):
        pk = hall.people[patient].pk
        for name in SHARED:
            yield name, "GET", patient, reverse(name, args=[pk]), b""
        call = f'{{"hook": "patient-view", "context": {{"patientId": "{pk}"}}}}'.encode()
        yield "cards-show", "POST", patient, reverse("cards-show"), call


def expected(person, scope, name, patient, whom):
    """Return what the table of scopes says of one question."""
    if person in {"deactivated", "stepless"}:
        return 401 if person == "deactivated" else 403
    if (name.startswith(("shared", "cards")) and whom.is_patient) or (name in OWN and not whom.is_patient):
        return 404
    if name not in ALLOWED[scope]:
        return 403
    return 200 if patient in (None, READS.get(person)) else 404


def walked(hall, secrets):
    wrong, heard_by = [], Counter()
    for (person, scope), secret in secrets.items():
        for name, method, patient, url, body in asked(hall):
            answer = hall.ask("nobody", method, url, body, HTTP_AUTHORIZATION=f"Bearer {secret}")
            held_against(method.lower(), url, answer)
            due = expected(person, scope, name, patient, hall.people[person])
            wrong += (
                []
                if answer.status_code == due
                else [f"{person} {scope} {method} {url}: {answer.status_code} for {due}"]
            )
            heard_by.update((person, word) for word in hall.heard(answer))
    return wrong, heard_by


def test_a_token_gives_what_its_owner_reads_of_its_scope(hall, secrets, figure):
    wrong, heard_by = walked(hall, secrets)
    leaks = [(person, *hall.words[word]) for person, word in heard_by if not may_hear(hall, person, word)]
    cells = len(secrets) * len([*asked(hall)])
    figure("answers to tokens that differ", len(wrong), f"{cells} cells, {len(secrets)} tokens")
    figure("words of a diary that reached a token of somebody else", len(leaks), f"{cells} answers")
    assert wrong == []
    assert leaks == []
    assert {person for person, _ in heard_by} == {"ana", "ben", "paula", "cover", "narrow"}


LEFT_OPEN = {  # gate: whose token, of which scope, at which address of Ben's diary or without one
    "visible_patients": ("remy", "shared", "shared-list"),
    "visible_notes": ("narrow", "shared", "shared-entries"),
    "visible_intakes": ("narrow", "shared", "shared-diary"),
    "visible_flags": ("ben", "flags", "api-flags"),
    "visible_entries": ("ana", "own", "api-entries"),
    "visible_sessions": ("ana", "own", "api-sessions"),
}


def test_control_each_gate_left_open_is_noticed(hall, secrets, monkeypatch):
    ben = [hall.people["ben"].pk]
    for gate, (person, scope, name) in LEFT_OPEN.items():
        url = reverse(name, args=ben if name in SHARED else [])
        ask = partial(hall.ask, "nobody", "GET", url, HTTP_AUTHORIZATION=f"Bearer {secrets[person, scope]}")
        before = ask().content
        with monkeypatch.context() as patch:
            gates.leave_open(gate, patch)
            assert ask().content != before, gate


def test_a_token_is_its_owners_alone(ana, ben, token):
    token(ana, "own")
    assert not visible_tokens(ben, timezone.now()).exists()
    assert visible_tokens(ana, timezone.now()).get() == Token.objects.get()


def test_nobody_makes_one_for_more_than_they_read(ana, paula, admin, token):
    for person, scope in ((ana, "shared"), (paula, "own"), (admin, "flags"), (admin, "shared"), (ana, "all")):
        with pytest.raises(PermissionDenied):
            token(person, scope)


def test_nobody_ends_anothers(ana, ben, token):
    token(ana, "own")
    with pytest.raises(PermissionDenied):
        tokens.revoke(by=ben, now=timezone.now(), token=Token.objects.get())
