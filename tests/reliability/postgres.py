"""PostgreSQL servers of a test's own: durable, killed and started again, followed by a replica."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.production import free_port

DEBIAN = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda path: int(path.parent.name))
ELSEWHERE = shutil.which("initdb")
PROGRAMS = DEBIAN or (Path(ELSEWHERE).parent if ELSEWHERE else None)
NOT_HERE = "no PostgreSQL"  # `run` announces it: otherwise this skip is a failure
PATIENCE = 60  # seconds


def required() -> Path:
    if PROGRAMS is None:
        pytest.skip(NOT_HERE)
    return PROGRAMS


def as_postgres(program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs, which refuse to be root."""
    who = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    command = [*who, str(required() / program), *arguments]
    ran = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert not check or ran.returncode == 0, ran.stdout + ran.stderr
    return ran


@dataclass
class Cluster:
    """One server, its files and its port."""

    folder: Path
    port: int

    def url(self, name: str = "settle") -> str:
        return f"postgres://settle@127.0.0.1:{self.port}/{name}"

    def make(self, files: Path | None) -> None:
        data = str(self.folder / "data")
        if files:
            subprocess.run(["cp", "-a", files, data], check=True)
            return
        spoken = ("-E", "UTF8", "--locale=C.UTF-8")
        as_postgres("initdb", "-D", data, "-U", "settle", "-A", "trust", *spoken, "--no-sync")

    def start(self) -> None:
        # Its output goes to the log alone: a pipe held open by the server would never end.
        said = f"-p {self.port} -k {self.folder} -h 127.0.0.1"
        log = str(self.folder / "log")
        as_postgres("pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", log, "-o", said, "start")

    def stop(self, how: str = "immediate") -> None:
        as_postgres("pg_ctl", "-D", str(self.folder / "data"), "-m", how, "stop", check=False)

    def set(self, **settings: str) -> None:
        """Change settings of the server; those that are read at its start need it to be started again."""
        with (self.folder / "data/postgresql.auto.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def ask(self, statement: str, name: str = "postgres") -> list[tuple]:
        with psycopg.connect(self.url(name), autocommit=True) as server:
            cursor = server.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def wait(self, statement: str) -> None:
        """Wait until a question is answered with true."""
        ends = time.monotonic() + PATIENCE
        while not self.ask(statement)[0][0]:
            assert time.monotonic() < ends, f"waited too long: {statement}"
            time.sleep(0.05)


@contextmanager
def place() -> Iterator[Path]:
    """A folder in which the user postgres may write."""
    folder = Path(tempfile.mkdtemp(prefix="settle-"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def cluster(files: Path | None = None, **settings: str) -> Iterator[Cluster]:
    """A running server with a database `settle`, which waits for the disk as a server does that nobody has changed.

    `files` are those of one that was stopped, to begin with a copy of them.
    """
    required()
    with place() as folder:
        made = Cluster(folder, free_port())
        made.make(files)
        made.set(**settings)
        made.start()
        try:
            if not files:
                made.ask("CREATE DATABASE settle")
            yield made
        finally:
            made.stop()


@contextmanager
def replica(of: Cluster, name: str) -> Iterator[Cluster]:
    """A running copy of a server that follows it under this name."""
    with place() as folder:
        made = Cluster(folder, free_port())
        source = f"host=127.0.0.1 port={of.port} user=settle application_name={name}"
        as_postgres("pg_basebackup", "-d", source, "-D", str(folder / "data"), "-R", "-c", "fast")
        made.start()
        try:
            yield made
        finally:
            made.stop()
