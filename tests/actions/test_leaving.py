"""Deleting a diary: nothing of it is left in any table but what is listed, and what was urgent is not lost."""

import threading
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, models, transaction

from diary.actions import accounts, entries, erased, leaving, messages, notes, signins
from diary.actions.handovers import Handover
from diary.models import Departure, Event, Flag, Invitation, Message, Notification, User
from diary.permissions import visible_departures
from diary.personal import KEPT_BACK, PARTS

MARK = "zq7canary"
TEXTS = (models.CharField, models.TextField, models.JSONField)


@pytest.fixture(autouse=True)
def _own_list(tmp_path, settings):
    settings.ERASED_LIST = tmp_path / "erased.list"


@pytest.fixture
def sung(world, ana, paula, log, treat, client, now):
    """Ana's diary, a row in each table, with a canary in each text that the database lets hold one."""
    entries.amend(by=ana, now=now, entry=world["entries"], version=1, pain=5, note="amended")
    signins.count_try(now=now, email=ana.email)
    client.force_login(ana)
    client.get("/today/")
    UserSession.objects.get_or_create(
        user=ana, session_key=client.session.session_key, defaults={"ip": "127.0.0.1", "user_agent": "x"}
    )
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=paula, content_type=kind, object_id=str(ana.pk), object_repr=MARK, action_flag=CHANGE, change_message=MARK
    )
    Flag.objects.filter(patient=ana).first().steps.create(patient=ana, at=now, by=paula, action="contacted", note=MARK)
    return sing(ana)


def sing(person):
    """Write the canary into the texts of each row of a patient; return how many columns hold it now."""
    columns = 0
    for part in PARTS:
        for row in part.rows(person):
            columns += sum(sing_in(row, column) for column in row._meta.concrete_fields)
    for model in KEPT_BACK:
        if model == "diary.Note":
            columns += apps.get_model(model).objects.filter(patient=person).update(body=MARK, earlier=[MARK])
    return columns


def sing_in(row, column):
    plain = not (column.primary_key or column.choices or column.is_relation or column.unique)
    fits = isinstance(column, TEXTS) and (column.max_length or 99) > 2 * len(MARK)
    if not (plain and fits) or column.name in {
        "zone",
        "time_zone",
        "password",
        "stream",
        "actor",
        "verb",
        "kind",
        "rule",
        "texts_digest",  # of the audit's chain: worked out, salted, and nothing that anybody said
        "link",
    }:
        return 0
    is_address = isinstance(column, models.EmailField)
    value = [MARK] if isinstance(column, models.JSONField) else f"{MARK}{row.pk}@x.example" if is_address else MARK
    return type(row)._base_manager.filter(pk=row.pk).update(**{column.attname: value})


