"""Backups: what goes in comes out, what is wrong is refused before any write, and nobody erased comes back."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from io import StringIO
from pathlib import Path
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from diary.actions import backups, erased, links, reminders, tokens
from diary.actions.backups import container, postgresql, sqlite
from diary.models import Entry, Event, Flag, User
from tests import digests
from tests.figures import Figure

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_list(tmp_path: Path, settings):
    settings.ERASED_LIST = tmp_path / "erased.list"


@pytest.fixture
def kept(ana, paula, log, treat, now) -> str:
    """A diary with something of everything; returns the digest of its database."""
    treat(ana, ago=timedelta(days=2))
    log(ana, 6, ago=timedelta(hours=3), red_flags=["saddle"], note="numb, since lunch")
    return digests.of_the_database()


@pytest.fixture
def taken(kept: str, tmp_path: Path, now) -> backups.Taken:
    return backups.take(tmp_path / "backups", now=now)


def without_audit() -> list:
    return [*User.objects.values_list().order_by("pk"), *Entry.objects.values_list().order_by("pk")]


def test_what_is_restored_is_what_was_there(taken: backups.Taken, ana, log, now):
    before = without_audit()
    log(ana, 9)
    assert backups.restore(taken.path, now=now, over=connection.settings_dict["NAME"]) == 0
    assert without_audit() == before
    assert Flag.objects.filter(rule="red-flag").count() == 1
    assert Event.objects.latest("pk").verb == "backup-restored"


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


@pytest.mark.parametrize("tries", [12, pytest.param(1000, marks=pytest.mark.full)])
def test_a_changed_or_shortened_file_is_refused_before_anything_is_written(
    taken: backups.Taken, now, figure: Figure, tries: int, tmp_path: Path
):
    whole, before, chance, refused = taken.path.read_bytes(), digests.of_the_database(), Random(tries), 0
    wrong = tmp_path / "wrong.backup"
    for number in range(tries):
        at = chance.randrange(len(whole))
        changed = (
            whole[:at] if number % 2 else whole[:at] + bytes([whole[at] ^ 1 << chance.randrange(8)]) + whole[at + 1 :]
        )
        wrong.write_bytes(changed)
        try:
            backups.restore(wrong, now=now, over=connection.settings_dict["NAME"])
        except backups.Refused:
            refused += 1
    assert digests.of_the_database() == before
    figure("backups cut short or with one bit changed that were refused", refused, f"of {tries}")
    assert refused == tries


@pytest.mark.parametrize("content", [b"", b"settle", b"SQLite format 3\0", b"PK\3\4", b"PGDMP"])
def test_a_foreign_file_is_refused(kept: str, tmp_path: Path, now, content: bytes):
    (tmp_path / "foreign").write_bytes(content)
    with pytest.raises(backups.Refused, match="not a backup of Settle"):
        backups.restore(tmp_path / "foreign", now=now)


def rewritten(taken: backups.Taken, tmp_path: Path, **facts: object) -> Path:
    """A backup that says something else of itself, with a digest that fits."""
    container.unpack(taken.path, tmp_path / "database")
    said = {name: getattr(taken.facts, name) for name in taken.facts.__slots__} | facts
    container.write(tmp_path / "rewritten", container.Facts(**said), tmp_path / "database")
    return tmp_path / "rewritten"


def test_a_newer_schema_is_refused(taken: backups.Taken, tmp_path: Path, now):
    newer = rewritten(taken, tmp_path, migrations=[*taken.facts.migrations, ["diary", "9999_from_the_future"]])
    with pytest.raises(backups.Refused, match=r"newer Settle: diary\.9999_from_the_future"):
        backups.restore(newer, now=now, over=connection.settings_dict["NAME"])


def test_another_engine_is_refused(taken: backups.Taken, tmp_path: Path, now):
    with pytest.raises(backups.Refused, match="is of oracle"):
        backups.restore(rewritten(taken, tmp_path, engine="oracle"), now=now)


def test_other_rows_than_promised_are_refused(taken: backups.Taken, tmp_path: Path, now):
    before = digests.of_the_database()
    with pytest.raises(backups.Refused, match="does not restore to the rows"):
        backups.restore(rewritten(taken, tmp_path, content="0" * 64), now=now, over=connection.settings_dict["NAME"])
    assert digests.of_the_database() == before


def test_a_database_in_use_is_replaced_only_by_its_name(taken: backups.Taken, now):
    for over in ("", "another"):
        with pytest.raises(backups.Refused, match="holds accounts"):
            backups.restore(taken.path, now=now, over=over)


def test_a_restore_onto_a_file_that_somebody_holds_ends_and_says_so(tmp_path: Path, monkeypatch):
    """It waited for ever, without a word."""
    monkeypatch.setattr(sqlite, "WAITS", 0.5)
    monkeypatch.setattr(sqlite, "path", lambda: str(tmp_path / "held"))
    with closing(sqlite3.connect(tmp_path / "new")) as new, closing(sqlite3.connect(tmp_path / "held")) as held:
        new.execute("CREATE TABLE diary (note)")
        held.execute("CREATE TABLE here (note)")
        held.execute("BEGIN IMMEDIATE")
        with pytest.raises(backups.Refused, match="Somebody else holds the database"):
            sqlite.pour(str(tmp_path / "new"))
        held.rollback()
        sqlite.pour(str(tmp_path / "new"))
        assert held.execute("SELECT name FROM sqlite_master").fetchall() == [("diary",)]


def test_the_commands_say_in_a_sentence_that_a_database_is_away(monkeypatch, tmp_path: Path):
    def away(*given: object, **options: object) -> None:
        with closing(sqlite3.connect(tmp_path / "nowhere" / "settle")):
            raise AssertionError

    monkeypatch.setattr(backups, "take", away)
    monkeypatch.setattr(backups, "restore", away)
    for command in (["backup"], ["restore", str(tmp_path), "--yes"]):
        with pytest.raises(CommandError, match="unable to open database file"):
            call_command(*command)


def test_who_was_erased_does_not_come_back(taken: backups.Taken, ana, ben, now):
    """Ana is erased after the backup; Ben's account stays, though the list knows only digests."""
    mark = erased.mark_of(ana)
    with transaction.atomic():
        erased.note(ana, by=None, now=now)
        erased.remove(ana)
    assert erased.listed() == {mark}
    assert not User.objects.filter(email=ana.email).exists()
    again = backups.restore(taken.path, now=now, over=connection.settings_dict["NAME"])
    assert again == 1
    assert not User.objects.filter(email=ana.email).exists()
    assert not Entry.objects.exists()
    assert Event.objects.about(erased.ERASED).count() == 1


