"""The monthly test: one a month to whoever may be told, confirmed by them alone, and missed where it is not."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from diary import notices
from diary.actions import alerts, notifications
from diary.models import Alert, Event, Notification, User

MONTH = timedelta(days=31)
WEEK = timedelta(days=7)


@pytest.fixture
def tested(ana, paula, remy, newcomer, now):
    assert alerts.queue_due(now=now) == 2
    return Alert.objects.get(practitioner=paula)


def test_every_verified_practitioner_is_tested_once_a_month(tested, paula, remy, now):
    assert {row.recipient for row in Notification.objects.filter(kind="test")} == {paula, remy}
    assert tested.month == date(2026, 3, 1)
    assert alerts.queue_due(now=now + timedelta(days=20)) == 0
    assert alerts.queue_due(now=now + MONTH) == 2


def test_it_is_sent_in_reading_hours(paula):
    evening = datetime(2026, 3, 10, 20, tzinfo=UTC)
    alerts.queue_due(now=evening)
    assert Notification.objects.get().due_at == datetime(2026, 3, 11, 9, tzinfo=UTC)


def test_it_leads_to_its_page(tested, now):
    message = notices.compose(Notification.objects.get(key=tested.pk), now)
    assert f"/alerts/{tested.pk}/" in message.body


def test_confirming_is_noted_once(tested, paula, now):
    alerts.confirm(by=paula, now=now, alert=tested)
    alerts.confirm(by=paula, now=now + WEEK, alert=tested)
    tested.refresh_from_db()
    assert tested.confirmed_at == now
    assert Event.objects.about(paula.pk).filter(verb="alert-confirmed", subject=str(tested.pk)).count() == 1


def test_a_test_confirmed_before_it_is_sent_is_not_sent(tested, paula, remy, now):
    alerts.confirm(by=paula, now=now, alert=tested)
    Notification.objects.filter(recipient=remy).delete()
    [row] = notifications.claim(now=now)
    assert not notifications.deliver(row, now=now)


@pytest.mark.parametrize("name", ["remy", "admin", "ana"])
def test_nobody_confirms_for_another(tested, request, now, name):
    with pytest.raises(PermissionDenied):
        alerts.confirm(by=request.getfixturevalue(name), now=now, alert=tested)


def test_unconfirmed_for_a_week_it_is_missed(tested, paula, remy, now):
    assert set(User.objects.unconfirmed(now + WEEK - timedelta(seconds=1))) == set()
    assert set(User.objects.unconfirmed(now + WEEK)) == {paula, remy}
    alerts.confirm(by=paula, now=now + WEEK, alert=tested)
    assert set(User.objects.unconfirmed(now + WEEK)) == {remy}


def test_confirming_the_latest_confirms_those_before(tested, paula, now):
    alerts.queue_due(now=now + MONTH)
    latest = Alert.objects.filter(practitioner=paula).latest("month")
    alerts.confirm(by=paula, now=now + MONTH, alert=latest)
    assert paula not in User.objects.unconfirmed(now + 2 * MONTH)
