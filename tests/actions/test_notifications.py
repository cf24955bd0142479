"""The outbox: at least once, whenever the worker dies; the control marks before it sends, and loses."""

from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import transaction

from diary import notices, wording
from diary.actions import flags, notifications, shares
from diary.actions.notifications import FIRST_WAIT, LEASE, LONGEST_WAIT, PATIENCE, claim, deliver, queue
from diary.models import Event, Notification, Share, User
from diary.watching import oldest_unsent
from tests.production import free_port
from tests.smtp import mailed_through

SECOND = timedelta(seconds=1)


class Killed(BaseException):
    """What `kill -9` does to a worker: nothing after it runs."""


def work(now):
    return [deliver(row, now=now) for row in claim(now=now)]


# Any kind


@pytest.fixture
def kind(monkeypatch):
    """A kind of message of its own, wanted as long as nobody says otherwise."""
    wanted = {"to-do": True}
    to_do = notices.Kind(notices.mail(lambda row, now: ("Do", row.key)), is_wanted=lambda row, now: wanted[row.kind])
    monkeypatch.setitem(notices.KINDS, "to-do", to_do)
    return wanted


def test_a_kind_is_sent_by_what_it_says(kind, post, ana, now):
    queue(to=ana, kind="to-do", key="2026-03-10", now=now)
    assert work(now) == [True]
    [message] = post.received
    assert (message["To"], message["Subject"], message.get_content().strip()) == (ana.email, "Do", "2026-03-10")


def test_the_same_thing_is_told_once_to_each(kind, ana, ben, now):
    for person, key in [(ana, "2026-03-10"), (ana, "2026-03-10"), (ben, "2026-03-10"), (ana, "2026-03-11")]:
        queue(to=person, kind="to-do", key=key, now=now)
    assert Notification.objects.count() == 3


def test_it_waits_for_its_hour(kind, post, ana, now):
    queue(to=ana, kind="to-do", key=1, now=now, due_at=now + timedelta(hours=3))
    assert work(now + timedelta(hours=3) - SECOND) == []
    assert oldest_unsent(now) is None
    assert work(now + timedelta(hours=3)) == [True]


def test_what_is_wanted_no_longer_is_dropped(kind, post, ana, now):
    queue(to=ana, kind="to-do", key=1, now=now)
    kind["to-do"] = False
    assert work(now) == [False]
    assert (post.received, Notification.objects.count()) == ([], 0)


def test_any_kind_stops_with_the_account(kind, post, ana, now):
    queue(to=ana, kind="to-do", key=1, now=now)
    User.objects.filter(pk=ana.pk).update(is_active=False)
    assert work(now) == [False]
    assert post.received == []


def test_what_is_queued_in_a_transaction_that_fails_is_not_sent(kind, ana, now):
    @transaction.atomic
    def told_and_killed():
        queue(to=ana, kind="to-do", key=1, now=now)
        raise Killed

    with pytest.raises(Killed):
        told_and_killed()
    assert not Notification.objects.exists()


# Claiming


def test_a_claimed_row_belongs_to_one_worker_until_its_lease_ends(queued, now):
    assert [row.pk for row in claim(now=now)] == [queued.pk]
    assert claim(now=now) == []
    assert claim(now=now + LEASE - SECOND) == []
    assert [row.pk for row in claim(now=now + LEASE)] == [queued.pk]


@pytest.mark.parametrize("kind", ["urgent", "escalation", "unattended"])
def test_what_presses_waits_behind_nothing(ana, paula, now, kind):
    for hours in range(3):
        queue(to=ana, kind="to-do", key=hours, now=now - timedelta(hours=hours))
    queue(to=paula, kind=kind, key=1, now=now)
    assert [[row.kind for row in claim(now=now, most=1)] for _ in range(2)] == [[kind], ["to-do"]]
    assert [row.due_at for row in claim(now=now)] == [now - timedelta(hours=1), now]


