"""Empty databases of their own for tests that start processes, on the engine that the run is about."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

Manage = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def scratch(db: None, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database: a new file, or a new database of the same PostgreSQL server."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'scratch.sqlite3'}"
        return
    name = f"scratch_{os.getpid()}"
    with psycopg.connect(f"{server()}postgres", autocommit=True) as asked:
        asked.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        asked.execute(f"CREATE DATABASE {name}")
        yield f"{server()}{name}"
        asked.execute(f"DROP DATABASE {name} WITH (FORCE)")


def server() -> str:
    """Return the address of the run's PostgreSQL server, to which the name of a database is added."""
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/".format(**connection.settings_dict)


@pytest.fixture
def manage(scratch: str) -> Manage:
    """Return a function that runs a manage.py command, or another module of Python, on the scratch database."""

    def run(*command: str, module: str = "", **said: str) -> subprocess.CompletedProcess[str]:
        what = ["-m", module] if module else ["manage.py"]
        return subprocess.run(
            [sys.executable, *what, *command],
            cwd=settings.BASE_DIR,
            env=environment(scratch) | said,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return run


def environment(url: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "SECRET_KEY": "tests only: no session of a real person is ever signed with this sentence",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url,
        "EMAIL_URL": "memorymail://",
        "CACHE_URL": "locmemcache://",
        "HTTPS": "off",
        "DEMO": "off",
        "HASHED_STATIC": "off",
        "STATIC_ROOT": "var/no-static",
        "ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
    }
