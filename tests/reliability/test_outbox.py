"""No urgent notice is lost: workers are killed where it hurts, mail servers fail in every way; the controls lose.

Rows 7 and 8 of docs/reliability.md: a small count by default, the full one under `./run test --full`.
"""

import random
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from diary.actions.notifications import LEASE
from diary.models import Notification
from tests.working import until, working

CHANCE = random.Random(7)
HEALTHY, AFTER_A_KILL = 30, 60  # seconds
STEPS = ("on_recipient", "before_answering")


@pytest.fixture
def urgent(ana, paula, log):
    """Return a function that has Ana report something urgent so many times, now."""

    def reported(count):
        for _ in range(count):
            log(ana, 5, red_flags=["saddle"], now=timezone.now())

    return reported


def urgent_notices():
    """Return what is counted here; a worker also queues what belongs to the day, such as a test alert."""
    return Notification.objects.filter(kind="urgent")


def ids(rows):
    return {f"<{pk}@localhost>" for pk in rows.values_list("pk", flat=True)}


def killed(post, times, urgent, each, **broken):
    """Kill so many workers at work, each at a chosen step of a message with a little chance.

    Returns which notices were in a worker's hand as it died, with the last moment of such a death: a notice may be in
    the hand of the next one that dies too.
    """
    in_hand, taken = {}, {}
    for _ in range(times):
        urgent(each)
        with working(post, **broken) as process:
            strike(post, process)
            until(lambda process=process: process.poll() is not None)
        post.on_recipient = post.before_answering = None
        dropped = urgent_notices().filter(sent_at=None, held_until__gt=timezone.now())
        attempts = {f"<{pk}@localhost>": number for pk, number in dropped.values_list("pk", "attempts")}
        in_hand |= dict.fromkeys((id for id in attempts if attempts[id] != taken.get(id)), time.time())
        taken |= attempts
    return in_hand


def strike(post, process):
    """Have the process killed at one of the next messages: as it is begun, as it is taken, or up to 20 ms later."""
    at_hand = Notification.objects.due(timezone.now()).count()
    left, delay = CHANCE.randint(1, at_hand), CHANCE.choice([0, 0, CHANCE.uniform(0, 0.02)])

    def step():
        nonlocal left
        left -= 1
        if left == 0:
            threading.Timer(delay, process.kill).start() if delay else process.kill()

    setattr(post, CHANCE.choice(STEPS), step)


def drained(post, patience):
    with working(post):
        until(lambda: not urgent_notices().filter(sent_at=None).exists(), patience)


def written():
    return {f"<{row.pk}@localhost>": row.created_at.timestamp() for row in urgent_notices()}


def waits(post, since):
    """Return for how long each of these notices waited, from a moment each."""
    first = {}
    for message_id, taken_at in zip(post.message_ids, post.taken_at, strict=True):
        first.setdefault(message_id, taken_at)
    return [first[id] - moment for id, moment in since.items() if id in first]


# Kills


@pytest.mark.parametrize(("kills", "each"), [(5, 4), pytest.param(100, 6, marks=pytest.mark.full)])
def test_no_urgent_notice_is_lost_by_killed_workers(transactional_db, urgent, post, figure, kills, each):
    in_hand = killed(post, kills, urgent, each)
    if kills < 100:  # the lease of the last one in hand is not waited for
        urgent_notices().filter(sent_at=None).update(held_until=None)
    drained(post, LEASE.total_seconds() + 120)
    queued = ids(urgent_notices())
    received = Counter(id for id in post.message_ids if id in queued)
    lost, repeats = queued - set(received), sum(received.values()) - len(received)
    count = f"{len(queued):,} notices, {kills} workers killed, {len(in_hand)} messages in the hand of one"
    figure("urgent notices lost", len(lost), count)
    figure("urgent notices repeated, each under its own Message-ID", repeats, count)
    longest = max(waits(post, in_hand))
    figure("longest wait of a notice after the death of who had it in hand", f"{longest:.1f} s", count)
    figure(
        "longest wait of a notice from its flag, workers killed all the while",
        f"{max(waits(post, written())):.1f} s",
        count,
    )
    assert lost == set()
    assert len(queued) == kills * each
    assert longest <= AFTER_A_KILL


def test_control_marking_before_sending_loses(transactional_db, urgent, post, figure):
    killed(post, 6, urgent, 4, program=("tests/reliability/mark_first.py",))
    urgent_notices().filter(sent_at=None).update(held_until=None)
    drained(post, 60)
    lost = ids(urgent_notices()) - set(post.message_ids)
    figure("control: urgent notices lost by marking before sending", len(lost), "24 notices, 6 workers killed")
    assert lost


def test_a_healthy_worker_hands_over_within_seconds(transactional_db, urgent, post, figure):
    with working(post, "--poll", "3"):
        for _ in range(5):
            urgent(2)
            time.sleep(CHANCE.uniform(0, 1))
        until(lambda: len(post.received) == 10)
    longest = max(waits(post, written()))
    figure("longest wait of a notice, worker healthy", f"{longest:.1f} s", "10 notices")
    assert longest <= HEALTHY


# An evening of mails before it


@pytest.fixture
def evening(paula):
    """Three hundred mails that have been due for an hour, and a mail server that takes a tenth of a second for each."""
    before = timezone.now() - timedelta(hours=1)
    about = {"recipient": paula, "kind": "new-device", "created_at": before, "due_at": before}
    Notification.objects.bulk_create(Notification(key=number, **about) for number in range(300))
    return lambda: time.sleep(0.1)


def test_an_urgent_notice_does_not_wait_for_an_evening_of_mails(transactional_db, evening, urgent, post, figure):
    post.before_answering = evening
    with working(post):
        until(lambda: len(post.received) > 5)
        urgent(3)
        until(lambda: not urgent_notices().filter(sent_at=None).exists())
    waited, before = max(waits(post, written())), Notification.objects.filter(kind="new-device", sent_at=None).count()
    figure("longest wait of an urgent notice, a slow mail server busy", f"{waited:.1f} s", f"{before} mails before it")
    assert before > 200
    assert waited <= HEALTHY
