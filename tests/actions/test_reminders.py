from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from diary import notices
from diary.actions import accounts, notifications, reminders, sessions
from diary.models import Event, Notification, ReminderPlan
from tests.test_calling import OK, certificate, system  # noqa: F401

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


def worked(now):
    """What a round of the worker does about reminders: what is due is queued, then what is queued is sent."""
    queued = sum(reminders.remind_if_due(pk, now=now) for pk in reminders.due(now=now))
    for row in notifications.claim(now=now):
        notifications.deliver(row, now=now)
    return queued


def lived(start, hours, *, step=HOUR / 2, between=lambda moment: None):
    """Return when reminders came in so many hours of a worker that comes by every half hour."""
    came = []
    for number in range(int(hours * HOUR / step)):
        moment = start + number * step
        between(moment)
        before = len(mail.outbox)
        worked(moment)
        came += [moment] * (len(mail.outbox) - before)
    return came


@pytest.fixture
def only_ana(ana):
    """Nobody else is reminded here."""
    ReminderPlan.objects.exclude(patient=ana).update(by_mail=False)


def test_remind_after_a_session_soon_then_a_day_then_two_then_weekly(only_ana, ana, paula, treat, now):
    treat(ana, by=paula)
    came = [(moment - now) / HOUR for moment in lived(now, 240)]
    assert came == [3, 24, 48, 216]


def test_remind_leaves_out_what_an_entry_has_answered(only_ana, ana, treat, log, now):
    treat(ana)

    def says(moment):
        if moment == now + 2 * HOUR:
            log(ana, 3, now=moment)
        if moment == now + 25 * HOUR:
            log(ana, 3, now=moment, soreness=3)

    assert [(moment - now) / HOUR for moment in lived(now, 100, between=says)] == [24, 48, 72]


def test_remind_stops_once_it_has_settled(only_ana, ana, treat, log, now):
    treat(ana)

    def says(moment):
        if moment == now + 25 * HOUR:
            log(ana, 3, now=moment, soreness=0)

    assert [(moment - now) / HOUR for moment in lived(now, 150, between=says)] == [3, 24]


def test_remind_again_where_soreness_comes_back_after_that(only_ana, ana, treat, log, now):
    treat(ana)

    def says(moment):
        if moment in (now + 25 * HOUR, now + 40 * HOUR - HOUR / 2):
            log(ana, 3, now=moment, soreness=0 if moment < now + 30 * HOUR else 4)

    assert [(moment - now) / HOUR for moment in lived(now, 100, between=says)] == [3, 24, 48, 72]


def test_remind_of_a_session_recorded_meanwhile(only_ana, ana, plan, treat, now):
    reminders.remind_if_due(ana.pk, now=now)
    session = treat(ana, now=now + HOUR)
    plan.refresh_from_db()
    assert plan.look_at == now + HOUR
    worked(now + HOUR)
    plan.refresh_from_db()
    assert plan.look_at == now + 4 * HOUR
    sessions.withdraw(by=ana, now=now + 2 * HOUR, session=session)
    assert lived(now + 2 * HOUR, 30) == []


def test_remind_never_in_quiet_hours_of_ones_own_clock(only_ana, ana, treat, now):
    ana.time_zone = "Pacific/Auckland"
    ana.save()
    reminders.save(by=ana, now=now, by_mail=True, in_app=True, quiet_from=time(20), quiet_until=time(9))
    treat(ana)
    came = [moment.astimezone(ZoneInfo("Pacific/Auckland")) for moment in lived(now, 24 * 30)]
    assert len(came) >= 4
    assert all(time(9) <= moment.time() < time(20) for moment in came)
    assert len({moment.date() for moment in came}) == len(came)


def test_remind_who_has_gone_where_it_is_day_and_says_so(only_ana, ana, treat, now):
    """What waited for the morning of the place before was over by then: it never came."""
    evening = now.replace(hour=22)
    treat(ana, now=evening)

    def arrives(moment):
        if moment == evening + 26 * HOUR:
            said = {"name": ana.name, "language": "en", "time_zone": "America/Los_Angeles"}
            accounts.save_settings(by=ana, now=moment, **said)

    came = [(moment - evening) / HOUR for moment in lived(evening + 20 * HOUR, 20, between=arrives)]
    assert came == [26]


def test_remind_queues_one_message_a_local_day(only_ana, ana, treat, now):
    treat(ana)
    at = now + 3 * HOUR
    assert reminders.remind_if_due(ana.pk, now=at)
    ReminderPlan.objects.filter(patient=ana).update(look_at=at, reminded_at=None)
    reminders.remind_if_due(ana.pk, now=at)
    assert Notification.objects.filter(kind="reminder").count() == 1


