"""SQLite's part of a backup: its own backup interface reads a moving database as it stood at one moment."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from django.db import connection

from diary.actions.backups.container import Refused, compress, expand
from diary.actions.backups.contents import Content

TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
WAITS = 20  # seconds for a lock


def save(to: Path) -> Content:
    """Write the running database to `to`, checked; writers wait for as long as the pages are read, not longer."""
    with TemporaryDirectory(dir=to.parent) as folder:
        copy = Path(folder) / "copy"
        with closing(sqlite3.connect(path(), timeout=WAITS)) as source, closing(sqlite3.connect(copy)) as target:
            copied(source, target)
        content = content_of(str(copy))
        compress(copy, to)
    return content


def path() -> str:
    return str(connection.settings_dict["NAME"])


def content_of(name: str) -> Content:
    """Return the content of a database file; raises Refused where SQLite finds it unsound."""
    with closing(sqlite3.connect(f"file:{name}?mode=ro", uri=True, timeout=WAITS)) as database:
        database.execute("BEGIN")
        if (said := database.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
            raise Refused(f"The database in this backup is damaged: {said}.")
        return digested(database)


def digested(database: sqlite3.Connection) -> Content:
    digest, rows = hashlib.sha256(), {}
    for table, sql in database.execute(TABLES).fetchall():
        digest.update(f"{table}\n{sql}\n".encode())
        count = 0
        for row in database.execute(f'SELECT * FROM "{table}" ORDER BY rowid'):  # noqa: S608 its own tables
            digest.update(repr(row).encode())
            count += 1
        rows[table] = count
    return Content(digest.hexdigest(), rows)


@contextmanager
def scratch(saved: Path) -> Iterator[str]:
    """The saved database as a file of its own, beside the backup."""
    with TemporaryDirectory(dir=saved.parent) as folder:
        name = str(Path(folder) / "scratch.sqlite3")
        expand(saved, Path(name))
        yield name


def sweep() -> None:
    """Nothing: a scratch database lies in a room, and goes with it."""


def is_empty() -> bool:
    """Tell whether nobody has an account in the database of the settings; looking makes no file."""
    if not Path(path()).exists():
        return True
    with closing(sqlite3.connect(path(), timeout=WAITS)) as database:
        tables = {name for name, _ in database.execute(TABLES)}
        return "diary_user" not in tables or not database.execute("SELECT 1 FROM diary_user LIMIT 1").fetchone()


def pour(scratch: str) -> None:
    """Put a scratch database in the place of the settings' one, in a single transaction: the old or the new, whole."""
    with closing(sqlite3.connect(scratch)) as source, closing(sqlite3.connect(path(), timeout=WAITS)) as target:
        target.execute("PRAGMA synchronous=EXTRA")
        copied(source, target)


def copied(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy a database in one step. SQLite's own interface asks again for ever while somebody holds a lock."""
    ends = monotonic() + WAITS

    def held(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and monotonic() > ends:
            raise Refused("Somebody else holds the database: stop everything that uses it, then try again.")

    source.backup(target, progress=held)
