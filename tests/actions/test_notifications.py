"""The outbox: what is queued, who takes it, what is sent, and who may no longer know."""

from datetime import timedelta

import pytest
from django.db import transaction

from diary import notices, wording
from diary.actions import flags, notifications, shares
from diary.actions.notifications import LEASE, claim, deliver, queue
from diary.models import Event, Notification, Share, User
from diary.watching import oldest_unsent

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
