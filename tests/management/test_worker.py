"""The worker as a process: it sends through a real mail server, stops when told, and dies without losing anything."""

import logging
import signal
from datetime import timedelta
from threading import Event

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from diary import notices
from diary.actions import diaries, imports, notifications
from diary.actions.notifications import LEASE
from diary.management.commands import worker
from diary.models import Alert, Diary, Escalation, Import, Notification, Share, Tally
from tests.working import PATIENCE, until, working


@pytest.fixture
def urgent(ana, paula, log):
    """Return a function that has Ana report something urgent, now: one notification to Paula for each code."""
    Alert.objects.create(practitioner=paula, month=timezone.now().date().replace(day=1), sent_from=timezone.now())

    def reported(*codes):
        log(ana, 5, red_flags=list(codes), now=timezone.now())
        return Notification.objects.order_by("created_at")

    return reported


# In this process


@pytest.mark.parametrize("wrong", ["soon", "0", "-1", "nan", "90", "1e30"])
def test_looks_that_a_worker_cannot_keep_up_are_refused(db, wrong):
    with pytest.raises(CommandError, match="--poll: it takes seconds, above 0 and up to 60"):
        call_command("worker", "--once", "--poll", wrong)


def test_once_lets_go_of_files_that_nobody_decided_about(ana):
    imports.look_at(by=ana, now=timezone.now() - timedelta(days=8), kind="csv", text="date,pain")
    call_command("worker", "--once")
    assert not Import.objects.exists()


def test_once_lets_go_of_sign_ins_that_have_run_out(ana):
    """What was typed and held in them is somebody's health, and nobody opens it any more."""
    for key, minutes in (("kept", 1), ("over", -1)):
        Session.objects.create(session_key=key, expire_date=timezone.now() + timedelta(minutes=minutes))
        UserSession.objects.create(user=ana, session_key=key, ip="192.0.2.1", user_agent="A browser")
    call_command("worker", once=True)
    assert [*Session.objects.values_list("pk", flat=True)] == ["kept"]
    assert [*UserSession.objects.values_list("session_key", flat=True)] == ["kept"]


def test_once_sends_what_is_due_and_ends(urgent, paula):
    urgent("saddle")
    call_command("worker", "--once")
    assert [message.to for message in mail.outbox] == [[paula.email]]
    assert not Notification.objects.filter(sent_at=None).exists()


def test_once_tells_who_may_read_by_now_what_nobody_attends_to(urgent, paula, ana):
    Share.objects.update(revoked_at=timezone.now())
    urgent("saddle")
    call_command("worker", "--once")
    mail.outbox.clear()
    Share.objects.update(revoked_at=None)
    call_command("worker", "--once")
    call_command("worker", "--once")
    assert [paula.email] in [message.to for message in mail.outbox]


def test_once_looks_again_at_diaries_that_time_alone_changes(ana, treat):
    treat(ana, ago=timedelta(hours=95), now=timezone.now())
    call_command("worker", "--once")
    assert not ana.flags.exists()
    treat(ana, ago=timedelta(hours=100), now=timezone.now())
    Diary.objects.filter(patient=ana).update(due_at=timezone.now())
    call_command("worker", "--once")
    assert Diary.objects.get(patient=ana).due_at > timezone.now()


def test_once_counts_the_diaries_that_were_written_in(ana, paula, treat):
    treat(ana, by=paula)
    call_command("worker", once=True)
    assert Tally.objects.filter(patient=ana, practitioner=paula).exists()


def test_silence_is_noticed_at_its_hour_and_not_before(ana, treat, now):
    treat(ana, ago=timedelta(hours=1), now=now)
    due_at = Diary.objects.get(patient=ana).due_at
    assert due_at == now + timedelta(hours=95)
    assert diaries.reassess_due(now=due_at - timedelta(seconds=1)) == 0
    assert diaries.reassess_due(now=due_at) == 1
    assert [flag.rule for flag in ana.flags.all()] == ["silence"]
    assert diaries.reassess_due(now=due_at) == 0


@pytest.fixture
def closed(monkeypatch):
    """How often connections were closed, which inside a test's own transaction must not really happen."""
    closed = []
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker.connections, "close_all", lambda: closed.append(True))
    return closed


def test_a_database_that_is_away_ends_no_worker(caplog, closed):
    def away(stop):
        raise OperationalError("could not connect as ana.alves")

    with caplog.at_level(logging.WARNING, "diary.worker"):
        worker.outlive(away, Event())
    assert closed == [True]
    assert "OperationalError" in caplog.text
    assert "ana.alves" not in caplog.text


