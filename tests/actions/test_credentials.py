from datetime import UTC, date, datetime, timedelta

import pytest

from diary import notices
from diary.actions import accounts, credentials
from diary.models import Notification
from diary.permissions import is_verified, visible_diaries

pytestmark = pytest.mark.django_db
LAST = date(2027, 6, 30)


@pytest.fixture
def ella(join, verify):
    return verify(join("Ella Expiring", "practitioner"), expires_on=LAST)


def at(days):
    """Return a moment so many days before the last one."""
    return datetime(LAST.year, LAST.month, LAST.day, 9, tzinfo=UTC) - timedelta(days=days)


def told(person):
    rows = Notification.objects.filter(recipient=person, kind="credential").order_by("created_at")
    return [int(row.key.split()[2]) for row in rows]


def test_reminders_come_once_at_each_stage_to_the_holder_and_each_admin(ella, admin, ana, paula):
    for days in range(200, -10, -1):
        credentials.queue_reminders(now=at(days))
    assert told(ella) == told(admin) == [180, 90, 60, 30]
    assert told(ana) == told(paula) == []
    moments = Notification.objects.filter(recipient=ella).order_by("created_at").values_list("created_at", flat=True)
    assert list(moments) == [at(days) for days in (180, 90, 60, 30)]


def test_a_late_look_reminds_of_the_nearest_stage_alone(ella):
    assert credentials.queue_reminders(now=at(45)) == 2
    assert credentials.queue_reminders(now=at(45)) == 0
    assert told(ella) == [60]


def test_a_renewed_credential_is_reminded_of_anew_and_the_old_one_no_more(ella, verify):
    credentials.queue_reminders(now=at(60))
    row = Notification.objects.filter(recipient=ella).get()
    assert notices.is_wanted(row, at(60))
    verify(ella, expires_on=LAST + timedelta(days=365), at=at(59))
    assert not notices.is_wanted(row, at(59))
    credentials.queue_reminders(now=at(30))
    assert told(ella) == [60]
    credentials.queue_reminders(now=at(180 - 365))
    assert told(ella) == [60, 180]


def test_nobody_is_reminded_of_a_deactivated_practitioner(ella, admin):
    credentials.queue_reminders(now=at(30))
    accounts.deactivate(by=admin, now=at(30), user=ella)
    assert credentials.queue_reminders(now=at(20)) == 0
    assert not any(notices.is_wanted(row, at(30)) for row in Notification.objects.filter(kind="credential"))


def test_the_mails_name_the_day_and_nobody(ella, admin):
    credentials.queue_reminders(now=at(30))
    for person in (ella, admin):
        message = notices.compose(Notification.objects.get(recipient=person, kind="credential"), at(30))
        assert "Wednesday 30 June 2027" in message.subject
        assert "Ella" not in message.subject + message.body


def test_a_credential_counts_to_the_end_of_its_last_day_in_utc(ana, paula, verify, admin):
    """The very instant: the last microsecond is in, midnight is out, wherever anybody lives."""
    paula.practitioner.credentials.update(expires_on=LAST)
    midnight = datetime(2027, 7, 1, tzinfo=UTC)
    last = midnight - timedelta(microseconds=1)
    assert is_verified(paula, last)
    assert visible_diaries(paula, last).filter(patient=ana).exists()
    assert not is_verified(paula, midnight)
    assert not visible_diaries(paula, midnight).exists()
    verify(paula, expires_on=LAST + timedelta(days=365), at=midnight)
    assert visible_diaries(paula, midnight).filter(patient=ana).exists()
