from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary import charts, mailbox, reactions, reports, worklist
from diary.actions import messages, tallies
from diary.models import Entry, Share, User
from diary.models.prepared import LONG_AGO, SOMEBODY, Prepared
from diary.permissions import visible_entries, visible_flags, visible_notes
from diary.permissions.telling import READ_FOR

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement():
    return Prepared(
        lambda user, now: visible_flags(user, now).values_list("rule", "patient__name"), user=SOMEBODY, now=LONG_AGO
    )


def test_it_answers_each_person_what_the_queryset_answers(statement, paula, remy, former, newcomer, ana, log, now):
    log(ana, 3, red_flags=["fever"])
    for person in (paula, remy, former, newcomer, paula):
        told = list(visible_flags(person, now).values_list("rule", "patient__name"))
        assert statement.rows(user=person, now=now) == told
    assert statement.rows(user=paula, now=now) == [("red-flag", "Ana Alves")]


def test_it_asks_for_the_moment_of_each_request(statement, paula, ana, log, now):
    log(ana, 3, red_flags=["fever"])
    Share.objects.update(expires_at=now + timedelta(hours=1))
    assert statement.rows(user=paula, now=now)
    assert statement.rows(user=paula, now=now + timedelta(hours=2)) == []
    paula.practitioner.credentials.update(expires_on=now.date())
    Share.objects.update(expires_at=None)
    assert statement.rows(user=paula, now=now)
    assert statement.rows(user=paula, now=now + timedelta(days=1)) == []


def test_it_writes_its_sql_once_and_never_keeps_a_value_in_it(statement, paula, now):
    statement.rows(user=paula, now=now)
    build, statement.build = statement.build, None
    with CaptureQueriesContext(connection) as asked:
        statement.rows(user=paula, now=now)
    assert build
    assert len(asked) == 1
    sql, params, _ = statement.written[connection.vendor]
    assert not [word for word in (str(LONG_AGO.year), "-1") if word in sql]
    assert SOMEBODY.pk in params


def flags(*columns):
    return Prepared(
        lambda user, now: visible_flags(user, now).values_list(*columns, "handled_by__name"),
        user=SOMEBODY,
        now=LONG_AGO,
    )


def planned():
    """Return how often PostgreSQL planned the statement that it keeps: once for all values, anew for some."""
    if connection.vendor == "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements WHERE statement LIKE '%handled_by__name%'"
        )
        return cursor.fetchall()


@contextmanager
def behind_a_pooler():
    """As `prepare_threshold=None` in DATABASE_URL has it."""
    if connection.vendor == "sqlite":
        yield
        return
    connection.ensure_connection()
    connection.connection.prepare_threshold = None
    yield
    connection.connection.prepare_threshold = 0


def test_its_plan_is_kept_for_all_its_values_but_behind_a_pooler(paula, now):
    with behind_a_pooler():
        assert flags("pk").rows(user=paula, now=now) == []
    assert planned() == []
    statement = flags("level")
    for days in range(3):
        assert statement.rows(user=paula, now=now + timedelta(days=days)) == []
    assert planned() == {"sqlite": [], "postgresql": [(3, 0)]}[connection.vendor]


def test_a_mark_is_nobody_and_no_day_that_is_used():
    assert not User.objects.filter(pk=SOMEBODY.pk).exists()
    assert datetime(1950, 1, 1, tzinfo=UTC) > LONG_AGO


def test_typed_rows_are_what_a_queryset_gives(ana, paula, log, now):
    log(ana, 3, red_flags=["fever"], note="x")
    columns = ("id", "observed_at", "red_flags", "pain", "note")
    statement = Prepared(lambda user: Entry.objects.filter(patient=user).values_list(*columns), user=SOMEBODY)
    assert [tuple(row) for row in statement.typed(user=ana)] == list(Entry.objects.values_list(*columns))


def test_as_a_condition_it_gives_each_person_the_rows_of_its_moment(paula, remy, former, newcomer, ana, ben, log, now):
    for patient in (ana, ben):
        log(patient, 3, note="x")
    for at in (now, now + timedelta(days=400)):
        for person in (paula, remy, former, newcomer):
            shared = Share.objects.readable_by(person, at).values("patient")
            assert {*visible_entries(person, at)} == {*Entry.objects.filter(patient__in=shared)}
            notes = Share.objects.readable_by(person, at).filter(with_notes=True).values("patient")
            assert {*visible_notes(person, at)} == {*Entry.objects.filter(patient__in=notes)}
    Share.objects.update(with_notes=False)
    assert (len(visible_entries(paula, now)), len(visible_notes(paula, now))) == (1, 0)


# What the product has prepared


def values(person, patient, now):
    """Return by the name of a mark what a page gives for it."""
    minute = timedelta(minutes=1)
    times = {"since": now - timedelta(days=23), "until": now + minute, "sitting": now - 30 * minute}
    times |= {"drawn": now - timedelta(days=14), "fresh": now - timedelta(days=5)}
    return {"user": person, "patient": patient, "now": now, "me": str(person.pk)} | times


@pytest.mark.parametrize(
    "statement",
    [worklist.LISTED, mailbox.UNREAD, reactions.KEPT, charts.SERIES[User.Role.PRACTITIONER], READ_FOR],
    ids=["worklist", "messages", "tallies", "a series", "shares read"],
)
def test_each_answers_each_person_what_its_queryset_answers(
    statement, paula, remy, former, newcomer, ana, ben, log, treat, now
):
    treat(ana, by=paula, ago=timedelta(days=9))
    tallies.count_again(ana.pk)
    log(ana, 3, red_flags=["fever"])
    messages.send(by=ana, now=now, to=paula, id=uuid4(), body="x")
    found = {}
    for person in (paula, remy, former, newcomer, paula):
        given = {name: value for name, value in values(person, ana, now).items() if name in statement.marks}
        wanted = sorted(statement.build(**given), key=str)
        assert sorted(map(tuple, statement.typed(**given)), key=str) == wanted
        found[person.pk] = wanted
    assert found.pop(paula.pk)
    assert not any(found.values())


@pytest.mark.parametrize("statement", [reports.SESSIONS, reports.SAID_LATELY, reports.FLAGS_TOLD, reports.STANDING])
def test_each_of_today_answers_each_patient_what_its_queryset_answers(statement, ana, ben, paula, log, treat, now):
    treat(ana, by=paula, ago=timedelta(days=9))
    log(ana, 3, red_flags=["fever"])
    found = {}
    for person in (ana, ben, paula, ana):
        given = {"patient": person, "now": now, "since": now - timedelta(days=4), "day": now.date()}
        given = {name: value for name, value in given.items() if name in statement.marks}
        found[person.pk] = [tuple(row) for row in statement.typed(**given)]
        assert not person.is_patient or found[person.pk] == list(statement.build(**given))
    assert found[ana.pk]
    assert found[ana.pk] != found[ben.pk]
    assert not found[paula.pk]
