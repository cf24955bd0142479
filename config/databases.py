"""A database URL made safe for a diary: what was answered with "saved" is on the disk."""

import re
import sqlite3
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 its own name
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections

# The write-ahead log can corrupt a file in SQLite 3.7.0 to 3.51.2 (mended in 3.51.3); without it, EXTRA also
# syncs the folder after the journal is removed, so that a power cut cannot undo a commit.
WAL_IS_SOUND = (3, 51, 3)
SYNCHRONOUS = {"FULL": 2, "EXTRA": 3}
POOL_HOLDS = 8  # connections of a process at most
POOL_WAITS = 5  # seconds; psycopg's own 30 leave a page hanging on a wrong address
# A server that has gone without a word is given up after this; otherwise the system waits a quarter of an hour.
PATIENCE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}


def database(url: str) -> dict[str, Any]:
    """The DATABASES entry for `url`; raises ImproperlyConfigured with one sentence for the person who set it."""
    if urlsplit(url).scheme not in ("sqlite", "postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgres://.")
    try:
        settings: dict[str, Any] = environ.Env.db_url_config(url)
    except ValueError:  # its words may hold a part of the password
        raise ImproperlyConfigured(
            "DATABASE_URL cannot be read: write the signs / ? # @ : of a password as %2F %3F %23 %40 %3A."
        ) from None
    options = settings.setdefault("OPTIONS", {})
    if url.startswith("sqlite"):
        return settings | _sqlite(settings["NAME"], options)
    return settings | _postgresql(settings["NAME"], options)


def _sqlite(name: str, options: dict[str, Any]) -> dict[str, Any]:
    if name in ("", ":memory:"):
        raise ImproperlyConfigured("DATABASE_URL keeps the diary in memory; give it a file: sqlite:///path.")
    if {"init_command", "transaction_mode", "isolation_level"} & set(options):
        raise ImproperlyConfigured("DATABASE_URL must not change SQLite's journal, synchronous or transaction mode.")
    # IMMEDIATE: two transactions that read first and write later would otherwise refuse each other at once.
    ours = {"init_command": pragmas(), "transaction_mode": "IMMEDIATE"}
    return {"CONN_MAX_AGE": None, "OPTIONS": {"timeout": 20, **options, **ours}}


def _postgresql(name: str, options: dict[str, Any]) -> dict[str, Any]:
    if not name:
        raise ImproperlyConfigured("DATABASE_URL names no database: postgres://user:password@host:5432/settle.")
    if re.search(r"synchronous_commit|fsync|full_page_writes", str(options.get("options", ""))):
        raise ImproperlyConfigured("DATABASE_URL must not change how PostgreSQL waits for the disk.")
    # A pooler that knows no prepared statements is told of by ?prepare_threshold=None (ADR 32).
    threshold = options.get("prepare_threshold", 0)
    kept = {"prepare_threshold": None if threshold == "None" else threshold}
    # After an outage the pool asks again at once when somebody needs it, rather than minutes later.
    pool = {"min_size": 1, "max_size": POOL_HOLDS, "timeout": POOL_WAITS, "reconnect_timeout": POOL_WAITS}
    return {
        "ENGINE": "config.postgresql",
        "CONN_HEALTH_CHECKS": True,  # a connection that an outage has left dead is replaced, not handed out
        "OPTIONS": {"connect_timeout": POOL_WAITS, **PATIENCE, **options, **kept, "pool": pool},
    }


def pragmas(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """The statements every new SQLite connection starts with, for that version of the library."""
    journal, synchronous = durable(version)
    return f"PRAGMA journal_mode={journal}; PRAGMA synchronous={synchronous};"


def durable(version: tuple[int, ...]) -> tuple[str, str]:
    return ("WAL", "FULL") if version >= WAL_IS_SOUND else ("DELETE", "EXTRA")


@register(Tags.database)
def keeps_what_it_was_told(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Warn of what the databases themselves, whatever they were asked for, would lose in a power cut.

    The site does not start on one (`refuse_losses`); migrating is another matter.
    """
    return [Warning(sentence, id="settle.W001") for alias in databases or () for sentence in losses(alias)]


def losses(alias: str) -> list[str]:
    """Return a sentence for each setting of a database that can lose what was answered with "saved"."""
    connection = connections[alias]
    with connection.cursor() as cursor:

        def value(statement: str) -> Any:
            cursor.execute(statement)
            return cursor.fetchone()[0]

        if connection.vendor == "sqlite":
            return _losses_of_sqlite(value)
        return [
            f"PostgreSQL runs with {setting}=off: a power cut can lose or corrupt diaries; set it to on."
            for setting in ("fsync", "full_page_writes")
            if value(f"SHOW {setting}") == "off"
        ]


def _losses_of_sqlite(value: Any) -> list[str]:
    journal, synchronous = durable(sqlite3.sqlite_version_info)
    said = []
    if value("PRAGMA journal_mode") != journal.lower():
        said.append(f"The SQLite file keeps another journal than {journal}: stop everything that uses it, start again.")
    if value("PRAGMA synchronous") != SYNCHRONOUS[synchronous]:
        said.append(f"SQLite does not run with synchronous={synchronous}.")
    if value("PRAGMA mmap_size"):
        said.append("SQLite maps the file into memory: use a library built without a default for mmap_size.")
    return said


def refuse_losses() -> None:
    """Raise ImproperlyConfigured where a database would lose entries; one that is away is asked again by the pages."""
    try:
        said = [sentence for alias in connections for sentence in losses(alias)]
    except ImproperlyConfigured:
        raise
    except OperationalError:
        return
    finally:
        connections.close_all()
    if said:
        raise ImproperlyConfigured(" ".join(said))
