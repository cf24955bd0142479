"""Backups: taken while people write, proved by restoring them, and restored without bringing back who was erased."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType

import psycopg
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from diary.actions import chain, erased
from diary.actions.audit import record_event
from diary.actions.backups import container, postgresql, sqlite
from diary.actions.backups.container import Facts, Refused
from diary.models import Event, Link, ReminderPlan, Token, User

__all__ = ["TROUBLE", "Refused", "Taken", "last_verified", "look", "prune", "restore", "take", "verify"]

STREAM, VERIFIED = "backups", "backup-verified"
NAMED = 80  # signs of a name that the audit has room for
ROOM, LEFT = "room-", timedelta(days=1)
TROUBLE = (Refused, OSError, sqlite3.Error, psycopg.Error)
"""What stands in the way of a backup or of its restoring: a file, a disk, a database that is away."""
ENGINES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup: where it lies, and what it says of itself."""

    path: Path
    facts: Facts


def take(folder: Path, *, now: datetime, recipient: str = "") -> Taken:
    """Back the running database up into `folder`, proved by restoring it; for `recipient`, an age key, encrypted.

    Raises Refused where the database cannot be read whole or the proof fails; then no file is left.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        return proved(folder, now=now, recipient=recipient)
    finally:  # not first: what cannot be cleared away, being somebody else's, would keep every backup from being taken
        sweep(folder, now=now)


def proved(folder: Path, *, now: datetime, recipient: str) -> Taken:
    erased.gather()
    path = folder / f"settle-{now:%Y%m%dT%H%M%S%fZ}.backup"
    with TemporaryDirectory(dir=folder, prefix=ROOM) as room:
        saved, plain = Path(room) / "database", Path(room) / path.name
        head = f"{last.position} {last.link}" if (last := chain.head()) else ""  # before: what is saved has it
        content = engine().save(saved)
        migrations = sorted(map(list, MigrationLoader(connection).applied_migrations))
        facts = Facts(connection.vendor, now.isoformat(), content.digest, content.rows, migrations, head)
        container.write(plain, facts, saved)
        prove(plain)
        ready = encrypted(plain, recipient) if recipient else plain
        path = ready.rename(folder / ready.name)
    container.sync_folder(folder)
    note(path, VERIFIED, now=now, new=facts.made_at)  # last: a proof of a file that is not there is none
    return Taken(path, facts)


def encrypted(plain: Path, recipient: str) -> Path:
    """Return a backup encrypted beside itself, and on the disk."""
    path = plain.with_name(plain.name + ".age")
    age("--encrypt", "--recipient", recipient, "--output", str(path), str(plain))
    container.sync_file(path)
    return path


def note(path: Path, verb: str, *, now: datetime, new: str = "") -> None:
    """Note in the audit what became of a backup; the end of a long name is left out."""
    record_event(by=None, now=now, stream=STREAM, verb=verb, subject=path.name[:NAMED], new=new)


def sweep(folder: Path, *, now: datetime) -> None:
    """Clear away the rooms and the scratch databases of backups that were killed: a whole diary lies in each."""
    for room in folder.glob(f"{ROOM}*"):
        if room.is_dir() and room.stat().st_mtime < (now - LEFT).timestamp():
            shutil.rmtree(room)
    engine().sweep()


def engine() -> ModuleType:
    return ENGINES[connection.vendor]


def age(*arguments: str) -> None:
    try:
        subprocess.run(["age", *arguments], check=True, capture_output=True)  # noqa: S603, S607
    except FileNotFoundError:
        raise Refused("age is not installed; without it a backup can be neither encrypted nor read.") from None
    except subprocess.CalledProcessError as trouble:
        raise Refused(f"age: {trouble.stderr.decode(errors='replace').strip()}") from None


@contextmanager
def readable(path: Path, identity: Path | None) -> Iterator[Path]:
    """The backup itself, decrypted beside it for as long as it is read where it is encrypted."""
    if path.suffix != ".age":
        yield path
        return
    if identity is None:
        raise Refused("This backup is encrypted: name the file with its key (--identity).")
    with TemporaryDirectory(dir=path.parent, prefix=ROOM) as room:
        plain = Path(room) / path.stem
        age("--decrypt", "--identity", str(identity), "--output", str(plain), str(path))
        yield plain


def verify(path: Path, *, now: datetime, identity: Path | None = None) -> Facts:
    """Restore a backup into a scratch database and compare all its rows; raises Refused where they differ."""
    with readable(path, identity) as plain:
        facts = prove(plain)
    note(path, VERIFIED, now=now, new=facts.made_at)
    return facts


def prove(plain: Path) -> Facts:
    facts = accepted(plain)
    with unpacked(plain, facts):
        return facts


def accepted(path: Path) -> Facts:
    """Return what a backup says of itself where it can be restored here; raises Refused, with nothing written."""
    facts = container.read(path)
    if facts.engine != connection.vendor:
        raise Refused(f"This backup is of {facts.engine}, and DATABASE_URL names {connection.vendor}.")
    known = MigrationLoader(None).disk_migrations
    if newer := sorted(f"{app}.{name}" for app, name in facts.migrations if (app, name) not in known):
        raise Refused(f"This backup is of a newer Settle: {', '.join(newer)} is not known here. Upgrade first.")
    return facts


@contextmanager
def unpacked(path: Path, facts: Facts) -> Iterator[str]:
    """A scratch database that holds exactly what the backup says it holds."""
    with TemporaryDirectory(dir=path.parent, prefix=ROOM) as room:
        saved = Path(room) / "database"
        container.unpack(path, saved)
        with engine().scratch(saved) as name:
            if engine().content_of(name).digest != facts.content:
                raise Refused("This backup does not restore to the rows it was made of.")
            yield name


def restore(
    path: Path,
    *,
    now: datetime,
    erase: Callable[[User], None] = erased.remove,
    over: str = "",
    identity: Path | None = None,
) -> int:
    """Put a backup in the place of the settings' database, which must be empty unless `over` is its name.

    In a scratch database first: proved, brought to this version's schema, everybody who was erased erased again,
    everybody signed out and all that opens without signing in ended. Then in one transaction. Returns how many were
    erased again; raises Refused.
    """
    with readable(path, identity) as plain:
        facts = accepted(plain)
        if not is_free(over):
            erased.gather()
        with unpacked(plain, facts) as scratch:
            with standing_in(scratch):
                call_command("migrate", verbosity=0)
                again = erased.reapply(erase, now=now)
                shut(now)
                note(path, "backup-restored", now=now)
                last = chain.head() or chain.Head(0, "")
            engine().pour(scratch)
            chain.keep(chain.Head(last.position, last.link, restored=True), now=now)
    return again


def shut(now: datetime) -> None:
    """Sign everybody out, and end what opens without signing in: some of it was ended since, and nobody knows what."""
    Session.objects.all().delete()
    Link.objects.live(now).update(revoked_at=now)
    Token.objects.live(now).update(revoked_at=now)
    ReminderPlan.objects.update(calendar_digest=None, calendar_since=None)


def look(path: Path, *, over: str = "", identity: Path | None = None) -> Facts:
    """Return what a backup says of itself where `restore` would take it; raises Refused where it would not."""
    with readable(path, identity) as plain:
        facts = accepted(plain)
    is_free(over)
    return facts


def is_free(over: str) -> bool:
    """Tell whether the settings' database is empty; one that is not must be meant by its name."""
    if engine().is_empty():
        return True
    if over != engine().path():
        raise Refused(f"The database {engine().path()} holds accounts; to replace it, say --over with its name.")
    return False


@contextmanager
def standing_in(name: str) -> Iterator[None]:
    """Another database in the place of the settings' one."""
    real = connection.settings_dict["NAME"]
    try:
        _turn_to(name)
        yield
    finally:
        _turn_to(real)


def _turn_to(name: str) -> None:
    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["NAME"] = name


def last_verified() -> datetime | None:
    """Return when the latest backup was made that was proved by restoring it; None where none was."""
    made = Event.objects.about(STREAM).filter(verb=VERIFIED).values_list("new", flat=True)
    return max(map(datetime.fromisoformat, made), default=None)


def prune(folder: Path, keep: int) -> list[Path]:
    """Delete all but the `keep` latest backups of a folder; return those deleted."""
    kept = sorted(folder.glob("settle-*.backup*"), reverse=True)
    gone = [path for path in kept if not path.name.endswith(".part")][keep:]
    for path in gone:
        path.unlink()
    return gone
