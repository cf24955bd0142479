"""What is put back as rows is what was made, to the last value, on either engine; and what is added to it goes on."""

import pytest
from django.db import connection, transaction

from diary.actions.audit import record_event
from diary.models import Flag, User
from tests.beginning import Beginning, inserts, rows
from tests.people import NOW, ana_and_before


@pytest.fixture
def somebody(db):
    return User.objects.create_user(email="somebody@settle.example", name="Somebody", role="patient")


def put_back(beginning: Beginning) -> dict:
    """Return every row that is there once it is put back, and leave the database as it was."""
    with transaction.atomic():
        beginning.put_back()
        found = rows()
        transaction.set_rollback(True)
    return found


def test_every_value_comes_back(db: None, first_hall: Beginning):
    before = rows()
    assert inserts(put_back(first_hall), before) == first_hall.inserts
    assert len(first_hall.inserts) > 20


def test_control_a_value_that_comes_back_as_another_is_seen(db: None):
    made, before = Beginning(ana_and_before), rows()
    kept = list(made.inserts)
    made.inserts = [insert.replace("Ana Alves", "Ana  Alves") for insert in kept]
    assert made.inserts != kept
    assert inserts(put_back(made), before) != kept


def test_the_people_are_those_of_the_rows(ana, paula, admin, practice, log):
    assert [User.objects.get(pk=person.pk) for person in (ana, paula, admin)] == [ana, paula, admin]
    assert ana.name == "Ana Alves"
    assert paula.practitioner.practice == practice
    assert log(ana, 9, red_flags=["saddle"]).entry.patient == ana
    assert Flag.objects.of(ana).exists()


def test_who_comes_after_them_is_somebody_else(ana, join):
    later = join("Nell New", "patient")
    assert User.objects.filter(pk=later.pk, name="Nell New").exists()
    connection.check_constraints()


def test_where_somebody_is_there_already_ana_is_made(somebody, ana):
    assert User.objects.filter(pk__in=[somebody.pk, ana.pk]).count() == 2


def test_what_a_test_writes_first_is_left_as_it_is(db: None, first_ana: Beginning):
    assert first_ana.has_room()
    record_event(by=None, now=NOW, stream="x", verb="backup-verified")
    assert not first_ana.has_room()
