"""Past one machine: several web processes behind nginx, several workers, PostgreSQL with a synchronous replica."""

from pathlib import Path

import pytest

from tests.figures import Figure
from tests.reliability.books import lost, torn
from tests.reliability.front import front
from tests.reliability.postgres import cluster, replica
from tests.reliability.site import Folk, Site, Writers

WEB, WORKERS = 3, 2


@pytest.mark.full
def test_a_web_process_is_killed_under_load_and_nothing_is_lost(
    furnished_server: tuple[Path, Folk], tmp_path: Path, figure: Figure
):
    files, folk = furnished_server
    with cluster(files, wal_level="replica") as primary, replica(primary, "standby"):
        primary.set(synchronous_standby_names="standby")
        primary.ask("SELECT pg_reload_conf()")
        killed_under_load(primary.url(), folk, tmp_path, figure)


def killed_under_load(url: str, folk: Folk, folder: Path, figure: Figure) -> None:
    first, *others = sites = [Site(url, folder, told={"TRUSTED_PROXY_COUNT": "1"}) for _ in range(WEB)]
    for place, site in enumerate(sites):
        site.start(worker=place < WORKERS)
    with front(folder, sites) as port:
        entrance = Site(url, folder, port=port)
        writers = Writers(entrance, folk.patients, threads=6)
        with writers:
            writers.until(150)
            others[-1].kill()  # its neighbours take over what it was asked
            writers.until(150)
            others[0].kill()
            writers.until(100)
            others[0].start(worker=True)
            writers.until(50)
    missing, half = lost(url, writers.saved), torn(url)
    said = f"{len(writers.saved):,} acknowledged entries, {WEB} web processes and {WORKERS} workers, 2 kills"
    figure("behind nginx: acknowledged entries lost", len(missing), said)
    figure("behind nginx: groups half-written", len(half), said)
    figure("behind nginx: requests refused or broken", writers.refused, dict(writers.answers))
    assert (missing, half) == (set(), set())
    assert set(writers.answers) <= {200, 302, 502, 503, 504}, first.log()
