from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from diary.actions import leaving, notes, shares
from diary.models import Event, Note, Practice, User
from diary.permissions import visible_notes_about

HOUR = timedelta(hours=1)
CANARY = "canary-of-a-note"


@pytest.fixture
def note(ana, paula, now):
    return notes.write(by=paula, now=now, patient=ana, id=uuid4(), body=CANARY)


def test_a_note_is_read_by_the_practice_of_its_author_alone(
    note, ana, ben, paula, other, remy, former, newcomer, admin, now
):
    people = (ana, ben, paula, other, remy, former, newcomer, admin)
    assert [one for one in people if visible_notes_about(one, now).exists()] == [paula, other]
    other.practitioner.practice = Practice.objects.create(name="Elsewhere")
    other.practitioner.save()
    assert not visible_notes_about(other, now).exists()


def test_a_note_is_out_of_sight_with_the_share(note, ana, paula, now):
    shares.revoke(by=ana, now=now, share=ana.shares.get(practitioner=paula))
    assert not visible_notes_about(paula, now).exists()
    assert Note.objects.exists()


@pytest.mark.parametrize("person", ["ana", "ben", "remy", "former", "newcomer", "admin"])
def test_notes_are_written_by_who_reads_the_diary(person, request, ana, now):
    with pytest.raises(PermissionDenied):
        notes.write(by=request.getfixturevalue(person), now=now, patient=ana, id=uuid4(), body="x")


def test_only_its_author_changes_a_note(note, other, paula, now):
    for act in (
        lambda by: notes.amend(by=by, now=now, note=note, body="x"),
        lambda by: notes.withdraw(by=by, now=now, note=note),
        lambda by: notes.restore(by=by, now=now, note=note),
    ):
        with pytest.raises(PermissionDenied):
            act(other)


def test_what_a_note_said_stays_with_it(note, paula, now):
    notes.amend(by=paula, now=now + HOUR, note=note, body="Put right.")
    notes.amend(by=paula, now=now + HOUR, note=note, body="Put right.")
    note.refresh_from_db()
    assert (note.body, note.amended_at) == ("Put right.", now + HOUR)
    assert [said["body"] for said in note.earlier] == [CANARY]


def test_a_note_is_taken_away_and_put_back(note, paula, now):
    notes.withdraw(by=paula, now=now, note=note)
    assert not Note.objects.standing().exists()
    notes.restore(by=paula, now=now, note=note)
    assert Note.objects.standing().exists()


def test_the_same_form_twice_is_one_note(note, ana, paula, now):
    assert notes.write(by=paula, now=now, patient=ana, id=note.pk, body=note.body) == note
    assert Note.objects.count() == 1


def test_under_the_id_of_another_it_is_one_of_its_own_once(note, ana, paula, join, now):
    other = join("Olga Ortiz", "patient", by=paula)
    written = [notes.write(by=paula, now=now, patient=other, id=note.pk, body=note.body) for _ in range(2)]
    assert written[0] == written[1] != note
    assert written[0].patient == other


def test_the_same_form_with_other_words_is_another_note_once(note, ana, paula, now):
    for _ in range(2):
        assert notes.write(by=paula, now=now, patient=ana, id=note.pk, body="again").body == "again"
    assert Note.objects.count() == 2
    notes.amend(by=paula, now=now, note=note, body="Put right.")
    assert notes.write(by=paula, now=now, patient=ana, id=note.pk, body=CANARY) == note


def test_events_of_a_note_are_its_authors_and_hold_no_text(note, ana, paula, now):
    notes.amend(by=paula, now=now, note=note, body="Put right.")
    assert not Event.objects.about(ana.pk).filter(verb__startswith="note").exists()
    verbs = Event.objects.about(paula.pk).filter(verb__startswith="note").order_by("pk")
    assert [event.verb for event in verbs] == ["note-written", "note-amended"]
    assert not [event for event in Event.objects.values() if CANARY in str(event)]


def test_a_note_about_who_deletes_their_diary_at_that_moment_is_refused(
    ana, paula, now, monkeypatch, tmp_path, settings
):
    settings.ERASED_LIST = tmp_path / "erased.list"

    def too_late(**_note):
        leaving.erase(by=User.objects.get(pk=ana.pk), now=now)
        raise IntegrityError

    monkeypatch.setattr(notes, "write_new", too_late)
    with pytest.raises(PermissionDenied):
        notes.write(by=paula, now=now, patient=ana, id=uuid4(), body="Came with her sister.")


def test_of_two_amendments_at_one_moment_neither_is_lost(ana, paula, now):
    note = notes.write(by=paula, now=now, patient=ana, id=uuid4(), body="First.")
    fetched = [Note.objects.get(pk=note.pk) for _ in range(2)]
    for one, body in zip(fetched, ("Second.", "Third."), strict=True):
        notes.amend(by=paula, now=now, note=one, body=body)
    note.refresh_from_db()
    assert (note.body, [earlier["body"] for earlier in note.earlier]) == ("Third.", ["First.", "Second."])
