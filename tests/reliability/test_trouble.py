"""The disk is full, read-only, or the database locked or gone: nothing acknowledged is lost, what was typed is given
back with a clear page, and all goes on by itself when the trouble ends."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from tests.figures import Figure
from tests.reliability.books import asking, hexed, lost, torn
from tests.reliability.postgres import Cluster, cluster
from tests.reliability.site import PATIENCE, Browser, Folk, Site, Writers, until

Trouble = Callable[[], AbstractContextManager[None]]
WORDS = "numb since lunch, and it will not pass"
SIZE = 24 << 20
# Root writes where nobody may; the site does not run as root, and here it does not either.
AS_ANYBODY = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    if os.getuid() != 0:
        pytest.skip("no mounts")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", place], check=True)
    yield place
    subprocess.run(["umount", "-l", place], check=True)


@contextmanager
def full(file: Path) -> Iterator[None]:
    filler = file.with_name("filler")
    with locked(file), filler.open("wb", buffering=0) as filling:  # a journal at work would leave its room to the next
        try:
            while filling.write(b"\0" * 4096):
                pass
        except OSError:
            pass
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def read_only(file: Path) -> Iterator[None]:
    file.chmod(0o444)
    file.parent.chmod(0o555)
    try:
        yield
    finally:
        file.parent.chmod(0o755)
        file.chmod(0o644)


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, timeout=PATIENCE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def gone(file: Path) -> Iterator[None]:
    away = file.with_name("away")
    file.rename(away)
    try:
        yield
    finally:
        away.replace(file)


def outlived(site: Site, folk: Folk, trouble: Trouble) -> Writers:
    """Let people write while trouble comes and goes; one of them types what must not be lost."""
    typed = {"id": str(uuid4()), "pain": "6", "note": WORDS}
    person = Browser(site, folk.patients[0])
    with Writers(site, folk.patients[1:], threads=2) as writers:
        writers.until(3)
        with trouble():
            until(lambda: 503 in writers.answers, lambda: f"{writers.answers} {site.log()}")
            status, page = person.post("/entries/add/", **typed)
            assert status == 503, (status, site.log())
            assert WORDS in page
            assert typed["id"] in page
            assert "Not saved yet" in page
        writers.until(3)
    assert person.post("/entries/add/", **typed)[0] == 302
    assert person.post("/entries/add/", **typed)[0] == 302
    kept = [hexed(id) for (id,) in asking(site.url.split("?")[0])("SELECT id FROM diary_entry")]
    assert kept.count(hexed(typed["id"])) == 1
    assert set(writers.answers) <= {200, 302, 503}, site.log()
    return writers


def check(url: str, writers: Writers, what: str, figure: Figure) -> None:
    missing, half = lost(url, writers.saved), torn(url)
    refused = writers.answers.get(503, 0)
    figure(f"{what}: acknowledged entries lost", len(missing), f"{len(writers.saved)} acknowledged, {refused} refused")
    assert (missing, half) == (set(), set())


@pytest.mark.parametrize(
    "trouble",
    [full, gone, pytest.param(read_only, marks=pytest.mark.full), pytest.param(locked, marks=pytest.mark.full)],
)
def test_sqlite(
    furnished: tuple[str, Folk],
    disk: Path,
    figure: Figure,
    trouble: Callable[[Path], AbstractContextManager[None]],
):
    url, folk = furnished
    file = disk / "settle.sqlite3"
    shutil.copy(url.removeprefix("sqlite:///"), file)
    site = Site(f"sqlite:///{file}?timeout=1", disk.parent)
    site.start(before=AS_ANYBODY if os.getuid() == 0 else ())
    writers = outlived(site, folk, lambda: trouble(file))
    check(f"sqlite:///{file}", writers, f"SQLite, {trouble.__name__.replace('_', '-')}", figure)


@contextmanager
def server_gone(server: Cluster) -> Iterator[None]:
    server.stop()
    yield
    server.start()


@contextmanager
def server_read_only(server: Cluster) -> Iterator[None]:
    server.ask("ALTER SYSTEM SET default_transaction_read_only = on")
    server.ask("SELECT pg_reload_conf()")
    yield
    server.ask("ALTER SYSTEM RESET default_transaction_read_only")
    server.ask("SELECT pg_reload_conf()")


@contextmanager
def server_locked(server: Cluster) -> Iterator[None]:
    import psycopg

    with psycopg.connect(server.url()) as other:
        other.execute("LOCK TABLE diary_entry IN ACCESS EXCLUSIVE MODE")
        yield


@pytest.mark.full
def test_postgresql(furnished_server: tuple[Path, Folk], tmp_path: Path, figure: Figure):
    files, folk = furnished_server
    with cluster(files) as server:
        site = Site(server.url(), tmp_path, told={"PGOPTIONS": "-c statement_timeout=1s"})
        site.start()
        for trouble in (server_gone, server_read_only, server_locked):
            writers = outlived(site, folk, lambda trouble=trouble: trouble(server))
            check(server.url(), writers, f"PostgreSQL, {trouble.__name__.removeprefix('server_')}", figure)
