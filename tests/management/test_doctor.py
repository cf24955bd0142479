"""The doctor: each check red where it should be, a line and a remedy each, and an exit code that wakes somebody."""

import json
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from config.postgresql.base import WAITS_FOR_THE_DISK
from diary import checkup, watching
from diary.actions import backups
from diary.actions.audit import record_event
from diary.management.commands import doctor
from diary.models import Notification
from tests.production import free_port

pytestmark = pytest.mark.django_db
NOW = timezone.now
GB = 1_000_000_000


@pytest.fixture
def examined(capsys):
    """Return a function that runs the doctor and returns its exit code and what it said."""

    def run(*arguments):
        try:
            call_command("doctor", *arguments)
        except SystemExit as ended:
            return ended.code, capsys.readouterr().out
        return 0, capsys.readouterr().out

    return run


@pytest.fixture
def sound(monkeypatch, proved):
    """A machine of which nothing is red, though the server of the tests syncs nothing and their disk may be full."""
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: (100 * GB, 50 * GB, 50 * GB))
    monkeypatch.setattr(checkup, "postgresql_storage", lambda: (True, "fsync=on"))


@pytest.fixture
def proved():
    """A backup that was made and proved an hour ago."""
    made = NOW() - timedelta(hours=1)
    record_event(by=None, now=made, stream=backups.STREAM, verb=backups.VERIFIED, new=made.isoformat())


def red(question):
    check = question(NOW())
    assert check.remedy
    return not check.is_well


def test_a_sound_system_is_all_green(examined, post, sound, ana):
    code, said = examined()
    assert "RED" not in said
    assert (code, said.count("ok ")) == (0, len(checkup.TOLD) + len(checkup.KEPT) + len(checkup.MACHINE) + 1)


def test_one_red_is_enough_to_wake_somebody(examined, post, sound, monkeypatch):
    monkeypatch.setattr(watching, "last_beat", lambda now: None)
    code, said = examined()
    assert (code, said.count("RED")) == (1, 1)
    assert "never seen" in said
    assert "manage.py worker" in said


def test_machines_read_json(examined, post, sound):
    checks = json.loads(examined("--json")[1])
    assert {"code", "title", "is_well", "said", "remedy"} == set(checks[0])
    assert [check for check in checks if check["is_well"] is not True] == []


def test_a_database_that_is_gone_is_red_and_ends_no_examination(examined, post):
    def gone(*args):
        raise OperationalError("could not connect as ana.alves")

    with connection.execute_wrapper(gone):
        code, said = examined()
    assert code == 1
    assert "cannot be asked (OperationalError)" in said
    assert "Disk" in said
    assert "ana.alves" not in said


def test_worker(monkeypatch):
    assert not red(checkup.worker)
    monkeypatch.setattr(watching, "last_beat", lambda now: now - timedelta(seconds=91))
    assert red(checkup.worker)


@pytest.mark.parametrize(("minutes", "is_red"), [(9, False), (11, True)])
def test_outbox(ana, minutes, is_red):
    due_at = NOW() - timedelta(minutes=minutes)
    Notification.objects.create(recipient=ana, kind="flag", key=1, created_at=due_at, due_at=due_at)
    assert red(checkup.outbox) == is_red


def told(person, key, *, ago, after):
    """A message that was due so long ago and left so long after."""
    due_at = NOW() - ago
    times = {"created_at": due_at, "due_at": due_at, "sent_at": due_at + after}
    Notification.objects.create(recipient=person, kind="urgent", key=key, **times)


def test_swiftness_says_how_long_urgent_messages_took_in_a_month(ana):
    assert checkup.swiftness(NOW()).said == "none in the last 30 days"
    told(ana, 0, ago=timedelta(days=31), after=timedelta(hours=5))
    told(ana, 1, ago=timedelta(days=20), after=timedelta(seconds=2))
    assert checkup.swiftness(NOW()).said == "1 in the last 30 days, after 2 seconds"
    for key, seconds in enumerate((4, 8, 50), start=2):
        told(ana, key, ago=timedelta(days=3), after=timedelta(seconds=seconds))
    said = "4 in the last 30 days: half of them within 4 seconds, the longest after 50 seconds"
    assert checkup.swiftness(NOW()).said == said


@pytest.mark.parametrize(("days", "minutes", "is_red"), [(0.5, 9, False), (0.5, 11, True), (2, 11, False)])
def test_swiftness_is_red_for_a_day(ana, days, minutes, is_red):
    told(ana, 1, ago=timedelta(days=days), after=timedelta(minutes=minutes))
    assert red(checkup.swiftness) == is_red


