"""A long table on its way through a real server when its account is closed: what arrives is told to be broken off."""

import http.client
import socket
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from diary.actions import accounts
from diary.bench.works import CSRF
from diary.models import Entry
from tests.reliability.site import Site
from tests.working import database_url

pytestmark = [pytest.mark.full, pytest.mark.django_db(transaction=True)]

ROWS, NOTE = 4_000, "x" * 2_000  # more than the buffers between server and reader hold


@pytest.fixture
def long_diary(ana, now):
    common = {"patient": ana, "observed_at": now, "recorded_at": now, "pain": 3, "note": NOTE}
    Entry.objects.bulk_create([Entry(id=uuid4(), **common) for _ in range(ROWS)], batch_size=500)
    return ana


@pytest.fixture
def asked(long_diary, tmp_path):
    """The table of Ana's diary, asked for and begun to be read."""
    browser = Client()
    browser.force_login(long_diary)
    site = Site(database_url(connection.settings_dict), tmp_path)
    site.start()
    cookie = f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
    line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    line.connect()
    line.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    headers["Cookie"] = f"{cookie}; {settings.CSRF_COOKIE_NAME}={CSRF}"
    line.request("POST", "/exports/take/", urlencode({"form": "csv", "csrfmiddlewaretoken": CSRF}), headers)
    answer = line.getresponse()
    assert answer.status == 200
    assert answer.read(100_000)
    yield answer
    line.close()
    site.kill()


def test_a_reader_is_told_that_it_broke_off(asked, admin, long_diary, now, figure):
    accounts.deactivate(by=admin, now=now, user=long_diary)
    with pytest.raises(http.client.IncompleteRead) as broken:
        asked.read()
    left = ROWS - broken.value.partial.count(b"\n")
    figure("rows of a table that did not leave after its account was closed", left, f"of {ROWS}")
    assert left > ROWS // 10


def test_control_the_same_table_arrives_whole_where_nothing_ends(asked):
    assert asked.read().count(b"\r\n") > ROWS - 100