def tables_with(word):
    """Return the tables in any of whose columns a word stands."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            said = " OR ".join(f'CAST("{name}" AS TEXT) LIKE %s' for name in names)
            cursor.execute(f'SELECT COUNT(*) FROM "{table}" WHERE {said}', [f"%{word}%"] * len(names))  # noqa: S608
            if cursor.fetchone()[0]:
                found.add(table)
    return found


@pytest.mark.asvs("V14.2.4")
def test_nothing_is_left_in_any_table(sung, ana, now, figure):
    before = tables_with(MARK)
    assert {"diary_entry", "diary_intake", "diary_message", "diary_note", "diary_invitation", "diary_event"} <= before
    assert {"diary_step", "diary_amendment", "diary_treatmentsession", "account_emailaddress"} <= before
    leaving.erase(by=User.objects.get(pk=ana.pk), now=now)
    left = tables_with(MARK)
    figure("tables that hold something of an erased person", len(left), f"{sung} texts in {len(before)} tables before")
    assert left == set()


def test_neither_name_nor_address_nor_number_is_left_outside_the_list(sung, ana, now):
    name, address = ana.name, User.objects.get(pk=ana.pk).email
    leaving.erase(by=User.objects.get(pk=ana.pk), now=now)
    assert tables_with(name) | tables_with(address) == set()
    assert not User.objects.filter(pk=ana.pk).exists()


@pytest.mark.parametrize(("model", "table"), [(Invitation, "diary_invitation"), (LogEntry, "django_admin_log")])
def test_control_one_table_forgotten_is_found(sung, ana, now, monkeypatch, model, table):
    nothing = SimpleNamespace(objects=SimpleNamespace(filter=lambda *args, **kwargs: model.objects.none()))
    monkeypatch.setattr(erased, model.__name__, nothing)
    leaving.erase(by=User.objects.get(pk=ana.pk), now=now)
    assert tables_with(MARK) == {table}


def test_the_audit_keeps_that_it_was_done_and_no_text(sung, ana, now):
    before = Event.objects.about(ana.pk).count()
    leaving.erase(by=User.objects.get(pk=ana.pk), now=now)
    kept = Event.objects.about(ana.pk)
    assert kept.count() == before
    assert set(kept.values_list("actor_name", "subject", "old", "new")) == {("", "", "", "")}
    assert Event.objects.about(erased.ERASED).get().new == str(ana.pk)


def test_an_old_backup_does_not_bring_them_back(ana, now, django_capture_on_commit_callbacks):
    mark = erased.mark_of(ana)
    with django_capture_on_commit_callbacks(execute=True):
        leaving.erase(by=ana, now=now)
    assert mark in erased.listed()


@pytest.mark.asvs("V7.4.2")
def test_sessions_end(sung, ana, client, now):
    assert client.get("/today/").status_code == 200
    leaving.erase(by=User.objects.get(pk=ana.pk), now=now)
    assert client.get("/today/").status_code == 302
    assert not UserSession.objects.filter(user_id=ana.pk).exists()
    assert not EmailAddress.objects.filter(user_id=ana.pk).exists()


def test_another_patient_keeps_all(sung, ben, ana, log, now):
    log(ben, 4, note="mine")
    invited = Invitation.objects.count()
    leaving.erase(by=User.objects.get(pk=ana.pk), now=now)
    assert ben.entries.get().note == "mine"
    assert Invitation.objects.count() == invited - 1


def test_staff_cannot_be_erased_here(paula, now):
    with pytest.raises(PermissionDenied):
        leaving.erase(by=paula, now=now)


@pytest.fixture
def urgent(ana, log):
    log(ana, 9, red_flags=["saddle"], note="a secret", ago=timedelta(minutes=5))
    return ana


def test_with_something_urgent_the_practice_is_told_without_what(urgent, paula, now):
    leaving.erase(by=urgent, now=now)
    departure = Departure.objects.get()
    assert (departure.name, departure.email, [*departure.told.all()]) == ("", "", [paula])
    assert Notification.objects.filter(recipient=paula, kind="departure", key=str(departure.pk)).exists()
    assert not Flag.objects.exists()


def test_the_name_stays_only_where_allowed_and_until_somebody_has_seen_to_it(urgent, paula, now):
    name, address = urgent.name, urgent.email
    leaving.erase(by=urgent, now=now, named=True)
    departure = Departure.objects.get()
    assert (departure.name, departure.email) == (name, address)
    leaving.see_to(by=paula, now=now, departure=departure)
    departure.refresh_from_db()
    assert (departure.name, departure.email, departure.closed_by) == ("", "", paula)
    assert tables_with(name) == set()


def test_who_was_not_told_cannot_close_it(urgent, remy, now):
    leaving.erase(by=urgent, now=now)
    with pytest.raises(PermissionDenied):
        leaving.see_to(by=remy, now=now, departure=Departure.objects.get())


@pytest.mark.parametrize("heir", ["named", "practice"])
def test_who_left_is_seen_to_by_somebody_else_where_the_last_who_knew_goes(urgent, admin, paula, remy, now, heir):
    leaving.erase(by=urgent, now=now, named=True)
    handover = Handover(remy if heir == "named" else None)
    accounts.deactivate(by=admin, now=now, user=paula, handover=handover)
    (departure,) = visible_departures(remy, now)
    assert Notification.objects.filter(kind="departure", recipient=remy).count() == 1
    leaving.see_to(by=remy, now=now, departure=departure)
    assert (Departure.objects.get().name, Departure.objects.get().email) == ("", "")


def test_who_left_is_nobody_elses_while_another_who_was_told_stays(other, urgent, admin, paula, remy, now):
    leaving.erase(by=urgent, now=now)
    accounts.deactivate(by=admin, now=now, user=paula)
    assert visible_departures(other, now).exists()
    assert not visible_departures(remy, now).exists()


def test_without_anything_urgent_nobody_is_told(ana, log, now):
    log(ana, 2)
    leaving.erase(by=ana, now=now)
    assert not Departure.objects.exists()


def test_an_invitation_to_another_address_that_was_answered_with_the_diary_goes_too(ana, remy, now):
    said = {"by": remy, "now": now, "role": "patient"}
    invited = accounts.invite(**said, email="ana@work.example", name="Ana at work").invitation
    others = accounts.invite(**said, email="other@work.example").invitation
    accounts.agree(by=ana, now=now, invitation=invited)
    leaving.erase(by=ana, now=now)
    assert {*Invitation.objects.filter(invited_by=remy)} == {others}


def test_the_address_can_join_anew(ana, admin, practice, now):
    address = ana.email
    leaving.erase(by=ana, now=now)
    invited = accounts.invite(by=admin, now=now, email=address, role="patient", practice=practice)
    again = accounts.accept(now=now, invitation=invited.invitation, name="Ana Alves", password=None)
    assert (again.email, again.entries.count()) == (address, 0)


def test_messages_and_private_notes_go_with_the_diary(ana, paula, now):
    messages.send(by=paula, now=now, to=ana, id=uuid4(), body="hello")
    notes.write(by=paula, now=now, patient=ana, id=uuid4(), body="tense")
    leaving.erase(by=ana, now=now)
    assert tables_with("hello") | tables_with("tense") == set()


@pytest.mark.django_db(transaction=True)
def test_what_others_write_at_the_moment_of_deleting_does_not_keep_it(ana, paula, now):
    """On PostgreSQL what they began before may commit while it is deleted: it named somebody who was gone."""
    written, deleted = threading.Event(), threading.Event()

    def write():
        try:
            with suppress(IntegrityError), transaction.atomic():
                messages.send(by=paula, now=now, to=ana, id=uuid4(), body="How is it?")
                written.set()
                deleted.wait(0.5)
        finally:
            connection.close()

    def once_deleted(execute, sql, *given):
        result = execute(sql, *given)
        if sql.startswith('DELETE FROM "diary_message"'):
            deleted.set()
            thread.join(0.5)
        return result

    thread = threading.Thread(target=write)
    thread.start()
    assert written.wait(10)
    with connection.execute_wrapper(once_deleted):
        leaving.erase(by=ana, now=now)
    thread.join()
    assert not User.objects.filter(pk=ana.pk).exists()
    assert not Message.objects.exists()
