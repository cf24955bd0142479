"""A database URL made safe for a diary: what was answered with "saved" is on the disk."""

import sqlite3
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

# The write-ahead log can corrupt a file in SQLite 3.7.0 to 3.51.2 (mended in 3.51.3); without it, EXTRA also
# syncs the folder after the journal is removed, so that a power cut cannot undo a commit.
WAL_IS_SOUND = (3, 51, 3)
OURS = {"init_command", "transaction_mode"}
POOL_WAITS = 5  # seconds; psycopg's own 30 leave a page hanging on a wrong address


def database(url: str) -> dict[str, Any]:
    """The DATABASES entry for `url`; raises ImproperlyConfigured with one sentence for the person who set it."""
    try:
        settings: dict[str, Any] = environ.Env.db_url_config(url)
    except Exception as error:
        raise ImproperlyConfigured("DATABASE_URL cannot be read; write sqlite:///path or postgres://…") from error
    options = settings.setdefault("OPTIONS", {})
    if settings.get("ENGINE") == "django.db.backends.sqlite3":
        return settings | _sqlite(settings, options)
    if settings.get("ENGINE") == "django.db.backends.postgresql" and settings["NAME"]:
        options.setdefault("connect_timeout", POOL_WAITS)
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": POOL_WAITS}
        return settings
    raise ImproperlyConfigured("DATABASE_URL must name a SQLite file or a PostgreSQL database.")


def _sqlite(settings: dict[str, Any], options: dict[str, Any]) -> dict[str, Any]:
    if settings["NAME"] in ("", ":memory:"):
        raise ImproperlyConfigured("DATABASE_URL keeps the diary in memory; give it a file: sqlite:///path.")
    if OURS & set(options):
        raise ImproperlyConfigured("DATABASE_URL must not change SQLite's journal, synchronous or transaction mode.")
    # IMMEDIATE: two transactions that read first and write later would otherwise refuse each other at once.
    return {
        "CONN_MAX_AGE": None,
        "OPTIONS": {"timeout": 20, **options, "init_command": pragmas(), "transaction_mode": "IMMEDIATE"},
    }


def pragmas(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """The statements every new SQLite connection starts with, for that version of the library."""
    if version >= WAL_IS_SOUND:
        return "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    return "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"
