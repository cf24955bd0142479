"""Empty databases with all tables, made once and copied: to migrate one costs seconds, each time again."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection, transaction

from tests.scratch import environment, server

ROOT = Path(settings.BASE_DIR)
RESTS_ON = (ROOT / "requirements.txt", *sorted((ROOT / "diary/migrations").glob("*.py")))


@contextmanager
def alone() -> Iterator[None]:
    """Wait until no other process is here."""
    with (ROOT / "var" / "blank.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def blank(to: Path) -> None:
    """Copy an empty database to a place, made first where none is of these migrations and these packages."""
    known = ROOT / "var" / f"blank-{digest(*RESTS_ON)}.sqlite3"
    with alone():
        if not known.exists():
            for old in known.parent.glob("blank-*.sqlite3"):
                old.unlink()
            begun = known.with_suffix(f".{os.getpid()}")
            try:
                migrate(f"sqlite:///{begun}")
                begun.rename(known)
            finally:
                begun.unlink(missing_ok=True)
    shutil.copyfile(known, to)


def blank_of_server() -> str:
    """Return the name of an empty database on the PostgreSQL server of the run, to copy; made first where none is."""
    known, begun = f"blank_{digest(*RESTS_ON)}", f"blank_{os.getpid()}"
    with alone(), psycopg.connect(f"{server()}postgres", autocommit=True) as asked:
        if not asked.execute("SELECT 1 FROM pg_database WHERE datname = %s", [known]).fetchone():
            asked.execute(f"DROP DATABASE IF EXISTS {begun}")
            asked.execute(f"CREATE DATABASE {begun}")
            migrate(f"{server()}{begun}")
            asked.execute(f"ALTER DATABASE {begun} RENAME TO {known}")
    return known


def digest(*files: Path) -> str:
    found = hashlib.sha256()
    for file in files:
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:16]


def migrate(url: str) -> None:
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment(url), check=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in memory is one connection shared by all; a live server needs a file. Each worker has its own folder."""
    if connection.vendor == "sqlite":
        place = tmp_path_factory.getbasetemp() / "settle.sqlite3"
        blank(place)
        settings.DATABASES["default"]["TEST"]["NAME"] = str(place)
    else:
        settings.DATABASES["default"]["TEST"]["TEMPLATE"] = blank_of_server()


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> Iterator[bool]:
    """On SQLite the tables stand already in the file that was copied."""
    yield connection.vendor == "sqlite" or request.config.getoption("reuse_db")
    connection.close()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Ask what Django asks of an engine once a process before any test counts statements, whichever comes first."""
    with django_db_blocker.unblock():
        assert connection.features.supports_json_field


@pytest.fixture(scope="session", autouse=True)
def _begun_again_at_once() -> Iterator[None]:
    """What Django writes into a database that a test has emptied waits for the disk once, and not seventeen times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "emit_post_migrate_signal", transaction.atomic()(flush.emit_post_migrate_signal))
        yield