@pytest.mark.parametrize(("hours", "is_red"), [(25.9, False), (26.1, True)])
def test_backup(hours, is_red):
    assert red(checkup.backup)
    made = NOW() - timedelta(hours=hours)
    record_event(by=None, now=NOW(), stream=backups.STREAM, verb=backups.VERIFIED, new=made.isoformat())
    assert red(checkup.backup) == is_red


def test_the_demo_needs_no_backup(settings):
    settings.DEMO = True
    assert not red(checkup.backup)


def test_clock(monkeypatch):
    assert not red(checkup.clock)
    monkeypatch.setattr(checkup, "database_clock", lambda: NOW() - timedelta(seconds=10))
    assert red(checkup.clock)


def test_clock_of_the_files(monkeypatch):
    monkeypatch.setattr(checkup, "file_clock", lambda: NOW() + timedelta(seconds=10))
    assert red(checkup.clock)


@pytest.mark.parametrize(("total", "free"), [(10**12, 10**9), (10**10, 10**9 - 1)])
def test_disk(monkeypatch, total, free):
    assert not red(checkup.disk)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: (total, total - free, free))
    assert red(checkup.disk)


def test_on_postgresql_it_looks_where_the_site_writes(settings, tmp_path, monkeypatch):
    """In a container the code stands in a folder of its own, which holds no `var`."""
    settings.VAR, settings.AUDIT_HEADS = tmp_path / "none", tmp_path / "audit.heads"
    elsewhere = SimpleNamespace(vendor="postgresql", settings_dict={"NAME": "settle"})
    monkeypatch.setattr(checkup, "connection", elsewhere)
    monkeypatch.setattr(checkup, "database_clock", NOW)
    assert checkup.folder() == tmp_path
    assert not red(checkup.clock)
    assert checkup.disk(NOW()).said


def test_storage_is_asked_of_the_database():
    says = {"sqlite": "synchronous=", "postgresql": "synchronous_commit="}
    assert says[connection.vendor] in checkup.storage(NOW()).said


@pytest.mark.parametrize(
    ("commit", "fsync", "is_red"),
    [
        ("on", "on", False),
        ("remote_apply", "on", False),
        ("remote_write", "on", True),  # a replica that has it in memory only: gone where both machines stop
        ("local", "on", True),
        ("off", "on", True),
        ("on", "off", True),
    ],
)
def test_storage_on_postgresql(monkeypatch, commit, fsync, is_red):
    monkeypatch.setattr(checkup, "asked", {"SHOW synchronous_commit": commit, "SHOW fsync": fsync}.get)
    assert checkup.postgresql_storage()[0] == (not is_red)


def test_doctor_and_the_connection_agree_on_what_waits_for_the_disk():
    assert set(WAITS_FOR_THE_DISK) == checkup.SYNCED_ON_POSTGRESQL


@pytest.mark.parametrize(
    ("journal", "synchronous", "is_red"),
    [("delete", 3, False), ("delete", 2, True), ("wal", 2, False), ("wal", 1, True), ("memory", 3, True)],
)
def test_storage_on_sqlite(monkeypatch, journal, synchronous, is_red):
    monkeypatch.setattr(checkup, "asked", {"PRAGMA journal_mode": journal, "PRAGMA synchronous": synchronous}.get)
    assert checkup.sqlite_storage()[0] == (not is_red)


def test_mail_is_greeted_and_nothing_is_sent(post):
    assert not red(checkup.mail)
    assert post.received == []


def test_mail_that_does_not_answer(post, settings):
    settings.EMAIL_PORT = free_port()
    assert red(checkup.mail)


def test_mail_that_is_not_set_is_red_outside_the_demo(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert red(checkup.mail)
    settings.DEMO = True
    assert not red(checkup.mail)


def test_migrations(monkeypatch):
    assert not red(checkup.migrations)
    monkeypatch.setattr(checkup.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    assert red(checkup.migrations)


@pytest.mark.parametrize("name", ["DEBUG", "DEMO"])
def test_mode(settings, ana, name):
    assert not red(checkup.mode)
    setattr(settings, name, True)
    assert red(checkup.mode)


def test_mode_of_the_demo(settings):
    settings.DEMO = True
    assert not red(checkup.mode)


def test_a_question_that_cannot_be_asked_is_red():
    def disk(now):
        raise OSError("gone")

    check = doctor.answered(disk)
    assert (check.is_well, check.said) == (False, "cannot be asked (OSError)")
