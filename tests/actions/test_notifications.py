"""The outbox: at least once, whenever the worker dies; the control marks before it sends, and loses."""

from datetime import timedelta

import pytest

from diary import notices, wording
from diary.actions import notifications, shares
from diary.actions.notifications import FIRST_WAIT, LEASE, LONGEST_WAIT, claim, deliver
from diary.models import Event, Notification, Share, User
from tests.smtp import PostOffice, free_port

SECOND = timedelta(seconds=1)


class Killed(BaseException):
    """What `kill -9` does to a worker: nothing after it runs."""


@pytest.fixture
def post(settings):
    with PostOffice() as office:
        mailed_through(settings, office.port)
        yield office


@pytest.fixture
def queued(ana, paula, log):
    """One notification to Paula of a red flag that Ana reported just now."""
    log(ana, 5, red_flags=["saddle"], note="numb since lunch")
    return Notification.objects.get()


def mailed_through(settings, port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5


def work(now):
    return [deliver(row, notices.compose, now=now) for row in claim(now=now)]


# Who is told of what


def test_an_urgent_flag_is_told_to_who_reads_the_diary(queued, paula, former, remy, now):
    assert (queued.recipient, queued.kind, queued.due_at, queued.sent_at) == (paula, "flag", now, None)


def test_a_priority_flag_is_told_too(ana, log, now):
    log(ana, 9, soreness=8, now=now)  # no session yet: nothing follows one
    assert not Notification.objects.exists()


def test_severe_pain_after_a_session_is_told_once(ana, log, treat):
    treat(ana, ago=timedelta(hours=20), pain_before=3)
    log(ana, 9, soreness=8, compared="worse", ago=timedelta(hours=2))
    log(ana, 9, soreness=8, compared="worse", ago=timedelta(hours=1))
    assert Notification.objects.count() == 1


def test_what_can_wait_for_the_worklist_is_mailed_to_nobody(ana, log, treat):
    treat(ana, ago=timedelta(hours=60), pain_before=3)
    log(ana, 3, soreness=4, ago=timedelta(hours=1))
    assert ana.flags.filter(rule="lingering-reaction", level=2).exists()
    assert not Notification.objects.exists()


def test_each_reader_is_told(ana, remy, log, now):
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code)
    log(ana, 5, red_flags=["fever", "legs"])
    assert Notification.objects.filter(recipient=remy).count() == 2
    assert Notification.objects.count() == 4


# Claiming


def test_a_claimed_row_belongs_to_one_worker_until_its_lease_ends(queued, now):
    assert [row.pk for row in claim(now=now)] == [queued.pk]
    assert claim(now=now) == []
    assert claim(now=now + LEASE - SECOND) == []
    assert [row.pk for row in claim(now=now + LEASE)] == [queued.pk]


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
    assert (queued.sent_at, queued.lease_until, queued.attempts, queued.error) == (now, None, 1, "")
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
    monkeypatch.setattr(notices, "attention", lambda row: ("Settle", str(wording.of(row.flag).seen)))
    work(now)
    said = post.received[0].as_string().lower()
    assert any(word in said for word in clinical_words(queued.flag.patient))


def test_urgent_says_now_and_priority_says_today(queued):
    assert "now" in notices.compose(queued).subject
    queued.flag.level = 3
    assert "today" in notices.compose(queued).subject


def test_the_message_is_one_that_no_machine_answers(queued):
    assert notices.compose(queued).extra_headers["Auto-Submitted"] == "auto-generated"


def test_each_row_has_a_message_id_of_its_own_and_keeps_it(ana, log):
    log(ana, 5, red_flags=["fever", "legs"])
    ids = [notices.compose(row).extra_headers["Message-ID"] for row in Notification.objects.all()]
    assert len(set(ids)) == len(ids) > 1
    assert ids == [notices.compose(row).extra_headers["Message-ID"] for row in Notification.objects.all()]


# Trouble with the mail


@pytest.mark.parametrize("answer", ["451 later, please", "554 no", "421 closing"])
def test_a_refused_message_waits_longer_each_time_and_is_delivered_in_the_end(queued, post, now, answer):
    post.answer = answer
    waits = []
    for _ in range(12):
        assert work(now) == [False]
        queued.refresh_from_db()
        assert (queued.sent_at, queued.lease_until) == (None, None)
        assert queued.error.startswith("SMTP")
        waits.append(queued.due_at - now)
        now = queued.due_at
    assert waits[:3] == [FIRST_WAIT, 2 * FIRST_WAIT, 4 * FIRST_WAIT]
    assert waits[-1] == LONGEST_WAIT
    post.answer = "250 taken"
    assert work(now) == [True]
    assert len(post.received) == 1


def test_nobody_answering_is_trouble_like_any_other(queued, settings, now):
    mailed_through(settings, free_port())
    assert work(now) == [False]
    queued.refresh_from_db()
    assert (queued.error, queued.due_at) == ("ConnectionRefusedError", now + FIRST_WAIT)


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
    def never_composed(row):
        raise Killed

    [row] = claim(now=now)
    deliver(row, never_composed, now=now)


def killed_between_sending_and_marking(now):
    [row] = claim(now=now)
    notices.compose(row).send()
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
        Notification.objects.filter(pk=row.pk).update(sent_at=now, lease_until=None)
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
    assert Event.objects.about(paula.pk).filter(verb="notification-dropped", subject=queued.flag_id).exists()


def test_who_is_deactivated_is_told_nothing_more(queued, post, paula, now):
    User.objects.filter(pk=paula.pk).update(is_active=False)
    assert work(now) == [False]
    assert post.received == []


def test_a_lease_outlasts_the_slowest_mail_server(settings):
    from django.conf import settings as real

    conversation = 5  # connect, greet, sender, recipient, text: each may take the whole of its time
    assert conversation * real.EMAIL_TIMEOUT < notifications.LEASE.total_seconds()
