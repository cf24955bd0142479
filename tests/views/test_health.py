from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.urls import reverse

from diary import watching
from diary.actions import backups
from diary.actions.audit import record_event
from diary.models import Notification

pytestmark = pytest.mark.django_db


def test_show_says_ok_to_anybody(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get(reverse("health-show"))
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": True, "worker_seconds": 0, "oldest_unsent_seconds": None}


def test_show_tells_how_long_the_oldest_unsent_notification_has_waited(client, ana, now):
    for minutes, state in [(5, {}), (1, {}), (60, {"sent_at": now}), (-60 * 24 * 366 * 9, {})]:
        moment = now - timedelta(minutes=minutes)
        about = {"recipient": ana, "kind": "flag", "key": minutes, "created_at": now, "due_at": moment}
        Notification.objects.create(**about, **state)
    assert client.get(reverse("health-show")).json()["oldest_unsent_seconds"] == 300


def test_show_answers_503_without_a_database(client):
    def gone(*args):
        raise OperationalError

    with connection.execute_wrapper(gone):
        answer = client.get(reverse("health-show"))
    assert answer.status_code == 503
    assert answer.json()["database"] is False


def test_check_says_that_all_is_as_it_should_be(signed_in, admin, now):
    made = now.isoformat()
    record_event(by=None, now=now, stream=backups.STREAM, verb=backups.VERIFIED, new=made)
    said = signed_in(admin).get(reverse("health-check")).content.decode()
    assert "last seen 0 seconds ago" in said
    assert "nothing waits" in said
    assert "<strong>" not in said


def test_check_gives_each_trouble_with_its_remedy(signed_in, admin, ana, now, monkeypatch):
    monkeypatch.setattr(watching, "last_beat", lambda now: None)
    late = {"recipient": ana, "kind": "flag", "created_at": now, "due_at": now - timedelta(minutes=11)}
    Notification.objects.create(**late, key=1, failed_at=now)
    Notification.objects.create(**late, key=2, failed_at=now, sent_at=now)
    said = signed_in(admin).get(reverse("health-check")).content.decode()
    for trouble in (
        "none was ever proved",
        "never seen",
        "the oldest has waited 11 minutes",
        "1 message could not be delivered",
    ):
        assert f"<strong>{trouble}</strong>" in said
    assert "manage.py worker" in said
    assert "Ana" not in said
