"""An empty SQLite database with all tables, made once and copied: to migrate one costs seconds, each time again."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.scratch import environment

ROOT = Path(settings.BASE_DIR)
RESTS_ON = (ROOT / "requirements.txt", *sorted((ROOT / "diary/migrations").glob("*.py")))


def blank(to: Path) -> None:
    """Copy an empty database to a place, made first where none is of these migrations and these packages."""
    known = ROOT / "var" / f"blank-{digest(*RESTS_ON)}.sqlite3"
    with (ROOT / "var" / "blank.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not known.exists():
            for old in known.parent.glob("blank-*.sqlite3"):
                old.unlink()
            migrated(known)
    shutil.copyfile(known, to)


def digest(*files: Path) -> str:
    found = hashlib.sha256()
    for file in files:
        found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:16]


def migrated(known: Path) -> None:
    begun = known.with_suffix(f".{os.getpid()}")
    try:
        command = [sys.executable, "manage.py", "migrate", "-v0"]
        subprocess.run(command, cwd=ROOT, env=environment(f"sqlite:///{begun}"), check=True)
        begun.rename(known)
    finally:
        begun.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in memory is one connection shared by all; a live server needs a file. Each worker has its own folder."""
    if connection.vendor == "sqlite":
        place = tmp_path_factory.getbasetemp() / "settle.sqlite3"
        blank(place)
        settings.DATABASES["default"]["TEST"]["NAME"] = str(place)


@pytest.fixture(scope="session")
def django_db_keepdb(request: pytest.FixtureRequest) -> Iterator[bool]:
    """On SQLite the tables stand already in the file that was copied."""
    yield connection.vendor == "sqlite" or request.config.getoption("reuse_db")
    connection.close()
