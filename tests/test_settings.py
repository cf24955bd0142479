"""The settings: production's defaults, and a refusal with one sentence where a setting would endanger a diary."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.test import RequestFactory

from config import databases
from config.databases import database, pragmas
from config.environment import Named
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


def test_an_unusable_key_for_browsers_is_one_sentence():
    answer = manage("check", SECRET_KEY="x" * 60, VAPID_PRIVATE_KEY="-----BEGIN EC PRIVATE KEY-----")
    assert answer.returncode == 1
    assert answer.stderr.startswith("Settle cannot start: VAPID_PRIVATE_KEY is no key of 32 bytes")
    assert len(answer.stderr.splitlines()) == 1


def test_an_unreadable_database_url_is_one_sentence():
    answer = manage("check", SECRET_KEY="x" * 60, DATABASE_URL="oracle")
    assert answer.returncode == 1
    assert answer.stderr.startswith("Settle cannot start: DATABASE_URL")
    assert len(answer.stderr.splitlines()) == 1


def test_a_database_url_whose_password_breaks_it_is_one_sentence_without_the_password():
    answer = manage("check", SECRET_KEY="x" * 60, DATABASE_URL="postgres://settle:hush/hush@h:5432/settle")
    assert answer.returncode == 1
    assert answer.stderr.startswith("Settle cannot start: DATABASE_URL cannot be read")
    assert "hush" not in answer.stderr


def test_a_setting_left_blank_is_not_set():
    """A blank STATIC_ROOT was the folder that the command runs in, all of which `collectstatic --clear` deleted."""
    names = ["HTTPS", "STATIC_ROOT", "BACKUPS", "ERASED_LIST", "AUDIT_HEADS", "SITE_URL", "TRUSTED_PROXY_COUNT"]
    asked = f"from django.conf import settings; print([getattr(settings, name) for name in {names}])"
    kept = {"SECRET_KEY": "x" * 60, "EMAIL_URL": ""}
    unset, blank = (
        manage("shell", "--no-imports", "-c", asked, **kept, **some) for some in ({}, dict.fromkeys(names, ""))
    )
    assert unset.stdout
    assert blank.stdout == unset.stdout


def named(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Named:
    for name, said in environment.items():
        monkeypatch.setenv(name, said)
    return Named(Path("/nowhere"))


@pytest.mark.parametrize(
    ("said", "heard"), [("off", False), ("False", False), (" ON ", True), ("1", True), ("", True), (" ", True)]
)
def test_on_and_off_are_heard_as_they_are_written(monkeypatch: pytest.MonkeyPatch, said: str, heard: bool):
    assert named(monkeypatch, HTTPS=said).yes_or_no("HTTPS", default=True) is heard


@pytest.mark.parametrize("said", ["ture", "on;", "none"])
def test_a_misspelt_yes_or_no_stops_the_start(monkeypatch: pytest.MonkeyPatch, said: str):
    with pytest.raises(ImproperlyConfigured, match="HTTPS must be on or off"):
        named(monkeypatch, HTTPS=said).yes_or_no("HTTPS", default=True)


@pytest.mark.parametrize("said", ["one", "-1", "1.5"])
def test_what_is_no_number_stops_the_start(monkeypatch: pytest.MonkeyPatch, said: str):
    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXY_COUNT must be a whole number"):
        named(monkeypatch, TRUSTED_PROXY_COUNT=said).number("TRUSTED_PROXY_COUNT", default=0)


def test_hosts_may_stand_apart(monkeypatch: pytest.MonkeyPatch):
    known = named(monkeypatch, ALLOWED_HOSTS="a.example, b.example,")
    assert known.names("ALLOWED_HOSTS", default=[]) == ["a.example", "b.example"]


@pytest.mark.parametrize("said", ["https://settle.example.org", "http://localhost:8000", "http://[::1]:8000"])
def test_what_links_in_mails_begin_with_has_no_slash_at_its_end(monkeypatch: pytest.MonkeyPatch, said: str):
    """With one each link of a mail led to //worklist/, where nothing is."""
    assert named(monkeypatch, SITE_URL=f"{said}/").site("SITE_URL", default="") == said


@pytest.mark.parametrize("said", ["settle.example.org", "https://settle.example.org/diary", "https://", "https://*"])
def test_what_links_in_mails_cannot_begin_with_stops_the_start(monkeypatch: pytest.MonkeyPatch, said: str):
    with pytest.raises(ImproperlyConfigured, match="SITE_URL must be an address"):
        named(monkeypatch, SITE_URL=said).site("SITE_URL", default="")


