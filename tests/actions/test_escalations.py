"""An urgent flag is passed on until a person answers it; time counts in the hours of the person told."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction

from diary import watching
from diary.actions import entries, escalations, flags, hours, notifications, shares
from diary.hours import Opening
from diary.models import Escalation, Event, Flag, Notification, Share
from diary.notices import is_wanted

MINUTE = timedelta(minutes=1)
HALF_AN_HOUR = 30 * MINUTE
EVENING = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)  # a Tuesday
MORNING = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


@pytest.fixture
def urgent(ana, paula, log, now):
    """Return a function that has Ana report something urgent: the flag."""

    def reported(at=now):
        log(ana, 5, red_flags=["saddle"], now=at)
        return Flag.objects.get()

    return reported


@pytest.fixture
def stand_in(ana, paula, remy, now):
    """Remy stands in for Paula, who is there: he is told after her."""
    Share.objects.update(with_cover=True)
    hours.cover(by=paula, now=now, practitioner=paula, covered_by=remy, starts_at=now - timedelta(days=1))
    return remy


def passed_on(at):
    return [escalations.pass_on(flag, now=at) for flag in escalations.due(now=at)]


def told(flag):
    return [row.recipient for row in flag.notifications.order_by("created_at", "-kind")]  # urgent before escalation


def test_it_is_passed_on_after_30_minutes_of_reading(urgent, paula, stand_in, now):
    flag = urgent()
    assert told(flag) == [paula]
    assert passed_on(now + HALF_AN_HOUR - MINUTE) == []
    assert passed_on(now + HALF_AN_HOUR) == [True]
    assert told(flag) == [paula, stand_in]
    row = Notification.objects.get(recipient=stand_in)
    assert (row.kind, row.due_at) == ("escalation", now + HALF_AN_HOUR)
    event = Event.objects.get(verb="flag-passed-on")
    assert (event.stream, event.subject, event.new) == (str(flag.patient_id), str(flag.pk), "Remy Roche")


def test_after_the_last_it_is_on_the_unattended_list_and_admins_are_told(urgent, stand_in, admin, now):
    flag = urgent()
    passed_on(now + HALF_AN_HOUR)
    assert not Escalation.objects.unattended().exists()
    assert passed_on(now + 2 * HALF_AN_HOUR) == [True]
    left = Escalation.objects.unattended().get()
    assert (left.flag, left.steps, left.due_at, left.unattended_at) == (flag, 1, None, now + 2 * HALF_AN_HOUR)
    assert Notification.objects.get(kind="unattended").recipient == admin
    assert Event.objects.filter(verb="flag-unattended", subject=str(flag.pk)).exists()
    assert passed_on(now + timedelta(days=9)) == []


def test_out_of_hours_everybody_is_mailed_at_once_and_the_half_hour_begins_in_the_morning(urgent, paula, stand_in):
    flag = urgent(EVENING)
    assert flag.notifications.get().due_at == EVENING
    assert passed_on(MORNING + HALF_AN_HOUR - MINUTE) == []
    assert passed_on(MORNING + HALF_AN_HOUR) == [True]
    assert told(flag) == [paula, stand_in]


@pytest.mark.parametrize("outcome", ["acknowledged", "contacted"])
def test_an_answer_ends_it(urgent, paula, stand_in, now, outcome):
    flag = urgent()
    flags.handle(by=paula, now=now + MINUTE, flag=flag, outcome=outcome)
    assert passed_on(now + timedelta(days=9)) == []
    assert told(flag) == [paula]


def test_an_answer_takes_it_off_the_unattended_list(urgent, paula, now):
    flag = urgent()
    passed_on(now + HALF_AN_HOUR)
    assert Escalation.objects.unattended().count() == 1
    flags.handle(by=paula, now=now + timedelta(hours=1), flag=flag, outcome="contacted")
    assert not Escalation.objects.unattended().exists()


def test_opened_again_everybody_is_told_anew(urgent, paula, stand_in, admin, now):
    """Who was told before somebody answered it has seen it answered, and looks no more."""
    flag = urgent()
    passed_on(now + HALF_AN_HOUR)
    passed_on(now + 2 * HALF_AN_HOUR)
    Notification.objects.update(sent_at=now + 2 * HALF_AN_HOUR)
    flags.handle(by=stand_in, now=now + 2 * HALF_AN_HOUR, flag=flag, outcome="contacted")
    later = now + timedelta(hours=2)
    flags.reopen(by=stand_in, now=later, flag=Flag.objects.get())
    assert told(flag) == [paula, stand_in, paula]
    assert passed_on(later + HALF_AN_HOUR - MINUTE) == []
    assert passed_on(later + HALF_AN_HOUR) == [True]
    assert told(flag) == [paula, stand_in, paula, stand_in]
    assert passed_on(later + 2 * HALF_AN_HOUR) == [True]
    assert [row.recipient for row in Notification.objects.filter(kind="unattended")] == [admin, admin]
    assert all(is_wanted(row, later + 2 * HALF_AN_HOUR) for row in Notification.objects.unsent())


@pytest.mark.parametrize("act", ["reopen", "undo"])
def test_an_answer_taken_back_is_told_of_once_more(urgent, paula, now, act):
    flag = urgent()
    flags.handle(by=paula, now=now + MINUTE, flag=flag, outcome="contacted")
    getattr(flags, act)(by=paula, now=now + 2 * MINUTE, flag=flag)
    assert told(flag) == [paula, paula]
    assert len({row.key for row in flag.notifications.all()}) == 2


def test_what_could_not_be_said_after_it_was_opened_again_is_passed_on_at_once(urgent, paula, stand_in, now):
    flag = urgent()
    Notification.objects.update(sent_at=now)
    flags.handle(by=paula, now=now + MINUTE, flag=flag, outcome="contacted")
    later = now + timedelta(hours=1)
    flags.reopen(by=paula, now=later, flag=flag)
    notifications.put_off(Notification.objects.unsent().get(), ValueError("no such address"), now=later)
    assert passed_on(later) == [True]
    unsaid = watching.reach(Flag.objects.get(), [*flag.notifications.filter(recipient=paula)])
    assert unsaid == "unreached"


def taken_up(at):
    return [escalations.take_up(flag, now=at) for flag in escalations.left(now=at)]


def test_what_nobody_attends_to_is_told_to_whoever_may_read_it_later(urgent, paula, remy, admin, now):
    flag, later = urgent(), now + timedelta(hours=1)
    passed_on(now + HALF_AN_HOUR)
    assert taken_up(now + HALF_AN_HOUR) == [False]
    Share.objects.update(with_cover=True)
    hours.cover(by=paula, now=later, practitioner=paula, covered_by=remy, starts_at=later)
    assert taken_up(later) == [True]
    assert told(flag) == [paula, remy]
    assert not Escalation.objects.unattended().exists()
    assert (taken_up(later), passed_on(later + HALF_AN_HOUR - MINUTE)) == ([False], [])
    assert passed_on(later + HALF_AN_HOUR) == [True]
    assert [row.recipient for row in Notification.objects.filter(kind="unattended")] == [admin, admin]
    assert Escalation.objects.unattended().get().flag == flag


def test_who_stands_in_while_another_has_time_to_answer_is_told_at_once(urgent, paula, remy, now):
    """Told in the evening, Paula goes away; Remy reads at night, and would have been told only in the morning."""
    flag = urgent(EVENING)
    Share.objects.update(with_cover=True)
    assert taken_up(EVENING) == [False]
    hours.save(by=remy, now=now, practitioner=remy, zone="UTC", openings=[Opening(1, 20 * 60, 24 * 60)])
    hours.go_away(by=paula, now=EVENING, practitioner=paula, first_day=EVENING.date(), covered_by=remy)
    assert (taken_up(EVENING + MINUTE), told(flag)) == ([True], [paula, remy])
    assert (taken_up(EVENING + MINUTE), passed_on(EVENING + HALF_AN_HOUR)) == ([False], [])
    assert passed_on(EVENING + HALF_AN_HOUR + MINUTE) == [True]
    assert Escalation.objects.unattended().get().flag == flag


def test_a_second_reader_costs_the_first_no_minute_and_gives_none(urgent, ana, paula, remy, now):
    flag = urgent()
    Share.objects.update(with_cover=True)
    hours.save(by=remy, now=now, practitioner=remy, zone="UTC", openings=[Opening(5, 9 * 60, 10 * 60)])
    hours.go_away(by=paula, now=now, practitioner=paula, first_day=now.date(), covered_by=remy)
    assert (taken_up(now + MINUTE), told(flag)) == ([True], [paula, remy])
    assert Escalation.objects.get().due_at == now + HALF_AN_HOUR


def test_who_is_away_for_weeks_is_not_waited_for_until_they_are_back(urgent, paula, admin, now):
    hours.go_away(by=paula, now=now, practitioner=paula, first_day=now.date(), last_day=now.date() + timedelta(20))
    flag = urgent(EVENING)
    assert told(flag) == [paula]
    assert passed_on(MORNING + HALF_AN_HOUR - MINUTE) == []
    assert passed_on(MORNING + HALF_AN_HOUR) == [True]
    assert Notification.objects.get(kind="unattended").recipient == admin


def test_what_was_answered_is_taken_up_by_nobody(urgent, paula, stand_in, now):
    flag = urgent()
    passed_on(now + HALF_AN_HOUR)
    passed_on(now + 2 * HALF_AN_HOUR)
    (left,) = escalations.left(now=now + 2 * HALF_AN_HOUR)
    flags.handle(by=paula, now=now + 2 * HALF_AN_HOUR, flag=flag, outcome="contacted")
    assert not escalations.take_up(left, now=now + 3 * HALF_AN_HOUR)
    assert told(flag) == [paula, stand_in]


def test_a_withdrawn_entry_is_still_passed_on(urgent, ana, paula, stand_in, now):
    flag = urgent()
    entries.withdraw(by=ana, now=now + MINUTE, entry=flag.entry)
    assert passed_on(now + HALF_AN_HOUR) == [True]


def test_who_lost_the_diary_meanwhile_is_not_told(urgent, ana, paula, stand_in, now):
    flag = urgent()
    shares.revoke(by=ana, now=now + MINUTE, share=Share.objects.get(practitioner=paula))
    assert passed_on(now + HALF_AN_HOUR) == [True]
    assert told(flag) == [paula]
    assert Escalation.objects.unattended().count() == 1


def test_nobody_to_tell_is_unattended_at_once(ben, log, now):
    log(ben, 5, red_flags=["saddle"])
    assert passed_on(now) == [True]
    assert Escalation.objects.unattended().count() == 1


def test_less_than_urgent_is_not_passed_on(ana, treat, log):
    treat(ana, ago=timedelta(hours=20), pain_before=3)
    log(ana, 9, soreness=8, compared="worse", ago=timedelta(hours=2))
    assert Flag.objects.filter(level=3).exists()
    assert not Escalation.objects.exists()


def test_two_workers_pass_it_on_once(urgent, paula, stand_in, now):
    flag = urgent()
    at = now + HALF_AN_HOUR
    [due] = escalations.due(now=at)
    assert escalations.pass_on(due, now=at)
    assert not escalations.pass_on(due, now=at)
    assert told(flag) == [paula, stand_in]


def test_what_cannot_be_passed_on_is_put_off_and_not_lost(urgent, now):
    flag, at = urgent(), now + HALF_AN_HOUR
    escalations.put_off(flag.pk, KeyError(), now=at)
    assert escalations.due(now=at) == []
    assert escalations.due(now=at + MINUTE) == [flag.pk]


# Mail that does not arrive


def deliver_all(now):
    return [notifications.deliver(row, now=now) for row in notifications.claim(now=now)]


def test_who_could_not_be_told_is_not_waited_for(urgent, paula, stand_in, post, now):
    flag, post.to = urgent(), "550 nobody of that name"
    assert deliver_all(now) == [False]
    assert passed_on(now) == [True]
    assert told(flag) == [paula, stand_in]


def test_one_of_several_told_is_enough_to_wait(urgent, ana, paula, remy, post, now):
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code)
    flag = urgent()
    [first, _] = notifications.claim(now=now)
    assert notifications.deliver(first, now=now)
    post.to = "550 nobody of that name"
    Notification.objects.filter(sent_at=None).update(held_until=None)
    assert deliver_all(now) == [False]
    assert len(told(flag)) == 2
    assert passed_on(now) == []


# Control


def test_control_without_the_last_step_a_flag_is_forgotten(urgent, admin, now, monkeypatch):
    monkeypatch.setattr(escalations, "leave", lambda escalation, key, *, now: None)
    urgent()
    passed_on(now + HALF_AN_HOUR)
    assert not Escalation.objects.unattended().exists()
    assert not Notification.objects.filter(kind="unattended").exists()


@pytest.mark.django_db(transaction=True)
def test_a_flag_that_is_written_at_that_moment_is_passed_on_after_it(urgent, paula, stand_in, now):
    """On PostgreSQL whoever writes the flag and the worker each waited for the other, and one of them failed."""
    flag, held, failed = urgent(), threading.Event(), []

    def rise():
        try:
            with transaction.atomic():
                risen = Flag.objects.select_for_update().get(pk=flag.pk)
                held.set()
                threading.Event().wait(0.5)
                escalations.begin([risen], [paula], now=now)
        except Exception as trouble:  # noqa: BLE001 said below
            failed.append(trouble)
        finally:
            connection.close()

    thread = threading.Thread(target=rise)
    thread.start()
    assert held.wait(10)
    escalations.pass_on(flag.pk, now=now + HALF_AN_HOUR)
    thread.join()
    assert failed == []
    escalations.pass_on(flag.pk, now=now + HALF_AN_HOUR)
    assert told(flag) == [paula, stand_in]
