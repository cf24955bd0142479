"""Controls of the access matrix: each access function left open in turn, and what then differs.

Many stand behind another: a page does not exist for the role, or the row is not visible, before the function is asked.
Those are asked by themselves: here, or in the test that is named, which is run with its gate open under --full.
"""

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from diary import permissions
from diary.actions import accounts, shares, tallies
from tests.security import gates
from tests.security.test_matrix import ask, expected, may_hear, said
from tests.security.test_safety_log import written
from tests.world import address

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SEEN = {  # gate: method, page, whose door it is, whose diary
    "visible_absences": ("POST", "hours-back", "remy", "things"),
    "visible_alerts": ("GET", "alerts-show", "remy", "things"),
    "visible_covers": ("POST", "hours-uncover", "remy", "things"),
    "visible_departures": ("POST", "departures-close", "remy", "things"),
    "visible_entries": ("GET", "entries-show", "ben", "things"),
    "visible_sessions": ("GET", "sessions-show", "ben", "things"),
    "visible_flags": ("GET", "flags-show", "ben", "things"),
    "visible_shares": ("POST", "shares-revoke", "ben", "things"),
    "visible_imports": ("GET", "imports-show", "ben", "things"),
    "visible_links": ("GET", "links-show", "ben", "things"),
    "visible_subscriptions": ("POST", "subscriptions-revoke", "ben", "things"),
    "visible_invitations": ("GET", "invitations-show", "remy", "things"),
    "visible_patients": ("GET", "patients-show", "remy", "things"),
    "visible_notes_about": ("GET", "notes-amend", "remy", "things"),
    "visible_notes": ("GET", "patients-show", "narrow", "others"),
    "visible_intakes": ("GET", "patients-show", "narrow", "others"),
    "can_amend_note": ("POST", "notes-withdraw", "cover", "things"),
    "can_invite": ("GET", "invitations-add", "newcomer", "things"),
}
SHARES, PERMISSIONS = "actions/test_shares.py", "test_permissions.py"
BEHIND = {
    "visible_diaries": (PERMISSIONS, "test_a_diary_is_read_by_its_patient_and_who_it_is_shared_with"),
    "visible_events": (PERMISSIONS, "test_shares_and_events_are_listed_by_their_patient_alone"),
    "visible_people": (PERMISSIONS, "test_people_are_listed_by_admins_alone"),
    "visible_practices": (PERMISSIONS, "test_the_practices_of_a_patient_are_those_shared_with"),
    "visible_messages": ("views/test_messages.py", "test_list_holds_nothing_that_another_practitioner_was_written"),
    "visible_threads": (
        "actions/test_messages.py",
        "test_who_stands_in_reads_nothing_that_the_patient_does_not_lend",
    ),
    "visible_credentials": (PERMISSIONS, "test_credentials_are_seen_by_whom_they_are_of_and_by_who_named_them"),
    "visible_colleagues": (
        "actions/test_hours.py",
        "test_only_a_verified_colleague_of_the_practice_with_hours_stands_in",
    ),
    "can_stand_in": ("actions/test_hours.py", "test_only_a_verified_colleague_of_the_practice_with_hours_stands_in"),
    "can_set_hours": ("actions/test_hours.py", "test_only_the_practitioner_or_an_admin_says_when_they_read"),
    "can_undo": ("views/test_review.py", "test_undo_is_ones_own"),
    "can_leave": ("actions/test_leaving.py", "test_staff_cannot_be_erased_here"),
    "can_close_departure": ("actions/test_leaving.py", "test_who_was_not_told_cannot_close_it"),
    "can_log": ("actions/test_entries.py", "test_log_is_for_patients"),
    "can_amend": ("actions/test_entries.py", "test_amend_of_somebody_elses_entry_is_denied"),
    "can_record_session": ("actions/test_sessions.py", "test_nobody_else_records"),
    "can_amend_session": ("actions/test_sessions.py", "test_who_did_not_record_it_does_not_change_it"),
    "can_handle": ("actions/test_flags.py", "test_only_a_practitioner_who_reads_the_diary_handles"),
    "can_say_urgency": ("actions/test_flags.py", "test_only_the_patient_says_how_urgent_it_is"),
    "can_write_to": ("actions/test_messages.py", "test_only_between_a_patient_and_who_reads_the_diary"),
    "can_note": ("actions/test_notes.py", "test_notes_are_written_by_who_reads_the_diary"),
    "can_share": (SHARES, "test_only_the_patient_grants_and_revokes"),
    "can_change_share": (SHARES, "test_only_the_patient_grants_and_revokes"),
    "can_take_in": ("actions/test_imports.py", "test_only_who_brought_a_file_takes_it_in"),
    "can_unsubscribe": ("actions/test_subscriptions.py", "test_unsubscribe_is_its_patients_alone"),
    "can_end": ("actions/test_links.py", "test_only_the_patient_makes_and_ends"),
    "can_manage_people": ("actions/test_accounts.py", "test_only_admins_manage_and_never_themselves"),
    "can_change_role": ("views/test_people.py", "test_role_of_a_patient_and_ones_own_do_not_change"),
    "can_revoke_invitation": ("actions/test_accounts.py", "test_who_may_invite_and_revoke"),
    "visible_hooks": (PERMISSIONS, "test_practices_with_their_hooks_are_listed_by_admins_alone"),
    "can_set_hook": ("actions/test_hooks.py", "test_only_admins_say_where"),
    "visible_tokens": ("security/test_programs.py", "test_a_token_is_its_owners_alone"),
    "can_add_token": ("security/test_programs.py", "test_nobody_makes_one_for_more_than_they_read"),
    "can_revoke_token": ("security/test_programs.py", "test_nobody_ends_anothers"),
    "can_confirm": ("actions/test_alerts.py", "test_nobody_confirms_for_another"),
}


