from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from diary import notices
from diary.actions import hours, leaving, messages, shares
from diary.actions.notifications import deliver
from diary.models import Event, Message, Notification, User
from diary.permissions import visible_messages

HOUR = timedelta(hours=1)
CANARY = "canary-of-a-message"


@pytest.fixture
def write(now):
    """Return a function that sends a message from one person to another."""

    def written(by, to, *, after=timedelta(0), id=None, body=CANARY):
        return messages.send(by=by, now=now + after, to=to, id=id or uuid4(), body=body)

    return written


def test_both_sides_write(ana, paula, write):
    asked, answered = write(ana, paula), write(paula, ana, after=HOUR)
    assert [(one.patient, one.practitioner, one.author) for one in (asked, answered)] == [
        (ana, paula, ana),
        (ana, paula, paula),
    ]


@pytest.mark.parametrize(
    ("by", "to"),
    [("ana", "remy"), ("ana", "former"), ("ana", "newcomer"), ("ana", "ben"), ("ana", "admin"), ("ana", "ana")]
    + [(person, "ana") for person in ("ben", "remy", "former", "newcomer", "admin")],
)
def test_only_between_a_patient_and_who_reads_the_diary(by, to, request, ana, newcomer, write, now):
    shares.grant(by=ana, now=now, code=newcomer.practitioner.spoken_code)
    with pytest.raises(PermissionDenied):
        write(request.getfixturevalue(by), request.getfixturevalue(to))
    assert not Message.objects.exists()


def test_a_share_that_ended_ends_it_for_both(ana, paula, write, now):
    write(ana, paula)
    shares.revoke(by=ana, now=now, share=ana.shares.get(practitioner=paula))
    for by, to in ((ana, paula), (paula, ana)):
        with pytest.raises(PermissionDenied):
            write(by, to)


def test_the_same_form_twice_is_one_message(ana, paula, write):
    id = uuid4()
    assert write(ana, paula, id=id) == write(ana, paula, id=id)
    assert Message.objects.count() == 1


def test_the_same_form_with_other_words_is_another_message_once(ana, paula, write):
    id = uuid4()
    write(ana, paula, id=id, body="May I swim?")
    write(ana, paula, id=id, body="May I swim tomorrow?")
    write(ana, paula, id=id, body="May I swim tomorrow?")
    assert {message.body for message in Message.objects.all()} == {"May I swim?", "May I swim tomorrow?"}
    assert Message.objects.count() == 2


def test_under_the_id_of_somebody_elses_it_is_one_of_ones_own_once(ana, paula, join, write):
    id, other = uuid4(), join("Olga Ortiz", "patient", by=paula)
    write(ana, paula, id=id, body="May I swim?")
    assert write(other, paula, id=id, body="May I swim?") == write(other, paula, id=id, body="May I swim?")
    assert [message.patient for message in Message.objects.order_by("sent_at", "patient")] == [ana, other]


def test_what_no_message_may_say_is_refused(ana, paula, write):
    with pytest.raises(IntegrityError):
        write(ana, paula, body=None)


def test_events_say_that_and_not_what(ana, paula, write, now):
    write(ana, paula)
    messages.read(by=paula, now=now, other=ana)
    messages.read(by=paula, now=now, other=ana)
    assert list(Event.objects.about(ana.pk).filter(verb__startswith="message").values_list("verb", "actor_name")) == [
        ("message-sent", "Ana Alves"),
        ("messages-read", "Paula Pinho"),
    ]
    assert not [event for event in Event.objects.values() if CANARY in str(event)]


def test_reading_is_of_what_the_other_wrote(ana, paula, write, now):
    mine, theirs = write(ana, paula), write(paula, ana)
    messages.read(by=ana, now=now + HOUR, other=paula)
    for message in (mine, theirs):
        message.refresh_from_db()
    assert (mine.read_at, theirs.read_at) == (None, now + HOUR)


# In a colleague's place


@pytest.fixture
def cover(paula, remy, now):
    return hours.cover(by=paula, now=now - HOUR, practitioner=paula, covered_by=remy, starts_at=now - HOUR)


@pytest.fixture
def lent(ana, paula, now):
    share = ana.shares.get(practitioner=paula)
    return shares.let_cover(by=ana, now=now, share=share, allowed=True)


def read_by(person, at):
    return [message.body for message in visible_messages(person, at)]