def test_a_reminder_says_nothing_of_the_diary_and_how_to_stop(only_ana, ana, paula, treat, now):
    treat(ana, by=paula, note="canary")
    worked(now + 3 * HOUR)
    message = mail.outbox[0]
    assert (message.to, message.subject) == ([ana.email], "A moment for your diary")
    assert not any(word in message.body for word in ("Ana", "Paula", "session", "pain", "canary"))
    off = notices.patients.off_link(ana)
    assert off in message.body
    assert message.extra_headers["List-Unsubscribe"] == f"<{off}>"
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("overtaken", ["logged", "stopped", "snoozed", "night", "tomorrow", "closed"])
def test_what_was_queued_is_not_sent_once_it_is_overtaken(overtaken, only_ana, ana, admin, treat, log, now):
    treat(ana)
    at = now + 3 * HOUR
    reminders.remind_if_due(ana.pk, now=at)
    later = {"night": at + 7 * HOUR, "tomorrow": at + 18 * HOUR}.get(overtaken, at + HOUR)
    deeds = {
        "logged": lambda: log(ana, 3, now=later - HOUR / 2),
        "stopped": lambda: reminders.stop_mail(of=ana, now=later),
        "snoozed": lambda: reminders.snooze(by=ana, now=later, days=1),
        "closed": lambda: accounts.deactivate(by=admin, now=later, user=ana),
    }
    deeds.get(overtaken, lambda: None)()
    for row in notifications.claim(now=later):
        notifications.deliver(row, now=later)
    assert mail.outbox == []
    assert Event.objects.filter(verb="notification-dropped").count() == 1


def test_a_queued_reminder_is_sent(only_ana, ana, treat, now):
    treat(ana)
    reminders.remind_if_due(ana.pk, now=now + 3 * HOUR)
    for row in notifications.claim(now=now + 4 * HOUR):
        notifications.deliver(row, now=now + 4 * HOUR)
    assert len(mail.outbox) == 1


def test_snooze_keeps_quiet_so_long(only_ana, ana, treat, now):
    treat(ana)
    reminders.snooze(by=ana, now=now, days=1)
    assert [(moment - now) / HOUR for moment in lived(now, 60)] == [24, 48]
    reminders.snooze(by=ana, now=now + 60 * HOUR, days=7)
    assert lived(now + 60 * HOUR, 7 * 24 - 1) == []


def test_a_pause_that_is_ended_is_over(only_ana, ana, treat, now):
    treat(ana)
    reminders.snooze(by=ana, now=now, days=7)
    reminders.snooze(by=ana, now=now + HOUR, days=0)
    assert [(moment - now) / HOUR for moment in lived(now + HOUR, 10)] == [3]


def test_stop_mail_stops_and_saving_starts_again(only_ana, ana, treat, now):
    treat(ana)
    reminders.stop_mail(of=ana, now=now)
    assert lived(now, 30) == []
    reminders.save(by=ana, now=now + 30 * HOUR, by_mail=True)
    assert [(moment - now) / HOUR for moment in lived(now + 30 * HOUR, 30)] == [48]


def test_a_closed_account_is_reminded_of_nothing(only_ana, ana, admin, treat, now):
    treat(ana)
    accounts.deactivate(by=admin, now=now, user=ana)
    assert lived(now, 30) == []


def test_the_link_to_stop_is_no_others(ana, ben):
    token = notices.patients.off_link(ana).rstrip("/").rpartition("/")[2]
    assert reminders.patient_of(token) == ana
    assert reminders.patient_of(f"{ben.pk}:{token.partition(':')[2]}") is None
    assert reminders.patient_of("") is None


def test_a_calendar_opens_by_its_latest_address_only(ana, now):
    first = reminders.renew_calendar(by=ana, now=now)
    second = reminders.renew_calendar(by=ana, now=now)
    assert reminders.plan_of_calendar(first) is None
    assert reminders.plan_of_calendar(second).patient == ana
    assert second not in str(list(ReminderPlan.objects.values())) + str(list(Event.objects.values()))
    reminders.revoke_calendar(by=ana, now=now)
    assert reminders.plan_of_calendar(second) is None


def test_wishes_are_a_patients_own(paula, now):
    for deed in (
        lambda: reminders.save(by=paula, now=now, by_mail=True),
        lambda: reminders.snooze(by=paula, now=now, days=1),
        lambda: reminders.renew_calendar(by=paula, now=now),
        lambda: reminders.revoke_calendar(by=paula, now=now),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_a_plan_that_cannot_be_read_waits_an_hour(ana, now):
    reminders.put_off(ana.pk, ValueError("unreadable"), now=now)
    assert ana.pk not in reminders.due(now=now)
    assert ana.pk in reminders.due(now=now + HOUR)


@pytest.mark.parametrize("count", [1, 5])
def test_remind_needs_as_many_statements_for_a_long_diary(
    count, only_ana, ana, treat, log, now, django_assert_num_queries
):
    for number in range(count):
        treat(ana, ago=(number * 7) * DAY + 3 * HOUR)
        log(ana, 3, ago=(number * 7 + 1) * DAY)
    with django_assert_num_queries(9):  # two of them the savepoint
        assert reminders.remind_if_due(ana.pk, now=now)


def test_the_clocks_change_between_two_reminders(only_ana, ana, treat):
    start = datetime(2026, 3, 28, 14, 0, tzinfo=UTC)  # the day before, in Lisbon
    ReminderPlan.objects.filter(patient=ana).update(look_at=start)
    treat(ana, now=start)
    assert [(moment - start) / HOUR for moment in lived(start, 60)] == [3, 24, 48]
