"""What was answered as saved is there after the whole site was killed, and nothing is half there."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random

import pytest

from tests.figures import Figure
from tests.reliability.books import is_whole, lost, torn
from tests.reliability.postgres import Cluster, cluster
from tests.reliability.site import Site, Writers

FEWEST = 0.15  # of a second, between two kills
LONGEST = 1.0
PATIENTS = 40
few_and_many = pytest.mark.parametrize("kills", [2, pytest.param(100, marks=pytest.mark.full)])
few_and_thirty = pytest.mark.parametrize("kills", [2, pytest.param(30, marks=pytest.mark.full)])


@contextmanager
def on_sqlite(folder: Path) -> Iterator[tuple[str, None]]:
    yield f"sqlite:///{folder / 'settle.sqlite3'}", None


@contextmanager
def on_postgresql(folder: Path) -> Iterator[tuple[str, Cluster]]:
    with cluster() as server:
        yield server.url(), server


def killed(site: Site, server: Cluster | None, kills: int, *, until: Callable[[], bool] = lambda: False) -> Writers:
    """Let people write and kill everything under them at moments that nobody chose, again and again."""
    chance = Random(kills)
    writers = Writers(site, site.furnish(PATIENTS)["patients"])
    for number in range(kills):
        site.start(worker=True)
        with writers:
            writers.stop.wait(chance.uniform(FEWEST, LONGEST))
            site.kill()
            if server:  # at once, without a last word: as a power cut
                server.stop("immediate")
            writers.stop.set()
        if server:
            server.start()
        if until():
            break
        assert is_whole(site.url), f"after {number + 1} kills"
    return writers


def count(writers: Writers, kills: int) -> str:
    return f"{len(writers.saved):,} acknowledged entries, {kills} kills"


@few_and_many
def test_sqlite_keeps_what_it_said_was_saved(tmp_path: Path, figure: Figure, kills: int):
    with on_sqlite(tmp_path) as (url, _):
        writers = killed(Site(url, tmp_path), None, kills)
        check(url, writers, kills, "SQLite", figure)


@few_and_thirty
def test_postgresql_keeps_what_it_said_was_saved(tmp_path: Path, figure: Figure, kills: int):
    with on_postgresql(tmp_path) as (url, server):
        writers = killed(Site(url, tmp_path), server, kills)
        check(url, writers, kills, "PostgreSQL", figure)


def check(url: str, writers: Writers, kills: int, engine: str, figure: Figure) -> None:
    missing, half = lost(url, writers.saved), torn(url)
    figure(f"{engine}: acknowledged entries lost", len(missing), count(writers, kills))
    figure(f"{engine}: groups half-written", len(half), count(writers, kills))
    assert writers.saved
    assert set(writers.answers) <= {200, 302}, writers.site.log()
    assert (missing, half) == (set(), set())


def control(tmp_path: Path, fault: str, found: Callable[[str, Writers], int]) -> tuple[int, Writers]:
    """Kill a site that is broken on purpose until the figure has turned red; return how far it went."""
    with ExitStack() as stack:
        url, _ = stack.enter_context(on_sqlite(tmp_path))
        site = Site(url, tmp_path, fault=fault)
        writers = Writers(site, site.furnish(PATIENTS)["patients"])
        for _ in range(12):
            site.start()
            with writers:
                writers.stop.wait(0.4)
                site.kill()
                writers.stop.set()
            if found(url, writers):
                break
        return found(url, writers), writers


def test_an_answer_before_the_commit_is_found_out(tmp_path: Path, figure: Figure):
    missing, writers = control(tmp_path, "early", lambda url, writers: len(lost(url, writers.saved)))
    figure("control: answered before the commit: acknowledged entries lost", missing, f"{len(writers.saved)} entries")
    assert missing > 0


def test_writes_without_a_transaction_are_found_out(tmp_path: Path, figure: Figure):
    half, writers = control(tmp_path, "torn", lambda url, writers: len(torn(url)))
    figure("control: no transaction: groups half-written", half, f"{len(writers.saved)} entries")
    assert half > 0