def reads(page, person, words):
    """Return a look that tells whether a page shows a person these words."""

    def look(hall, now):
        response = ask(hall, person, "GET", address(page, hall.things.get(page.partition("-")[0])))
        return words in response.content.decode()

    return look


def lists_others(hall, now):
    remy = hall.people["remy"]
    return permissions.visible_practitioners(remy, now).exclude(pk=remy.pk).exists()


def looks_into_another_diary(hall, now):
    return done(lambda: shares.look(by=hall.people["remy"], now=now, patient=hall.people["ana"]))


def shares_with_an_admin(hall, now):
    """Tell whether a patient can answer an admin's invitation with their diary."""
    asked = accounts.invite(by=hall.people["admin"], now=now, email="other@settle.example", role="patient")
    return done(lambda: accounts.agree(by=hall.people["ana"], now=now, invitation=asked.invitation))


def done(act):
    """Tell whether an action was let through; what it did is taken back."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except PermissionDenied:
        return False
    return True


ASKED = {  # gate: what comes out where it is left open, and must not
    "visible_tallies": reads("rates-show", "remy", "2 sessions"),
    "visible_consents": reads("consents-show", "ben", 'id="earlier"'),
    "visible_readers": reads("entries-advice", "ana", "Remy Roche"),
    "visible_practitioners": lists_others,
    "can_read_diary": looks_into_another_diary,
    "can_agree": shares_with_an_admin,
}


def differs(hall, method, page, person, whose):
    """Tell whether a person gets something else than they should."""
    response = ask(hall, person, method, address(page, getattr(hall, whose)[page.partition("-")[0]]))
    leaked = [word for word in hall.heard(response) if not may_hear(hall, person, word)]
    return bool(leaked) or (whose == "things" and said(response) not in expected(page, method, person))


@pytest.mark.engineless
@pytest.mark.asvs("V8.2.2", "V8.3.1")
def test_each_gate_left_open_turns_the_matrix_red(hall, monkeypatch, figure):
    silent = []
    for gate, cell in SEEN.items():
        assert not differs(hall, *cell), f"{gate}: differs before it is opened"
        with monkeypatch.context() as patch:
            gates.leave_open(gate, patch)
            silent += [] if differs(hall, *cell) else [gate]
    figure("control: access functions left open and noticed", len(SEEN) - len(silent), f"of {len(SEEN)}")
    assert silent == []


@pytest.mark.engineless
def test_each_gate_that_no_page_alone_shows_is_noticed_where_it_is_asked(
    hall, ana, paula, treat, now, monkeypatch, figure
):
    treat(ana, by=paula, ago=9 * HOUR)
    tallies.count_again(ana.pk)
    silent = []
    for gate, comes_out in ASKED.items():
        assert not comes_out(hall, now), f"{gate}: comes out before it is opened"
        with monkeypatch.context() as patch:
            gates.leave_open(gate, patch)
            silent += [] if comes_out(hall, now) else [gate]
    figure("control: access functions asked directly, left open and noticed", len(ASKED) - len(silent), len(ASKED))
    assert silent == []


def turns():
    """Yield the gates that only name a test by that test, in turns in which no test is named twice."""
    left = {gate: f"tests/{file}::{test}" for gate, (file, test) in BEHIND.items()}
    while left:
        turn = {test: gate for gate, test in left.items()}
        left = {gate: test for gate, test in left.items() if gate not in turn.values()}
        yield turn


def with_gates_open(turn, folder):
    """Run tests, each with its gate open; return how they ended, by gate."""
    told = os.environ | {"LEFT_OPEN": json.dumps(turn), "LEFT_OPEN_REPORT": str(folder / "ended.json")}
    told |= {"DATABASE_URL": f"sqlite:///{folder}/left-open.sqlite3"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.security.left_open", "-p", "no:xdist", *turn]
    subprocess.run(command, cwd=settings.BASE_DIR, env=told, capture_output=True, check=False)
    return json.loads((folder / "ended.json").read_text())


@pytest.mark.full
def test_each_named_test_turns_red_with_its_gate_open(tmp_path, figure):
    ended = {}
    for turn in turns():
        ended |= with_gates_open(turn, tmp_path)
    silent = {gate: ended.get(gate, ["not run"]) for gate in BEHIND if not RED & set(ended.get(gate, []))}
    figure("control: access functions left open whose named test turned red", len(BEHIND) - len(silent), len(BEHIND))
    assert silent == {}


RED = {"AssertionError", "Failed", "ValueError", "IntegrityError", "DoesNotExist"}
"""Something else than expected was said, nothing was refused, or what a refusal spares broke further on."""


def test_every_gate_has_its_control():
    known = {*SEEN, *BEHIND, *ASKED}
    assert set(gates.GATES) - known == set()
    assert known - set(gates.GATES) == set()
    assert [name for name, (file, test) in BEHIND.items() if test not in written(file)] == []
