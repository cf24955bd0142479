from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.urls import reverse

from diary.models import Notification

pytestmark = pytest.mark.django_db


def test_show_says_ok_to_anybody(client, django_assert_num_queries):
    with django_assert_num_queries(1):
        answer = client.get(reverse("health-show"))
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": True, "oldest_unsent_seconds": None}


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