def test_one_broken_diary_holds_up_no_mail_and_no_other_diary(urgent, ana, ben, treat, caplog, monkeypatch):
    for person in (ana, ben):
        treat(person, ago=timedelta(hours=95), now=timezone.now())
        Diary.objects.filter(patient=person).update(due_at=timezone.now() - timedelta(minutes=person.pk))
    really = diaries.reassess_if_due

    def broken(pk, *, now):
        if pk == max(ana.pk, ben.pk):  # the first to be looked at
            raise KeyError("numb since lunch")
        return really(pk, now=now)

    monkeypatch.setattr(worker.diaries, "reassess_if_due", broken)
    urgent("saddle")
    begun = timezone.now()
    worker.work(Event(), worker.Pulse())
    assert len(mail.outbox) == 1
    assert all(diary.due_at > begun for diary in Diary.objects.filter(patient__in=[ana, ben]))
    assert "could not be done" in caplog.text


def test_a_message_that_cannot_be_composed_holds_up_no_other(urgent, paula, caplog, monkeypatch):
    monkeypatch.delitem(notices.KINDS, "urgent")
    do_it = notices.mail(lambda row, now: ("Do", "it"))
    monkeypatch.setitem(notices.KINDS, "to-do", notices.Kind(do_it, lambda row, now: True))
    [broken] = urgent("saddle")
    notifications.queue(to=paula, kind="to-do", key=1, now=timezone.now())
    worker.work(Event(), worker.Pulse())
    assert [message.subject for message in mail.outbox] == ["Do"]
    broken.refresh_from_db()
    assert (broken.error, broken.sent_at) == ("KeyError", None)
    assert broken.held_until > timezone.now()


def test_a_round_that_fails_ends_no_worker(caplog, closed):
    def broken(stop):
        raise KeyError("numb since lunch")

    worker.outlive(broken, Event())
    assert closed == [True]
    assert "a round failed" in caplog.text


def test_a_worker_at_work_says_so_now_and_then(db, monkeypatch):
    beats = []
    monkeypatch.setattr(worker.heartbeats, "beat", lambda *, worker, now: beats.append(now))
    pulse, start = worker.Pulse(), timezone.now()
    for second in range(25):
        pulse.beat(start + timedelta(seconds=second))
    assert [int((beat - start).total_seconds()) for beat in beats] == [0, 10, 20]


def test_mail_in_trouble_does_not_keep_flags_from_being_passed_on(urgent, monkeypatch):
    urgent("saddle", "legs")
    monkeypatch.setattr(worker, "SENDS_FOR", timedelta(0))
    Escalation.objects.update(due_at=timezone.now())
    worker.work(Event(), worker.Pulse())
    assert mail.outbox == []
    assert Escalation.objects.unattended().count() == 2


def test_a_worker_sends_the_monthly_test(paula, admin):
    call_command("worker", "--once")
    call_command("worker", "--once")
    assert Alert.objects.get().practitioner == paula


def test_a_round_of_many_ends_after_its_turn_and_the_next_goes_on(db, now):
    with time_machine.travel(now, tick=False) as clock:
        done = []

        def slow(thing, *, now):
            done.append(thing)
            clock.shift(timedelta(seconds=2))

        list(worker.each(range(100), slow, None, Event(), worker.Pulse()))
        assert done == [0, 1, 2]


def test_a_stopped_worker_begins_no_further_message(urgent):
    urgent("saddle", "legs")
    stop = Event()
    first = next(worker.delivered(stop, worker.Pulse()))
    stop.set()
    assert first
    assert list(worker.delivered(stop, worker.Pulse())) == []
    assert len(mail.outbox) == 1


# As a process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_sends_within_seconds_and_stops_cleanly(transactional_db, urgent, post, paula, number):
    with working(post) as process:
        urgent("saddle")
        until(lambda: post.received)
        until(lambda: not Notification.objects.filter(sent_at=None).exists())
        process.send_signal(number)
        said = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 0
    assert "worker stopped" in said
    for personal in (paula.email, "Paula", "Ana", "saddle", "numb"):
        assert personal not in said


def test_killed_after_the_mail_was_taken_it_is_sent_again_under_the_same_id(transactional_db, urgent, post):
    queued = urgent("saddle")
    with working(post) as process:
        post.before_answering = process.kill
        until(lambda: process.poll() is not None)
    post.before_answering = None
    assert process.returncode == -signal.SIGKILL
    assert queued.get().sent_at is None
    queued.update(held_until=timezone.now() - LEASE)
    with working(post, "--once") as second:
        second.communicate(timeout=PATIENCE)
    assert queued.get().sent_at is not None
    assert len(post.received) == 2
    assert len(set(post.message_ids)) == 1


def test_two_workers_at_once_send_each_message_once(transactional_db, urgent, post):
    urgent("breathing", "saddle", "legs", "collapse", "head", "fever", "infection", "bleeding")
    with working(post, "--once") as first, working(post, "--once") as second:
        assert [first.wait(PATIENCE), second.wait(PATIENCE)] == [0, 0]
    assert len(post.received) == len(set(post.message_ids)) == 8
    assert not Notification.objects.filter(sent_at=None).exists()
