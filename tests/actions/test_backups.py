"""Taking backups: each is proved, old ones go, and what a killed one left is cleared away."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from diary.actions import backups
from diary.actions.backups import postgresql
from diary.models import Event

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_own_list")]


def test_a_backup_is_proved_when_it_is_taken(taken: backups.Taken, now):
    assert backups.last_verified() == now
    assert taken.facts.rows["diary_entry"] == 1
    assert [path.name for path in taken.path.parent.iterdir()] == [taken.path.name]
    assert taken.path.stat().st_mode & 0o077 == 0


def test_proving_an_old_backup_makes_it_no_younger(taken: backups.Taken, now):
    backups.verify(taken.path, now=now + timedelta(days=9))
    assert backups.last_verified() == now


def test_without_a_backup_there_is_none(db):
    assert backups.last_verified() is None


def test_old_backups_go_and_the_latest_stay(kept: None, tmp_path: Path, now):
    paths = [backups.take(tmp_path, now=now + timedelta(hours=number)).path for number in range(3)]
    assert backups.prune(tmp_path, 2) == [paths[0]]
    assert [path.exists() for path in paths] == [False, True, True]


def test_what_a_killed_backup_left_in_the_clear_is_cleared_away_by_the_next(kept: None, tmp_path: Path, now):
    killed, at_work, others = (tmp_path / name for name in ("room-killed", "room-at-work", "mine"))
    for room, hours in ((killed, 30), (at_work, 1), (others, 30)):
        room.mkdir()
        (room / "database").write_text("a diary")
        left = (now - timedelta(hours=hours)).timestamp()
        os.utime(room, (left, left))
    backups.take(tmp_path, now=now)
    assert [room.exists() for room in (killed, at_work, others)] == [False, True, True]


def test_what_cannot_be_cleared_away_keeps_no_backup_from_being_taken(kept: None, tmp_path: Path, monkeypatch, now):
    def not_ours(folder: Path, **_: object) -> None:
        raise PermissionError(folder)

    monkeypatch.setattr(backups, "sweep", not_ours)
    with pytest.raises(PermissionError):  # and it is said
        backups.take(tmp_path, now=now)
    assert len([*tmp_path.glob("settle-*.backup")]) == 1
    assert backups.last_verified() == now


def test_what_a_killed_backup_left_on_the_server_is_cleared_away_by_the_next(kept: None, tmp_path: Path, now):
    if connection.vendor == "sqlite":
        return  # there it lies in the room
    killed, at_work, others = "settle_scratch_0dead000", "settle_scratch_0bu5y000", "settles_own"
    with postgresql.server(postgresql.path()) as server, postgresql.server(postgresql.path(), called=at_work):
        for name in (killed, at_work, others):
            server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        try:
            backups.take(tmp_path, now=now)
            there = {name for (name,) in server.execute("SELECT datname FROM pg_database").fetchall()}
        finally:
            for name in (killed, at_work, others):
                server.execute(f"DROP DATABASE IF EXISTS {name}")
    assert there & {killed, at_work, others} == {at_work, others}


def test_a_backup_asks_for_the_server_as_the_site_does(monkeypatch):
    """Which of two servers is written to, and whether it is the one that it says it is, hold at night too."""
    options = {"sslmode": "verify-full", "target_session_attrs": "read-write", "prepare_threshold": 0}
    server = {"HOST": "a,b", "PORT": "5432,5433", "USER": "settle", "PASSWORD": "", "OPTIONS": options}
    for name, value in server.items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    assert postgresql.address()["sslmode"] == "verify-full"
    monkeypatch.setattr(postgresql, "found", lambda program: shutil.which("env"))
    asked = postgresql.run("pg_dump").decode().splitlines()
    assert {"PGHOST=a,b", "PGSSLMODE=verify-full", "PGTARGETSESSIONATTRS=read-write"} <= {*asked}


@pytest.fixture
def key(tmp_path: Path) -> tuple[str, Path]:
    """An age key: whom to encrypt for, and the file that opens it."""
    if shutil.which("age-keygen") is None:
        pytest.skip("no age")
    made = tmp_path / "key"
    subprocess.run(["age-keygen", "-o", made], check=True, capture_output=True)
    shown = subprocess.run(["age-keygen", "-y", made], check=True, capture_output=True, text=True)
    return shown.stdout.strip(), made


@pytest.mark.asvs("V11.3.3")
def test_an_encrypted_backup_is_opened_by_its_key_alone(kept: None, key: tuple[str, Path], tmp_path: Path, now):
    recipient, identity = key
    taken = backups.take(tmp_path / "backups", now=now, recipient=recipient)
    assert taken.path.suffix == ".age"
    assert b"diary_entry" not in taken.path.read_bytes()
    assert backups.verify(taken.path, now=now, identity=identity) == taken.facts
    with pytest.raises(backups.Refused, match="--identity"):
        backups.verify(taken.path, now=now)
    damaged = bytearray(taken.path.read_bytes())
    damaged[-9] ^= 1
    taken.path.write_bytes(damaged)
    with pytest.raises(backups.Refused, match="age"):
        backups.verify(taken.path, now=now, identity=identity)


@pytest.mark.parametrize("program", ["no age", "age that breaks off"])
def test_what_could_not_be_encrypted_is_no_backup(kept: None, tmp_path: Path, now, monkeypatch, program: str):
    """A wrong key, no age, a full disk: nothing is left behind, and nobody is told that there is a proved backup."""
    breaks_off = '#!/bin/sh\nwhile [ $# -gt 0 ]; do [ "$1" = --output ] && echo half >"$2"; shift; done; exit 1\n'
    (programs := tmp_path / "programs").mkdir()
    if program != "no age":
        (programs / "age").write_text(breaks_off)
        (programs / "age").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin" if program != "no age" else str(programs))
    with pytest.raises(backups.Refused, match="age"):
        backups.take(tmp_path / "backups", now=now, recipient="age1nobody")
    assert [*(tmp_path / "backups").iterdir()] == []
    assert backups.last_verified() is None


def test_a_backup_with_a_long_name_is_proved_and_restored(taken: backups.Taken, tmp_path: Path, now):
    long = taken.path.rename(tmp_path / f"{'of the practice by the river ' * 5}.backup")
    backups.verify(long, now=now)
    backups.restore(long, now=now, over=connection.settings_dict["NAME"])
    assert long.name.startswith(Event.objects.get(verb="backup-restored").subject)


def test_the_commands_say_what_they_did(kept: None, tmp_path: Path):
    said = StringIO()
    call_command("backup", to=tmp_path / "backups", keep=1, stdout=said)
    (path,) = (tmp_path / "backups").iterdir()
    assert f"{path}: proved" in said.getvalue()
    call_command("backup", verify=path, stdout=said)
    name = connection.settings_dict["NAME"]
    with pytest.raises(CommandError, match=r"Nothing was written\. Repeat with --yes"):
        call_command("restore", str(path), over=name)
    with pytest.raises(CommandError, match=r"holds accounts.* Nothing was written"):
        call_command("restore", str(path), yes=True)
    call_command("restore", str(path), over=name, yes=True, stdout=said)
    assert "is restored" in said.getvalue()


def test_the_commands_say_in_a_sentence_that_a_database_is_away(monkeypatch, tmp_path: Path):
    def away(*given: object, **options: object) -> None:
        with closing(sqlite3.connect(tmp_path / "nowhere" / "settle")):
            raise AssertionError

    monkeypatch.setattr(backups, "take", away)
    monkeypatch.setattr(backups, "restore", away)
    for command in (["backup"], ["restore", str(tmp_path), "--yes"]):
        with pytest.raises(CommandError, match="unable to open database file"):
            call_command(*command)
