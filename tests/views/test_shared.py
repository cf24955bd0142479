"""For a practitioner's programs: the diaries that they read, each look noted as on a page."""

import json

import pytest
from django.utils import timezone

from diary.actions import shares
from diary.models import Event, Share
from tests.world import CANARY


@pytest.fixture
def shared(token, paula):
    return token(paula, "shared")


def looks(patient, reader):
    return Event.objects.about(patient.pk).reads().filter(actor=str(reader.pk)).count()


def test_list_names_the_patients_who_share(ask, shared, world, ana, paula):
    assert [(one["id"], one["name"]) for one in ask(shared, "/patients").json()["data"]] == [(ana.pk, ana.name)]
    assert looks(ana, paula) == 0  # as the list of patients on a page


@pytest.mark.parametrize("what", ["diary", "entries", "sessions", "flags"])
def test_each_read_is_noted_once_in_a_while(ask, shared, world, ana, paula, what):
    assert ask(shared, f"/patients/{ana.pk}/{what}").status_code == 200
    assert ask(shared, f"/patients/{ana.pk}/{what}").status_code == 200
    assert looks(ana, paula) == 1


def test_diary_leaves_out_a_background_that_is_not_shared(ask, shared, world, ana):
    assert ask(shared, f"/patients/{ana.pk}/diary").json()["intake"]["usual_pain"] == 3
    Share.objects.filter(patient=ana).update(with_intake=False)
    assert ask(shared, f"/patients/{ana.pk}/diary").json()["intake"]["usual_pain"] is None


@pytest.mark.asvs("V8.2.3")
def test_entries_leave_out_notes_that_are_not_shared(ask, shared, world, ana):
    assert CANARY in ask(shared, f"/patients/{ana.pk}/entries").content.decode()
    Share.objects.filter(patient=ana).update(with_notes=False)
    assert CANARY not in ask(shared, f"/patients/{ana.pk}/entries").content.decode()


@pytest.mark.asvs("V8.2.3")
def test_sessions_leave_out_the_patients_own_words_where_notes_are_not_shared(ask, shared, world, ana):
    own = ana.treatment_sessions.get(practitioner=None)
    type(own).objects.filter(pk=own.pk).update(aftercare=["water", CANARY])
    Share.objects.filter(patient=ana).update(with_notes=False)
    hers, given = sorted(
        ask(shared, f"/patients/{ana.pk}/sessions").json()["data"], key=lambda one: one["id"] != str(own.pk)
    )
    assert (hers["note"], hers["response"], hers["aftercare"]) == (None, None, ["water"])
    assert given["note"] == CANARY  # the practitioner's words


def test_sessions_hold_what_was_recorded(ask, shared, world, ana):
    said = ask(shared, f"/patients/{ana.pk}/sessions").json()["data"]
    assert [(one["note"], one["response"]) for one in said] == [(CANARY, CANARY)] * 2


def test_flags_hold_those_that_were_handled_too(ask, shared, world, ana):
    assert len(ask(shared, f"/patients/{ana.pk}/flags").json()["data"]) == 2


def test_diary_is_gone_with_the_share(ask, shared, world, ana):
    assert ask(shared, f"/patients/{ana.pk}/diary").status_code == 200
    shares.revoke(by=ana, now=timezone.now(), share=world["shares"])
    gone, never = (ask(shared, f"/patients/{id}/diary") for id in (ana.pk, 987654))
    assert gone.status_code == 404
    assert json.loads(gone.content) == json.loads(never.content)
