"""What was answered as saved is there after the whole site was killed, and nothing is half there."""

import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.figures import Figure
from tests.reliability.books import is_whole, lost, torn
from tests.reliability.postgres import Cluster, cluster
from tests.reliability.site import Folk, Site, Writers

ENOUGH = 10  # kills: more of them are what is measured, fewer only show that it can be
LONGEST_PAUSE = 0.2  # of a second, between the last entry counted and the kill
few_and_many = pytest.mark.parametrize("kills", [2, pytest.param(100, marks=pytest.mark.full)])
few_and_thirty = pytest.mark.parametrize("kills", [1, pytest.param(30, marks=pytest.mark.full)])


def killed(site: Site, server: Cluster | None, folk: Folk, kills: int) -> Writers:
    """Let people write and kill everything under them at moments that nobody chose, again and again."""
    chance = Random(kills)
    writers = Writers(site, folk.patients)
    for number in range(kills):
        site.start(worker=True)
        with writers:
            writers.until(chance.randrange(5, 20) if kills < ENOUGH else chance.randrange(10, 100))
            time.sleep(chance.uniform(0, LONGEST_PAUSE))
            site.kill()
            if server:  # at once, without a last word: as a power cut
                server.stop("immediate")
            writers.stop.set()
        if server:
            server.start()
        assert is_whole(site.url), f"after {number + 1} kills"
    return writers


def count(writers: Writers, kills: int) -> str:
    return f"{len(writers.saved):,} acknowledged entries, {kills} kills"


@pytest.mark.asvs("V2.3.3")
@few_and_many
def test_sqlite_keeps_what_it_said_was_saved(furnished: tuple[str, Folk], tmp_path: Path, figure: Figure, kills: int):
    url, folk = furnished
    check(killed(Site(url, tmp_path, workers=2), None, folk, kills), kills, "SQLite", figure)


@few_and_thirty
def test_postgresql_keeps_what_it_said_was_saved(
    furnished_server: tuple[Path, Folk], tmp_path: Path, figure: Figure, kills: int
):
    files, folk = furnished_server
    with cluster(files) as server:
        site = Site(server.url(), tmp_path)
        check(killed(site, server, folk, kills), kills, "PostgreSQL", figure)


def check(writers: Writers, kills: int, engine: str, figure: Figure) -> None:
    missing, half = lost(writers.site.url, writers.saved), torn(writers.site.url)
    figure(f"{engine}: acknowledged entries lost", len(missing), count(writers, kills))
    figure(f"{engine}: groups half-written", len(half), count(writers, kills))
    assert writers.saved
    assert set(writers.answers) <= {200, 302}, writers.site.log()
    assert (missing, half) == (set(), set())


def control(site: Site, folk: Folk, found: Callable[[Writers], int]) -> tuple[int, Writers]:
    """Kill a site that is broken on purpose until the figure has turned red; return how far it went."""
    writers = Writers(site, folk.patients)
    for _ in range(12):
        site.start()
        with writers:
            writers.until(30)
            site.kill()
            writers.stop.set()
        if found(writers):
            break
    return found(writers), writers


def test_an_answer_before_the_commit_is_found_out(furnished: tuple[str, Folk], tmp_path: Path, figure: Figure):
    url, folk = furnished
    site = Site(url, tmp_path, fault="early")
    missing, writers = control(site, folk, lambda writers: len(lost(url, writers.saved)))
    figure("control: answered before the commit: acknowledged entries lost", missing, f"{len(writers.saved)} entries")
    assert missing > 0


def test_writes_without_a_transaction_are_found_out(furnished: tuple[str, Folk], tmp_path: Path, figure: Figure):
    url, folk = furnished
    half, writers = control(Site(url, tmp_path, fault="torn"), folk, lambda writers: len(torn(url)))
    figure("control: no transaction: groups half-written", half, f"{len(writers.saved)} entries")
    assert half > 0
