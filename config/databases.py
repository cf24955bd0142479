"""A database URL made safe for a diary: what was answered with "saved" is on the disk."""

import sqlite3
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

# The write-ahead log can corrupt a file in SQLite 3.7.0 to 3.51.2 (mended in 3.51.3); without it, EXTRA also
# syncs the folder after the journal is removed, so that a power cut cannot undo a commit.
WAL_IS_SOUND = (3, 51, 3)
POOL_WAITS = 5  # seconds; psycopg's own 30 leave a page hanging on a wrong address


def database(url: str) -> dict[str, Any]:
    """The DATABASES entry for `url`; raises ImproperlyConfigured with one sentence for the person who set it."""
    if urlsplit(url).scheme not in ("sqlite", "postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must begin with sqlite:/// or postgres://.")
    settings: dict[str, Any] = environ.Env.db_url_config(url)
    options = settings.setdefault("OPTIONS", {})
    if url.startswith("sqlite"):
        return settings | _sqlite(settings["NAME"], options)
    if not settings["NAME"]:
        raise ImproperlyConfigured("DATABASE_URL names no database: postgres://user:password@host:5432/settle.")
    pool = {"min_size": 1, "max_size": 8, "timeout": POOL_WAITS}
    return settings | {"OPTIONS": {"connect_timeout": POOL_WAITS, **options, "pool": pool}}


def _sqlite(name: str, options: dict[str, Any]) -> dict[str, Any]:
    if name in ("", ":memory:"):
        raise ImproperlyConfigured("DATABASE_URL keeps the diary in memory; give it a file: sqlite:///path.")
    if {"init_command", "transaction_mode"} & set(options):
        raise ImproperlyConfigured("DATABASE_URL must not change SQLite's journal, synchronous or transaction mode.")
    # IMMEDIATE: two transactions that read first and write later would otherwise refuse each other at once.
    ours = {"init_command": pragmas(), "transaction_mode": "IMMEDIATE"}
    return {"CONN_MAX_AGE": None, "OPTIONS": {"timeout": 20, **options, **ours}}


def pragmas(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """The statements every new SQLite connection starts with, for that version of the library."""
    if version >= WAL_IS_SOUND:
        return "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    return "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"
