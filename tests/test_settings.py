"""The settings: production's defaults, and a refusal with one sentence where a setting would endanger a diary."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from config.databases import database, pragmas
from config.logs import Impersonal


def manage(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missing_key_is_one_sentence():
    answer = manage("check", SECRET_KEY="")
    assert answer.returncode == 1
    assert answer.stderr.startswith("Settle cannot start: SECRET_KEY is missing")
    assert len(answer.stderr.splitlines()) == 1


def test_an_unreadable_database_url_is_one_sentence():
    answer = manage("check", SECRET_KEY="x" * 60, DATABASE_URL="oracle")
    assert answer.returncode == 1
    assert answer.stderr.startswith("Settle cannot start: DATABASE_URL")
    assert len(answer.stderr.splitlines()) == 1


def test_production_passes_the_deployment_check():
    answer = manage("check", "--deploy", "--fail-level", "WARNING", SECRET_KEY="0a1b2c3d4e" * 6, DATABASE_URL="")
    assert answer.returncode == 0, answer.stderr


def test_a_short_key_fails_the_deployment_check():
    answer = manage("check", "--deploy", "--fail-level", "WARNING", SECRET_KEY="short")
    assert answer.returncode == 1
    assert "security.W009" in answer.stderr


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://:memory:",
        "sqlite:///a.db?init_command=PRAGMA+synchronous%3DOFF",
        "sqlite:///a.db?transaction_mode=DEFERRED",
    ],
)
def test_unsafe_sqlite_is_refused(url: str):
    with pytest.raises(ImproperlyConfigured):
        database(url)


def test_options_of_the_url_are_kept():
    assert database("sqlite:///a.db?timeout=7")["OPTIONS"]["timeout"] == 7
    assert database("postgres://u@h/d?sslmode=require")["OPTIONS"]["sslmode"] == "require"


def test_postgresql_waits_five_seconds_for_its_pool_and_keeps_no_connection():
    settings = database("postgres://u@h/d")
    assert settings["OPTIONS"]["pool"]["timeout"] == 5
    assert settings.get("CONN_MAX_AGE", 0) == 0


@pytest.mark.parametrize(
    ("version", "journal"),
    [((3, 40, 1), "DELETE"), ((3, 51, 2), "DELETE"), ((3, 51, 3), "WAL"), ((3, 52, 0), "WAL")],
)
def test_the_write_ahead_log_only_where_it_is_sound(version: tuple[int, int, int], journal: str):
    synchronous = {"DELETE": "EXTRA", "WAL": "FULL"}[journal]
    assert pragmas(version) == f"PRAGMA journal_mode={journal}; PRAGMA synchronous={synchronous};"


def test_a_log_line_names_the_route_and_not_the_address():
    request = RequestFactory().get("/accounts/password/reset/key/secret-key/")
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", (request.path,), None)
    record.request, record.status_code = request, 404
    assert Impersonal("%(message)s").format(record) == "404 GET unknown page"


def test_a_logged_exception_keeps_its_place_and_loses_its_words():
    try:
        raise ValueError("Ana, back pain")
    except ValueError:
        record = logging.LogRecord("gunicorn", logging.ERROR, "", 0, "Error handling %s", ("/key/",), sys.exc_info())
    line = Impersonal("%(message)s").format(record)
    assert "ValueError" in line
    assert Path(__file__).name in line
    assert "Ana" not in line
    assert "/key/" not in line
