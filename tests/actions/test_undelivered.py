"""Trouble with the mail, and a worker killed anywhere: at least once; the control marks before it sends, and loses."""

from datetime import timedelta
from unittest.mock import patch

import pytest

from diary import notices
from diary.actions import notifications
from diary.actions.notifications import FIRST_WAIT, LEASE, LONGEST_WAIT, PATIENCE, claim, deliver
from diary.models import Event, Notification, User
from tests.actions.test_notifications import SECOND, Killed, work
from tests.production import free_port
from tests.smtp import mailed_through

# Trouble with the mail


@pytest.mark.parametrize("answer", ["451 later, please", "554 no", "421 closing"])
def test_a_refused_message_waits_longer_each_time_and_is_delivered_in_the_end(queued, post, now, answer):
    post.answer = answer
    waits = []
    for _ in range(12):
        assert work(now) == [False]
        queued.refresh_from_db()
        assert queued.sent_at is None
        assert queued.error.startswith("SMTP")
        waits.append(queued.held_until - now)
        assert work(queued.held_until - SECOND) == []
        now = queued.held_until
    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert waits[-1] == LONGEST_WAIT
    post.answer = "250 taken"
    assert work(now) == [True]
    assert len(post.received) == 1


def test_it_is_tried_for_as_long_as_it_takes(queued, post, now):
    Notification.objects.update(attempts=1_000_000)
    post.answer = "451 later"
    assert work(now) == [False]
    assert Notification.objects.get().held_until == now + LONGEST_WAIT


def test_nobody_answering_is_trouble_like_any_other(queued, settings, now):
    mailed_through(settings, free_port())
    assert work(now) == [False]
    queued.refresh_from_db()
    assert (queued.error, queued.held_until) == ("ConnectionRefusedError", now + FIRST_WAIT)


@pytest.mark.parametrize(("answer", "later"), [("451 later", PATIENCE), ("554 no", timedelta(0))])
def test_trouble_that_lasts_is_shown_and_a_refusal_at_once(queued, post, paula, now, answer, later):
    post.answer = answer
    if later:
        assert work(now + later - SECOND) == [False]
        assert not Notification.objects.failed().exists()
    now += later
    Notification.objects.update(held_until=None)
    assert work(now) == [False]
    assert Notification.objects.failed().get().failed_at == now
    assert Event.objects.about(paula.pk).filter(verb="notification-failed", subject=queued.key).count() == 1
    Notification.objects.update(held_until=None)
    assert work(now + SECOND) == [False]
    assert Notification.objects.get().failed_at == now
    assert Event.objects.filter(verb="notification-failed").count() == 1
    post.answer = "250 taken"
    Notification.objects.update(held_until=None)
    assert work(now + 2 * SECOND) == [True]
    assert not Notification.objects.failed().exists()


def test_a_mailbox_that_is_refused_is_shown_at_once(queued, post, now):
    post.to = "550 nobody of that name"
    assert work(now) == [False]
    assert Notification.objects.get().failed_at == now
    post.to = "450 busy"
    Notification.objects.update(failed_at=None, held_until=None)
    assert work(now) == [False]
    assert Notification.objects.get().failed_at is None


def test_an_address_that_no_header_may_hold_stops_nothing(queued, post, paula, now):
    User.objects.filter(pk=paula.pk).update(email="paula@settle.example\nBcc: all@settle.example")
    assert work(now) == [False]
    queued.refresh_from_db()
    assert queued.error == "ValueError"
    assert post.received == []


def test_the_error_kept_holds_no_word_of_the_server(queued, post, now):
    post.answer = "554 refused: ana alves is in pain"
    work(now)
    queued.refresh_from_db()
    assert queued.error == "SMTPDataError"


# A worker killed anywhere


def killed_after_the_claim(now):
    claim(now=now)
    raise Killed


def killed_before_sending(now):
    [row] = claim(now=now)
    with patch.object(notifications, "compose", side_effect=Killed):
        deliver(row, now=now)


def killed_between_sending_and_marking(now):
    [row] = claim(now=now)
    notices.compose(row, now).send()
    raise Killed


DEATHS = [(killed_after_the_claim, 1), (killed_before_sending, 1), (killed_between_sending_and_marking, 2)]


@pytest.mark.parametrize(("die", "copies"), DEATHS)
def test_a_killed_worker_repeats_and_never_loses(queued, post, now, die, copies):
    with pytest.raises(Killed):
        die(now)
    assert work(now + LEASE - SECOND) == []
    assert work(now + LEASE) == [True]
    assert len(post.received) == copies
    assert len(set(post.message_ids)) == 1


def test_the_control_marking_before_sending_loses(queued, post, now):
    def mark_then_send(row):
        Notification.objects.filter(pk=row.pk).update(sent_at=now, held_until=None)
        raise Killed  # where the sending would have come

    with pytest.raises(Killed):
        mark_then_send(*claim(now=now))
    assert work(now + 10 * LEASE) == []
    assert post.received == []