@pytest.mark.asvs("V13.4.2")
def test_production_passes_the_deployment_check():
    answer = manage("check", "--deploy", "--fail-level", "WARNING", SECRET_KEY="0a1b2c3d4e" * 6, DATABASE_URL="")
    assert answer.returncode == 0, answer.stderr


@pytest.mark.asvs("V3.3.1", "V3.3.3")
def test_every_cookie_has_a_prefix_where_https_is_on():
    """The one for known devices is for the pages of signing in alone, which a cookie of the host cannot be."""
    asked = "from config import accounts, said; from django.conf import settings as s;"
    asked += "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, said.OfThisHost.cookie_name, accounts.COOKIE)"
    names = manage("shell", "--no-imports", "-c", asked, SECRET_KEY="0a1b2c3d4e" * 6, DATABASE_URL="").stdout.split()
    assert names == ["__Host-sessionid", "__Host-csrftoken", "__Host-messages", "__Secure-device"]


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
        "sqlite:///a.db?isolation_level=DEFERRED",
    ],
)
def test_unsafe_sqlite_is_refused(url: str):
    with pytest.raises(ImproperlyConfigured):
        database(url)


@pytest.mark.parametrize("setting", ["synchronous_commit=off", "synchronous_commit%3Dlocal", "fsync=off"])
def test_postgresql_that_does_not_wait_for_the_disk_is_refused(setting: str):
    with pytest.raises(ImproperlyConfigured, match="waits for the disk"):
        database(f"postgres://u@h/d?options=-c%20{setting.replace('=', '%3D')}")


@pytest.mark.parametrize(("told", "threshold"), [("", 0), ("?prepare_threshold=None", None)])
def test_plans_are_kept_but_where_a_pooler_is_in_between(told: str, threshold: int | None):
    assert database(f"postgres://u@h/d{told}")["OPTIONS"]["prepare_threshold"] == threshold


@pytest.mark.parametrize(
    ("url", "sentence"), [("postgres://u@h", "names no database"), ("mysql://u@h/d", "must begin")]
)
def test_a_wrong_url_is_a_sentence(url: str, sentence: str):
    with pytest.raises(ImproperlyConfigured, match=sentence):
        database(url)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"journal_mode": "delete", "synchronous": 3, "mmap_size": 0}, 0),
        ({"journal_mode": "wal", "synchronous": 3, "mmap_size": 0}, 1),
        ({"journal_mode": "delete", "synchronous": 1, "mmap_size": 0}, 1),
        ({"journal_mode": "memory", "synchronous": 0, "mmap_size": 1 << 20}, 3),
    ],
)
def test_what_sqlite_really_does_is_asked_of_it(monkeypatch: pytest.MonkeyPatch, answers: dict[str, object], said: int):
    monkeypatch.setattr(databases, "durable", lambda version: ("DELETE", "EXTRA"))
    assert len(databases._losses_of_sqlite(lambda question: answers[question.split()[1]])) == said


@pytest.mark.django_db
def test_this_very_database_is_warned_of_only_where_it_may_lose_something():
    """The PostgreSQL of a test run does not wait for the disk; the SQLite file does."""
    said = databases.keeps_what_it_was_told(databases=["default"])
    assert [warning.id for warning in said] == ([] if connection.vendor == "sqlite" else ["settle.W001"])


def test_a_database_that_is_away_stops_no_server(monkeypatch: pytest.MonkeyPatch):
    def away(alias: str) -> list[str]:
        raise OperationalError("connection refused")

    monkeypatch.setattr(databases, "losses", away)
    monkeypatch.setattr(databases.connections, "close_all", lambda: None)
    databases.refuse_losses()


def test_a_database_that_loses_stops_the_server(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(databases, "losses", lambda alias: ["It loses."])
    monkeypatch.setattr(databases.connections, "close_all", lambda: None)
    with pytest.raises(ImproperlyConfigured, match=r"It loses\."):
        databases.refuse_losses()


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


@pytest.mark.asvs("V16.2.5")
def test_a_log_line_names_the_route_and_not_the_address():
    request = RequestFactory().get("/accounts/password/reset/key/secret-key/")
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", (request.path,), None)
    record.request, record.status_code = request, 404
    assert Impersonal("%(message)s").format(record) == "404 GET unknown page"


def test_a_request_that_cannot_be_read_is_logged_without_who_sent_it_and_what():
    said = "Invalid request from ip=203.0.113.9: Invalid HTTP request line: '/accounts/password/reset/key/1-abc/'"
    record = logging.LogRecord("gunicorn.error", logging.WARNING, "base.py", 1, said, (), None)
    assert Impersonal("%(message)s").format(record) == "Invalid request"


@pytest.mark.asvs("V16.2.5", "V16.3.4")
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
