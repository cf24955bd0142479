"""Furnished databases, made once in a run of the tests and copied for each."""

import fcntl
import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.migrated import blank
from tests.reliability.postgres import cluster
from tests.reliability.site import SITES, Folk, Site


@pytest.fixture(scope="session")
def _of_this_run(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that all processes of one run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    return own if worker_id == "master" else own.parent


def once(folder: Path, furnish: Callable[[Path], Folk]) -> Folk:
    """Furnish a database in a folder, unless another process has done so or is at it: that one is waited for."""
    folder.mkdir(exist_ok=True)
    known = folder / "folk.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not known.exists():
            known.write_text(json.dumps(asdict(furnish(folder))))
        return Folk(**json.loads(known.read_text()))


def a_file(folder: Path) -> Folk:
    blank(folder / "settle.sqlite3")
    return Site(f"sqlite:///{folder / 'settle.sqlite3'}", folder).furnish()


def a_server(folder: Path) -> Folk:
    with cluster() as server:
        folk = Site(server.url(), folder).furnish()
        server.stop("fast")
        subprocess.run(["cp", "-a", server.folder / "data", folder], check=True)
    return folk


@pytest.fixture
def furnished(_of_this_run: Path, tmp_path: Path) -> tuple[str, Folk]:
    """The address of a SQLite database with people in it, and who they are."""
    folder = _of_this_run / "sqlite"
    folk = once(folder, a_file)
    shutil.copy(folder / "settle.sqlite3", tmp_path / "settle.sqlite3")
    return f"sqlite:///{tmp_path / 'settle.sqlite3'}", folk


@pytest.fixture(scope="session")
def furnished_server(_of_this_run: Path) -> tuple[Path, Folk]:
    """The files of a PostgreSQL server with people in its database, for `cluster` to copy, and who they are."""
    folder = _of_this_run / "postgresql"
    return folder / "data", once(folder, a_server)


@pytest.fixture(autouse=True)
def _no_site_outlives_its_test() -> Iterator[None]:
    yield
    while SITES:
        SITES.pop().kill()