def test_without_the_list_she_would_come_back(taken: backups.Taken, ana, now, settings):
    """The control of the test above."""
    with transaction.atomic():
        erased.note(ana, by=None, now=now)
        erased.remove(ana)
    Event.objects.about(erased.ERASED).delete()
    Path(settings.ERASED_LIST).unlink()
    assert backups.restore(taken.path, now=now, over=connection.settings_dict["NAME"]) == 0
    assert User.objects.filter(email=ana.email).exists()


def test_a_crash_between_the_erasure_and_its_line_is_made_good_from_the_audit(ana, now, tmp_path: Path, settings):
    mark = erased.mark_of(ana)
    with transaction.atomic():
        erased.note(ana, by=None, now=now)
        erased.remove(ana)
    Path(settings.ERASED_LIST).unlink()
    backups.take(tmp_path / "backups", now=now)
    assert erased.listed() == {mark}


def test_the_same_number_given_anew_is_another_account(ana):
    twin = User(pk=ana.pk, date_joined=ana.date_joined + timedelta(microseconds=1))
    assert erased.mark_of(twin) != erased.mark_of(ana)


def test_old_backups_go_and_the_latest_stay(kept: str, tmp_path: Path, now):
    paths = [backups.take(tmp_path, now=now + timedelta(hours=number)).path for number in range(3)]
    assert backups.prune(tmp_path, 2) == [paths[0]]
    assert [path.exists() for path in paths] == [False, True, True]


def test_what_a_killed_backup_left_in_the_clear_is_cleared_away_by_the_next(kept: str, tmp_path: Path, now):
    killed, at_work, others = (tmp_path / name for name in ("room-killed", "room-at-work", "mine"))
    for room, hours in ((killed, 30), (at_work, 1), (others, 30)):
        room.mkdir()
        (room / "database").write_text("a diary")
        left = (now - timedelta(hours=hours)).timestamp()
        os.utime(room, (left, left))
    backups.take(tmp_path, now=now)
    assert [room.exists() for room in (killed, at_work, others)] == [False, True, True]


def test_what_cannot_be_cleared_away_keeps_no_backup_from_being_taken(kept: str, tmp_path: Path, monkeypatch, now):
    def not_ours(folder: Path, **_: object) -> None:
        raise PermissionError(folder)

    monkeypatch.setattr(backups, "sweep", not_ours)
    with pytest.raises(PermissionError):  # and it is said
        backups.take(tmp_path, now=now)
    assert len([*tmp_path.glob("settle-*.backup")]) == 1
    assert backups.last_verified() == now


def test_what_a_killed_backup_left_on_the_server_is_cleared_away_by_the_next(kept: str, tmp_path: Path, now):
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
def test_an_encrypted_backup_is_opened_by_its_key_alone(kept: str, key: tuple[str, Path], tmp_path: Path, now):
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
def test_what_could_not_be_encrypted_is_no_backup(kept: str, tmp_path: Path, now, monkeypatch, program: str):
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


def test_the_commands_say_what_they_did(kept: str, tmp_path: Path):
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


def test_everybody_signs_in_anew_after_a_restore(signed_in, ana, tmp_path: Path, now):
    client = signed_in(ana)
    assert client.get("/today/").status_code == 200
    taken = backups.take(tmp_path, now=now)
    backups.restore(taken.path, now=now, over=connection.settings_dict["NAME"])
    assert client.get("/today/").status_code == 302


def test_what_opens_without_signing_in_opens_nothing_after_a_restore(ana, tmp_path: Path, now):
    """Some of it was ended since the backup, which knows nothing of that."""
    day = timedelta(days=1)
    link = links.make(by=ana, now=now, reader="Dr Weber", parts={"scores"}, first_day=now.date())
    app = tokens.add(by=ana, now=now, name="phone", scope="own", lasts=day)
    calendar = reminders.renew_calendar(by=ana, now=now)

    def opens():
        seen = links.open_by(link.token, by=None, now=now), tokens.opened(app, now=now)
        return [*map(bool, [*seen, reminders.plan_of_calendar(calendar)])]

    assert opens() == [True] * 3
    taken = backups.take(tmp_path, now=now)
    links.revoke(by=ana, now=now, link=link.link)
    backups.restore(taken.path, now=now, over=connection.settings_dict["NAME"])
    assert opens() == [False] * 3
