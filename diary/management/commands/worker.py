"""The worker: what cannot wait for somebody to open a page."""

import logging
import signal
from threading import Event

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils import timezone

from diary import notices
from diary.actions import diaries, notifications

log = logging.getLogger("diary.worker")
POLL_SECONDS = 3


class Command(BaseCommand):
    """Sends due notifications and assesses diaries whose findings change with time alone; several may run at once."""

    help = "Send what is due and look again at diaries that are due, until stopped (Ctrl-C or SIGTERM)."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")
        parser.add_argument("--poll", type=float, default=POLL_SECONDS, help="seconds between looks (%(default)s)")

    def handle(self, *, once, poll, **options):
        stop = Event()
        if once:
            work(stop)
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        log.info("worker started")
        while not stop.wait(0):
            outlive(work, stop)
            stop.wait(poll)
        log.info("worker stopped")


def outlive(work, stop):
    """Work one round; a database that is away, or one broken diary, must not end the rounds after it."""
    try:
        close_old_connections()
        work(stop)
    except (OperationalError, InterfaceError) as trouble:
        log.warning("the database did not answer (%s); the next round tries again", type(trouble).__name__)
        connections.close_all()
    except Exception:
        log.exception("a round failed; the next one tries again")
        connections.close_all()


def work(stop):
    """Send first: a mail must not wait for what a diary needs."""
    sent = sum(delivered(stop))
    assessed = diaries.reassess_due(now=timezone.now())
    if sent or assessed:
        log.info("%d sent, %d diaries assessed", sent, assessed)


def delivered(stop):
    """Deliver due rows one by one, so that a slow mail server never outlasts the lease of a row behind it."""
    while not stop.is_set() and (claimed := notifications.claim(now=timezone.now(), most=1)):
        yield notifications.deliver(claimed[0], notices.compose, now=timezone.now())
