from uuid import uuid4

import pytest
from django.urls import reverse

from diary.actions import notes
from diary.models import Note

pytestmark = pytest.mark.django_db


@pytest.fixture
def note(ana, paula, now):
    return notes.write(by=paula, now=now, patient=ana, id=uuid4(), body="Prefers side-lying.")


def post(client, note, verb, **typed):
    return client.post(reverse(f"notes-{verb}", args=[note.pk]), typed)


def test_amend_keeps_what_it_said(signed_in, paula, note):
    client = signed_in(paula)
    assert "Prefers side-lying." in client.get(reverse("notes-amend", args=[note.pk])).content.decode()
    assert post(client, note, "amend", body="Prefers sitting.").status_code == 302
    page = client.get(reverse("notes-amend", args=[note.pk])).content.decode()
    assert "Prefers sitting." in page
    assert "Prefers side-lying." in page


def test_amend_with_nothing_is_asked_again(signed_in, paula, note):
    answer = post(signed_in(paula), note, "amend", body=" ")
    assert answer.status_code == 200
    assert "There is no text yet." in answer.content.decode()


def test_amend_is_for_its_author(signed_in, other, remy, ana, note):
    assert post(signed_in(other), note, "amend", body="x").status_code == 403
    assert post(signed_in(remy), note, "amend", body="x").status_code == 404
    assert post(signed_in(ana), note, "amend", body="x").status_code == 404


def test_withdraw_takes_it_away_until_it_is_put_back(signed_in, paula, ana, note):
    client = signed_in(paula)
    post(client, note, "withdraw")
    page = client.get(reverse("patients-show", args=[ana.pk]))
    assert page.context["notes"] == []
    assert "Put it back" in page.content.decode()


def test_restore_puts_it_back(signed_in, paula, note, now):
    notes.withdraw(by=paula, now=now, note=note)
    assert post(signed_in(paula), note, "restore").status_code == 302
    assert Note.objects.standing().get() == note
