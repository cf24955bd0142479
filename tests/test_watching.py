"""The dead-man's switch: a worker that is silent for 90 seconds is noticed, and said where it matters."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diary import watching
from diary.actions.heartbeats import beat
from diary.models import Heartbeat
from diary.watching import SILENT_AFTER, is_silent

LAST_BEAT = watching.last_beat
SECOND = timedelta(seconds=1)
NOBODY_TOLD = "Nobody is told by mail at the moment"
NOT_AUTOMATICALLY = "may not be told automatically"


@pytest.fixture
def watched(db, monkeypatch, now):
    """The switch as it is outside the tests, with nothing kept from another one."""
    caches["fragments"].clear()
    monkeypatch.setattr(watching, "last_beat", LAST_BEAT)
    yield
    caches["fragments"].clear()


@pytest.fixture
def travelled(now):
    """Pages ask the clock; it stands where the people of the tests stand."""
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def silent(watched, now):
    beat(worker="a", now=now - SILENT_AFTER - SECOND)


@pytest.fixture
def at_work(watched, now):
    beat(worker="a", now=now - SILENT_AFTER)


def test_no_worker_at_all_is_silence(watched, now):
    assert is_silent(now)


def test_silence_begins_after_90_seconds(watched, now):
    beat(worker="a", now=now)
    assert not is_silent(now)
    assert not is_silent(now + SILENT_AFTER)
    assert is_silent(now + SILENT_AFTER + SECOND)
    caches["fragments"].clear()
    assert not is_silent(now + SILENT_AFTER)
    assert is_silent(now + SILENT_AFTER + SECOND)


def test_one_of_several_at_work_is_enough(watched, now):
    beat(worker="a", now=now - 2 * SILENT_AFTER)
    beat(worker="b", now=now - SECOND)
    assert not is_silent(now)


def test_a_worker_keeps_one_row_and_those_of_yesterday_go(watched, now):
    beat(worker="old", now=now - timedelta(hours=25))
    for second in range(3):
        beat(worker="a", now=now + second * SECOND)
    assert [(row.worker, row.beat_at) for row in Heartbeat.objects.all()] == [("a", now + 2 * SECOND)]


def test_a_sign_from_the_future_does_not_hide_that_nobody_works(watched, now):
    """As a worker leaves it that died before the clock was put right."""
    beat(worker="a", now=now + timedelta(hours=1))
    assert is_silent(now)


def test_it_is_read_once_in_a_few_seconds(watched, now, django_assert_num_queries):
    beat(worker="a", now=now)
    with django_assert_num_queries(1):
        assert not any(is_silent(now) for _ in range(5))


# Said where it matters

PRACTITIONERS = ["worklist-show", "patients-list", "invitations-list"]
PATIENTS = ["today-show", "entries-add"]


@pytest.mark.parametrize("page", PRACTITIONERS)
def test_a_practitioner_is_told(silent, signed_in, paula, page, travelled):
    assert NOBODY_TOLD in signed_in(paula).get(reverse(page)).content.decode()


@pytest.mark.parametrize("page", PATIENTS)
def test_the_entry_form_says_so_with_the_number_to_call(silent, signed_in, ana, page, travelled):
    said = signed_in(ana).get(reverse(page)).content.decode()
    assert NOT_AUTOMATICALLY in said
    assert "call +351 210 000 000" in said


def test_the_saved_page_says_so(silent, signed_in, ana, log, travelled):
    said = signed_in(ana).get(reverse("entries-saved", args=[log(ana, 3).entry.pk])).content.decode()
    assert NOT_AUTOMATICALLY in said


def test_who_has_no_practice_is_told_of_none(silent, signed_in, ben, travelled):
    assert NOT_AUTOMATICALLY not in signed_in(ben).get(reverse("today-show")).content.decode()


def test_while_a_worker_is_at_work_nothing_is_said(at_work, client, ana, paula, log, travelled):
    pages = [(paula, reverse(page)) for page in PRACTITIONERS] + [(ana, reverse(page)) for page in PATIENTS]
    for person, page in [*pages, (ana, reverse("entries-saved", args=[log(ana, 3).entry.pk]))]:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        assert "untold" not in client.get(page).content.decode()


def test_the_switch_costs_a_page_no_statement_of_its_own_each_time(at_work, signed_in, paula, travelled):
    browser, page = signed_in(paula), reverse("worklist-show")
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.get(page)
        asked.append(sum("diary_heartbeat" in query["sql"] for query in queries))
    assert asked == [1, 0]


def test_machines_are_told_with_503(silent, client, travelled):
    answer = client.get(reverse("health-show"))
    assert answer.status_code == 503
    assert (answer.json()["status"], answer.json()["worker_seconds"]) == ("no worker", 91)


def test_machines_are_told_that_all_is_well(at_work, client, travelled):
    answer = client.get(reverse("health-show"))
    assert (answer.status_code, answer.json()["worker_seconds"]) == (200, 90)


def test_control_a_heartbeat_that_is_never_looked_at_is_found_out(
    silent, client, signed_in, paula, travelled, monkeypatch
):
    """With the look left out nothing is said: the tests above would be red."""
    monkeypatch.setattr(watching, "last_beat", lambda now: now)
    assert client.get(reverse("health-show")).status_code == 200
    assert NOBODY_TOLD not in signed_in(paula).get(reverse("worklist-show")).content.decode()
