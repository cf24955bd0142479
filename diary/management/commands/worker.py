"""The worker: what cannot wait for somebody to open a page."""

import logging
import os
import signal
import socket
from argparse import ArgumentTypeError
from datetime import timedelta
from threading import Event

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils import timezone

from diary.actions import (
    alerts,
    chain,
    credentials,
    diaries,
    escalations,
    heartbeats,
    imports,
    notifications,
    reminders,
    signins,
    tallies,
)

log = logging.getLogger("diary.worker")
POLL_SECONDS = 3
LONGEST_POLL = 60  # a worker says that it is there once a round, and counts as silent after 90 s
BEATS_EVERY = timedelta(seconds=10)
LOOKS_AT_THE_CALENDAR = timedelta(minutes=10)
COUNTS_EVERY = timedelta(minutes=1)
SENDS_FOR = timedelta(seconds=30)
A_TURN = timedelta(seconds=5)
NAME = f"{socket.gethostname()}:{os.getpid()}"[:80]


class Command(BaseCommand):
    """Does round by round what no page waits for, each as `work` lists it; several workers may run at once."""

    help = "Send what is due and look again at diaries that are due, until stopped (Ctrl-C or SIGTERM)."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")
        parser.add_argument("--poll", type=seconds, default=POLL_SECONDS, help="seconds between looks (%(default)s)")

    def handle(self, *, once, poll, **options):
        stop, pulse = Event(), Pulse()
        if once:
            work(stop, pulse)
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        log.info("worker started")
        while not stop.wait(0):
            outlive(work, stop, pulse)
            stop.wait(poll)
        log.info("worker stopped")


def seconds(text):
    """Return a time between two looks. Raises ArgumentTypeError where it is none, or none that a worker can keep."""
    try:
        length = float(text)
    except ValueError:
        length = 0
    if not 0 < length <= LONGEST_POLL:
        raise ArgumentTypeError(f"it takes seconds, above 0 and up to {LONGEST_POLL}")
    return length


class Every:
    """Tells whether something is to be done again, having been done last so long ago."""

    def __init__(self, length):
        self.length, self.last = length, None

    def is_due(self, now):
        due = self.last is None or abs(now - self.last) >= self.length
        self.last = now if due else self.last
        return due


class Pulse:
    """Says now and then that this worker is at work: between rounds, and between the messages of a long one."""

    def __init__(self):
        self.beats, self.calendar, self.counts = map(Every, (BEATS_EVERY, LOOKS_AT_THE_CALENDAR, COUNTS_EVERY))
        self.files, self.left = Every(LOOKS_AT_THE_CALENDAR), Every(COUNTS_EVERY)

    def beat(self, now):
        if self.beats.is_due(now):
            heartbeats.beat(worker=NAME, now=now)


def outlive(work, *given):
    """Work one round; a database that is away, or one broken diary, must not end the rounds after it."""
    try:
        close_old_connections()
        work(*given)
    except (OperationalError, InterfaceError) as trouble:
        log.warning("the database did not answer (%s); the next round tries again", type(trouble).__name__)
        connections.close_all()
    except Exception:
        log.exception("a round failed; the next one tries again")
        connections.close_all()


def work(stop, pulse):
    """Send first: a mail must not wait for what a diary needs."""
    pulse.beat(timezone.now())
    done = {
        "queued": queued(pulse, timezone.now()),
        "sent": sum(delivered(stop, pulse)),
        "passed on": sum(passed_on(stop, pulse)),
        "diaries assessed": sum(assessed(stop, pulse)),
        "reminders queued": sum(reminded(stop, pulse)),
        "events sealed": chain.seal(now=timezone.now()),
        "diaries counted": sum(counted(stop, pulse)),
        "files and sign-ins let go": let_go(pulse, timezone.now()),
    }
    if any(done.values()):
        log.info(", ".join(f"{count} {what}" for what, count in done.items() if count))


def queued(pulse, now):
    """Queue what is due by the calendar alone; a look now and then is soon enough."""
    if not pulse.calendar.is_due(now):
        return 0
    return alerts.queue_due(now=now) + credentials.queue_reminders(now=now) + notifications.count_missing(now=now)


def let_go(pulse, now):
    return imports.let_go(now=now) + signins.let_go(now=now) if pulse.files.is_due(now) else 0


def delivered(stop, pulse):
    """Deliver due rows one by one, so that a slow mail server never outlasts the lease of a row behind it.

    After half a minute the round goes on: where mail is in trouble, flags are passed on all the same.
    """
    ends = timezone.now() + SENDS_FOR
    while not stop.is_set() and timezone.now() < ends and (claimed := notifications.claim(now=timezone.now(), most=1)):
        yield tried(deliver, claimed[0], notifications.put_off)
        pulse.beat(timezone.now())


def deliver(row):
    return notifications.deliver(row, now=timezone.now())


def passed_on(stop, pulse):
    yield from each(escalations.due(now=timezone.now()), escalations.pass_on, escalations.put_off, stop, pulse)
    if pulse.left.is_due(timezone.now()):
        yield from each(escalations.left(now=timezone.now()), escalations.take_up, escalations.put_off, stop, pulse)


def assessed(stop, pulse):
    return each(diaries.due(now=timezone.now()), diaries.reassess_if_due, diaries.put_off, stop, pulse)


def reminded(stop, pulse):
    return each(reminders.due(now=timezone.now()), reminders.remind_if_due, reminders.put_off, stop, pulse)


def counted(stop, pulse):
    """Count again what was reported in diaries that were written in: no page waits for it."""
    if pulse.counts.is_due(timezone.now()):
        yield from each(tallies.due(now=timezone.now()), tallies.count_if_written, tallies.put_off, stop, pulse)


def each(things, work, put_off, stop, pulse):
    """Do things one by one for the length of a turn: what is left has the next, and no urgent mail waits for all."""
    ends = timezone.now() + A_TURN
    for thing in things:
        if stop.is_set() or timezone.now() >= ends:
            return
        yield tried(lambda thing: work(thing, now=timezone.now()), thing, put_off)
        pulse.beat(timezone.now())


def tried(work, thing, put_off):
    """Do one thing; what cannot be done is put off, so that it stands in the way of nothing behind it."""
    try:
        return work(thing)
    except (OperationalError, InterfaceError):
        raise
    except Exception as trouble:
        log.exception("one of many could not be done; it is tried again later")
        put_off(thing, trouble, now=timezone.now())
        return False