def test_two_workers_take_different_rows(ana, paula, log, now):
    log(ana, 5, red_flags=["fever", "legs"])
    first, second = claim(now=now, most=1), claim(now=now, most=1)
    assert len({row.pk for row in first + second}) == 2


def test_what_is_not_due_is_left(queued, now):
    assert claim(now=now - SECOND) == []


# Sending


def test_a_row_is_sent_and_then_marked(queued, post, paula, now):
    assert work(now) == [True]
    queued.refresh_from_db()
    assert (queued.sent_at, queued.held_until, queued.attempts, queued.error) == (now, None, 1, "")
    assert [message["To"] for message in post.received] == [paula.email]
    assert work(now + LEASE) == []


@pytest.mark.parametrize("red_flag", sorted(wording.RED_FLAG))
def test_the_message_says_nothing_of_the_diary(ana, paula, log, post, now, red_flag):
    log(ana, 9, red_flags=[red_flag], note="numb since lunch")
    work(now)
    [message] = post.received
    said = message.as_string().lower()
    assert "http://localhost/worklist/" in message.get_content()
    for word in clinical_words(ana):
        assert word not in said, word


def clinical_words(patient):
    names = {patient.name, *patient.name.split(), patient.email}
    codes = {*wording.RED_FLAG, *wording.RULES, *wording.SYMPTOM, "pain", "numb", "red flag", "diary", "session"}
    titles = {
        str(words.title).split(":")[0] for words in wording.RULES.values() if "%(symptom)" not in str(words.title)
    }
    return {word.lower() for word in names | codes | titles | {str(text) for text in wording.RED_FLAG.values()}}


def test_the_control_of_the_words(queued, post, now, monkeypatch):
    def tell(row, now):
        return "Settle", str(wording.of(row.flag).seen)

    monkeypatch.setitem(notices.KINDS, "urgent", notices.KINDS["urgent"]._replace(compose=notices.mail(tell)))
    work(now)
    said = post.received[0].as_string().lower()
    assert any(word in said for word in clinical_words(queued.flag.patient))


def test_urgent_says_now_and_priority_says_today(queued, now):
    assert "now" in notices.compose(queued, now).subject
    queued.kind = "priority"
    assert "today" in notices.compose(queued, now).subject


def test_the_message_is_one_that_no_machine_answers(queued, now):
    assert notices.compose(queued, now).extra_headers["Auto-Submitted"] == "auto-generated"


def test_each_row_has_a_message_id_of_its_own_and_keeps_it(ana, log, now):
    log(ana, 5, red_flags=["fever", "legs"])
    ids = [notices.compose(row, now).extra_headers["Message-ID"] for row in Notification.objects.all()]
    assert len(set(ids)) == len(ids) > 1
    assert ids == [notices.compose(row, now).extra_headers["Message-ID"] for row in Notification.objects.all()]


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


# Who may no longer know


def test_a_share_taken_back_takes_the_waiting_message_with_it(queued, post, ana, paula, now):
    shares.revoke(by=ana, now=now, share=Share.objects.get(practitioner=paula))
    assert work(now) == [False]
    assert post.received == []
    assert not Notification.objects.exists()
    assert Event.objects.about(paula.pk).filter(verb="notification-dropped", subject=queued.key).exists()


def test_what_a_person_has_handled_is_told_to_nobody_any_more(queued, post, paula, now):
    flags.handle(by=paula, now=now, flag=queued.flag, outcome="acknowledged")
    assert work(now) == [False]
    assert post.received == []


def test_who_is_deactivated_is_told_nothing_more(queued, post, paula, now):
    User.objects.filter(pk=paula.pk).update(is_active=False)
    assert work(now) == [False]
    assert post.received == []


def test_a_lease_outlasts_the_slowest_mail_server(settings):
    from django.conf import settings as real

    conversation = 5  # connect, greet, sender, recipient, text: each may take the whole of its time
    assert conversation * real.EMAIL_TIMEOUT < notifications.LEASE.total_seconds()