def test_who_stands_in_reads_and_answers_while_they_do(ana, paula, remy, write, now, lent, cover):
    write(ana, paula, body="May I swim?")
    assert read_by(remy, now) == ["May I swim?"]
    answer = messages.send(by=remy, now=now, to=ana, id=uuid4(), body="Yes.", thread=paula)
    assert (answer.practitioner, answer.author) == (paula, remy)
    assert {message.author for message in visible_messages(ana, now)} == {ana, remy}
    hours.uncover(by=paula, now=now, cover=cover)
    assert read_by(remy, now + HOUR) == []
    with pytest.raises(PermissionDenied):
        messages.send(by=remy, now=now + HOUR, to=ana, id=uuid4(), body="Late.", thread=paula)
    assert sorted(read_by(paula, now + HOUR)) == ["May I swim?", "Yes."]


def test_who_stands_in_reads_nothing_that_the_patient_does_not_lend(ana, paula, remy, write, now, cover):
    """Nor where they read the diary by a share of their own."""
    shares.let_cover(by=ana, now=now, share=ana.shares.get(practitioner=paula), allowed=False)
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code)
    write(ana, paula)
    assert read_by(remy, now) == []
    with pytest.raises(PermissionDenied):
        messages.send(by=remy, now=now, to=ana, id=uuid4(), body="Yes.", thread=paula)


def test_who_stands_in_is_told_and_their_answer_reads_what_waited(ana, paula, remy, write, now, lent, cover):
    asked = write(ana, paula)
    assert {row.recipient for row in Notification.objects.filter(kind="message")} == {paula, remy}
    assert all(notices.is_wanted(row, now) for row in Notification.objects.all())
    messages.send(by=remy, now=now, to=ana, id=uuid4(), body="Yes.", thread=paula)
    asked.refresh_from_db()
    assert asked.read_at == now


def test_who_stands_in_only_since_something_waits_is_told_of_what_comes_then(ana, paula, remy, write, now, lent):
    write(ana, paula)
    hours.cover(by=paula, now=now, practitioner=paula, covered_by=remy, starts_at=now)
    write(ana, paula, after=HOUR)
    write(ana, paula, after=HOUR)
    assert [row.recipient for row in Notification.objects.order_by("created_at")] == [paula, remy]


# The mail


def test_one_mail_until_it_is_read(ana, paula, write, now):
    write(ana, paula)
    write(ana, paula)
    assert [(row.recipient, row.kind) for row in Notification.objects.all()] == [(paula, "message")]
    messages.read(by=paula, now=now, other=ana)
    write(ana, paula)
    assert Notification.objects.count() == 2


def test_what_comes_while_a_page_is_on_its_way_is_told(ana, paula, write, now):
    """The first was mailed and waited, so the second was not: and then only the first is opened."""
    first, second = write(ana, paula), write(ana, paula, after=HOUR)
    assert Notification.objects.get().key == str(first.pk)
    for _ in range(2):
        messages.read(by=paula, now=now + HOUR, other=ana, up_to=first.sent_at)
    second.refresh_from_db()
    assert second.read_at is None
    assert Notification.objects.latest("created_at").key == str(second.pk)
    assert Notification.objects.count() == 2


def test_a_mail_says_only_that_there_is_a_message(ana, paula, write, mailoutbox, now):
    write(ana, paula)
    assert deliver(Notification.objects.get(), now=now)
    [mail] = mailoutbox
    assert mail.to == [paula.email]
    assert "There is a message for you in Settle." in mail.body
    for said in (CANARY, "Ana", "Paula", "patient", "pain"):
        assert said not in mail.subject + mail.body


def test_no_mail_of_what_was_read_or_may_be_read_no_more(ana, paula, write, mailoutbox, now):
    write(ana, paula)
    messages.read(by=paula, now=now, other=ana)
    write(ana, paula)
    shares.revoke(by=ana, now=now, share=ana.shares.get(practitioner=paula))
    for row in Notification.objects.all():
        assert not deliver(row, now=now)
    assert mailoutbox == []


def test_a_message_to_who_deletes_their_diary_at_that_moment_is_refused(
    ana, paula, now, monkeypatch, tmp_path, settings
):
    """On PostgreSQL its row names somebody who is gone once it commits; it was an error of ours."""
    settings.ERASED_LIST = tmp_path / "erased.list"

    def too_late(**_message):
        leaving.erase(by=User.objects.get(pk=ana.pk), now=now)
        raise IntegrityError

    monkeypatch.setattr(messages, "send_new", too_late)
    with pytest.raises(PermissionDenied):
        messages.send(by=paula, now=now, to=ana, id=uuid4(), body="How is it?")
