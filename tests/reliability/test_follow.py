"""deploy/postgres/follow.sh as it stands, but for the folder and the address: without a container engine."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings

from tests.production import free_port
from tests.reliability.postgres import PATIENCE, PROGRAMS, Cluster, cluster, place

pytestmark = pytest.mark.engineless
FOLLOW = settings.BASE_DIR / "deploy/postgres/follow.sh"
SYNCHRONOUS = "SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
COPYING = "SELECT count(*) = 1 FROM pg_stat_progress_basebackup WHERE backup_streamed > 0"


def instead(folder: Path, script: str) -> None:
    """Put a program in the way of the one that copies: in the folder `bin`."""
    (folder / "bin").mkdir()
    program = folder / "bin" / "pg_basebackup"
    program.write_text(f"#!/bin/sh\n{script}")
    program.chmod(0o755)


@contextmanager
def following(first: Cluster, folder: Path) -> Iterator[subprocess.Popen]:
    """Run the script as the container does; it ends as a container that is killed, with all it had started."""
    text = FOLLOW.read_text(encoding="utf-8")
    for old, new in (
        ("/var/lib/postgresql/data/standby", str(folder / "data")),
        ("host=primary ", f"host=127.0.0.1 port={first.port} "),
        ("exec postgres ", f"exec postgres -p {free_port()} -k {folder} "),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    who = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    env = {"PATH": f"{folder}/bin:{PROGRAMS}:{os.environ['PATH']}"}
    with (folder / "log").open("a") as log:
        ran = subprocess.Popen([*who, "sh", "-c", text], env=env, cwd="/", stderr=log, start_new_session=True)
        try:
            yield ran
        finally:
            with suppress(ProcessLookupError):  # it may have ended, and all it started
                os.killpg(ran.pid, signal.SIGKILL)
            ran.wait()


@pytest.fixture(scope="module")
def first():
    """A primary that waits for `standby`; who makes its database does not."""
    with cluster() as server:
        server.set(synchronous_standby_names="standby")
        server.ask("SELECT pg_reload_conf()")
        yield server


def test_a_copy_that_was_broken_off_is_made_anew(first):
    """Before the last of what is copied: a machine, or a person, that has no patience."""
    with place() as folder:
        instead(folder, f'{PROGRAMS}/pg_basebackup "$@"\nrm "$4/global/pg_control"\nkill -9 $PPID\n')
        with following(first, folder) as broken_off:
            broken_off.wait(PATIENCE)
        shutil.rmtree(folder / "bin")
        with following(first, folder):
            first.wait(SYNCHRONOUS)


def test_nothing_counts_as_kept_by_a_copy_that_is_not_whole(first):
    """The copy receives what is written meanwhile, and would be taken for the standby if it bore its name."""
    with place() as folder:
        instead(folder, f'exec {PROGRAMS}/pg_basebackup "$@" --max-rate=1M\n')  # slow enough to look at
        with following(first, folder):
            first.wait(COPYING)
            first.wait("SELECT count(*) = 2 FROM pg_stat_replication")
            time.sleep(1)  # time enough for it to say how far it is
            assert not first.ask(SYNCHRONOUS)[0][0]
