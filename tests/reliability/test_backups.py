"""Backups taken while people write: each restores to what was there at one moment, whole."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from diary.actions.backups import sqlite
from tests.figures import Figure
from tests.reliability.books import is_whole, lost, torn
from tests.reliability.postgres import cluster
from tests.reliability.site import Folk, Site, Writers

TEN = pytest.param(10, marks=pytest.mark.full)
PAGES_AT_A_TIME = 4096 * 8


@contextmanager
def written_to(site: Site, folk: Folk) -> Iterator[Writers]:
    """The site with people who write into it all the while."""
    site.start()
    with Writers(site, folk.patients, threads=3) as writers:
        writers.until(5)
        yield writers
    site.kill()


def taken_under_load(site: Site, folk: Folk, backups: int) -> list[tuple[Path, int]]:
    """Take backups while people write; each with how many entries had been acknowledged before it began."""
    taken = []
    with written_to(site, folk) as writers:
        for number in range(backups):
            before = len(writers.saved)
            folder = site.folder / f"backup-{number}"
            said = site.manage("backup", "--to", str(folder))
            assert "proved" in said
            taken.append((next(folder.iterdir()), before))
        site.saved = list(writers.saved)
    return taken


def check(site: Site, folk: Folk, backups: int, engine: str, figure: Figure, empty: list[str]) -> None:
    equal = missing = half = 0
    for (path, before), url in zip(taken_under_load(site, folk, backups), empty, strict=True):
        other = Site(url, site.folder)
        other.manage("restore", str(path), "--yes")
        equal += is_whole(url)
        missing += len(lost(url, site.saved[:before]))
        half += len(torn(url))
    figure(f"{engine}: backups under load that restored to equal rows", equal, f"of {backups}")
    figure(f"{engine}: entries acknowledged before a backup and not in it", missing, f"{backups} backups")
    assert (equal, missing, half) == (backups, 0, 0)


@pytest.mark.parametrize("backups", [1, TEN])
def test_sqlite(furnished: tuple[str, Folk], tmp_path: Path, figure: Figure, backups: int):
    url, folk = furnished
    empty = [f"sqlite:///{tmp_path}/restored-{number}.sqlite3" for number in range(backups)]
    check(Site(url, tmp_path), folk, backups, "SQLite", figure, empty)


@pytest.mark.parametrize("backups", [TEN])  # a few are taken on PostgreSQL in tests/actions/test_backups.py
def test_postgresql(furnished_server: tuple[Path, Folk], tmp_path: Path, figure: Figure, backups: int):
    files, folk = furnished_server
    with cluster(files) as server:
        empty = [f"restored_{number}" for number in range(backups)]
        for name in empty:
            server.ask(f"CREATE DATABASE {name}")
        check(Site(server.url(), tmp_path), folk, backups, "PostgreSQL", figure, [server.url(name) for name in empty])


def test_the_digest_is_that_of_the_running_database_at_that_moment(
    furnished: tuple[str, Folk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Held still by a reader while people try to write, the database and its backup have one digest."""
    url, folk = furnished
    name = url.removeprefix("sqlite:///")
    monkeypatch.setattr(sqlite, "path", lambda: name)
    with written_to(Site(url, tmp_path), folk), closing(sqlite3.connect(name, timeout=20)) as still:
        still.execute("BEGIN")
        live = sqlite.digested(still)
        saved = sqlite.save(tmp_path / "saved")
    with sqlite.scratch(tmp_path / "saved") as restored:
        assert sqlite.content_of(restored) == saved == live


def copied(name: str, to: Path) -> None:
    """Copy a file as `cp` does, piece by piece, while others write to it."""
    with Path(name).open("rb") as source, to.open("wb") as target:
        while piece := source.read(PAGES_AT_A_TIME):
            target.write(piece)
            time.sleep(0.01)


def is_a_copy_of_one_moment(url: str, saved: list[str]) -> bool:
    try:
        return is_whole(url) and not lost(url, saved) and not torn(url)
    except sqlite3.DatabaseError:
        return False


def test_a_copy_of_the_running_file_is_found_out(furnished: tuple[str, Folk], tmp_path: Path, figure: Figure):
    url, folk = furnished
    copies, bad = 0, 0
    with written_to(Site(url, tmp_path), folk) as writers:
        while not bad and copies < 20:
            saved, copies = list(writers.saved), copies + 1
            copy = tmp_path / f"copy-{copies}.sqlite3"
            copied(url.removeprefix("sqlite:///"), copy)
            bad += not is_a_copy_of_one_moment(f"sqlite:///{copy}", saved)
            shutil.rmtree(copy, ignore_errors=True)
    figure("control: copy of the live file: copies that are no state of the diary", bad, f"of {copies}")
    assert bad
