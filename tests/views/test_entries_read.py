"""Entries as they are read: the list, one entry, and the way to it from a point of a chart."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.actions import entries
from tests.views.test_entries import HOUR
from tests.views.test_today import text


def test_list_has_the_latest_first(signed_in, ana, log):
    log(ana, 2, ago=5 * HOUR)
    log(ana, 7, ago=1 * HOUR)
    log(ana, 9, ago=3 * HOUR)
    scores = re.findall(r'class="score">(\d+)', signed_in(ana).get("/entries/").content.decode())
    assert scores == ["7", "9", "2"]


def test_list_takes_as_many_statements_for_one_entry_as_for_thirty(signed_in, ana, log, django_assert_num_queries):
    log(ana, 2)
    client = signed_in(ana)
    with CaptureQueriesContext(connection) as one:
        client.get("/entries/")
    for hour in range(30):
        log(ana, 3, ago=(hour + 1) * HOUR)
    with django_assert_num_queries(len(one)):
        assert b"Page 1 of 2" in client.get("/entries/").content


@pytest.mark.parametrize("page", ["2", "0", "-1", "99999999999999999999", "x", "\0"])
def test_list_answers_any_page_number(signed_in, ana, log, page):
    log(ana, 2)
    assert signed_in(ana).get("/entries/", {"page": page}).status_code == 200


def test_list_keeps_deleted_entries_apart(signed_in, ana, log, now):
    entries.withdraw(by=ana, now=now, entry=log(ana, 2).entry)
    client = signed_in(ana)
    assert "Nothing written yet" in text(client.get("/entries/"))
    assert b'class="score">2' in client.get("/entries/?show=deleted").content


def test_show_has_history_and_flags(signed_in, ana, treat, log, now):
    treat(ana, ago=72 * HOUR)
    entry = log(ana, 3, soreness=5, note="before").entry
    entries.amend(by=ana, now=now, entry=entry, version=1, note="after")
    read = text(signed_in(ana).get(f"/entries/{entry.pk}/"))
    assert "before" in read
    assert "after" in read
    assert "Soreness has not settled" in read


@pytest.mark.parametrize("page", ["", "saved/", "amend/", "advice/"])
def test_show_of_another_patients_entry_is_as_of_none(signed_in, ana, ben, log, page):
    client, theirs = signed_in(ben), log(ana, 3, red_flags=["fever"]).entry
    foreign, missing = client.get(f"/entries/{theirs.pk}/{page}"), client.get(f"/entries/{uuid4()}/{page}")
    assert (foreign.status_code, missing.status_code) == (404, 404)


# From a point of a chart


def test_at_goes_to_the_entry_of_that_minute(signed_in, ana, log, now):
    log(ana, 4, ago=timedelta(hours=1))
    entry = log(ana, 5, observed_at=now - timedelta(minutes=30, seconds=-59)).entry
    minute = int((now - timedelta(minutes=30)).timestamp()) // 60
    assert signed_in(ana).get(f"/entries/at/{minute}/")["Location"] == f"/entries/{entry.pk}/"
    assert signed_in(ana).get(f"/entries/at/{minute + 1}/").status_code == 404


@pytest.mark.parametrize("minute", ["0", "29555", "99999999999999999999"])
def test_at_no_minute_of_an_entry_there_is_nothing(minute, signed_in, ana, log):
    log(ana, 4)
    assert signed_in(ana).get(f"/entries/at/{minute}/").status_code == 404


def test_at_a_minute_of_a_withdrawn_entry_there_is_nothing(signed_in, ana, log, now):
    entry = log(ana, 4).entry
    entries.withdraw(by=ana, now=now, entry=entry)
    assert signed_in(ana).get(f"/entries/at/{int(now.timestamp()) // 60}/").status_code == 404
