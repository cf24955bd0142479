"""PostgreSQL's server is lost and its replica takes over: nothing acknowledged is lost, and what has not reached the
replica is not called saved."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from tests.figures import Figure
from tests.reliability.books import asking, hexed, lost, torn
from tests.reliability.postgres import Cluster, as_postgres, cluster, replica
from tests.reliability.site import Browser, Folk, Site, Writers, until

BACK_WITHIN = 15  # seconds
WORDS = "numb since lunch, and it will not pass"
TEN = pytest.param(10, marks=pytest.mark.full)


def both(first: Cluster, second: Cluster) -> str:
    """The address of whichever of two servers takes writes."""
    hosts = f"127.0.0.1:{first.port},127.0.0.1:{second.port}"
    return f"postgres://settle@{hosts}/settle?target_session_attrs=read-write"


def wait_for_each_other(first: Cluster, name: str) -> None:
    """From now on a commit on the first server waits until the replica of that name has it on its disk."""
    first.wait(f"SELECT count(*) = 1 FROM pg_stat_replication WHERE application_name = '{name}'")  # noqa: S608
    first.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{name}'")
    first.ask("SELECT pg_reload_conf()")
    first.wait("SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'")


def take_over(server: Cluster) -> None:
    as_postgres("pg_ctl", "-D", str(server.folder / "data"), "-w", "promote")


@contextmanager
def a_pair(files: Path) -> Iterator[tuple[Cluster, Cluster]]:
    """A furnished server and the replica that it does not wait for yet."""
    with cluster(files) as first, replica(first, "second") as second:
        yield first, second


def failed_over(site: Site, folk: Folk, first: Cluster, second: Cluster) -> tuple[Writers, float]:
    """Lose the first server while people write; return what they wrote and after how many seconds one could again."""
    with Writers(site, folk.patients) as writers:
        writers.until(20)
        first.stop("immediate")
        began, before = time.monotonic(), len(writers.saved)
        take_over(second)
        until(lambda: len(writers.saved) > before + 4, site.log)
        back = time.monotonic() - began
        writers.until(10)
    return writers, back


@pytest.mark.parametrize("failovers", [TEN])
def test_nothing_is_lost_to_a_failover(
    furnished_server: tuple[Path, Folk], tmp_path: Path, figure: Figure, failovers: int
):
    """The replica that took over is the server of the next round, with a new replica."""
    saved, longest, missing = 0, 0.0, 0
    files, folk = furnished_server
    with ExitStack() as stack:
        first = stack.enter_context(cluster(files))
        for number in range(failovers):
            second = stack.enter_context(replica(first, f"second{number}"))
            wait_for_each_other(first, f"second{number}")
            site = Site(both(first, second), tmp_path)
            site.start()
            writers, back = failed_over(site, folk, first, second)
            site.kill()
            missing += len(lost(second.url(), writers.saved))
            assert torn(second.url()) == set()
            saved, longest, first = saved + len(writers.saved), max(longest, back), second
            first.ask("ALTER SYSTEM RESET synchronous_standby_names")
            first.ask("SELECT pg_reload_conf()")
    count = f"{saved:,} acknowledged entries, {failovers} failovers"
    figure("failover to a synchronous replica: acknowledged entries lost", missing, count)
    figure("failover: seconds until the next entry is saved, at most", f"{longest:.1f}", f"of {failovers}")
    assert missing == 0
    assert longest <= BACK_WITHIN


@pytest.mark.full
def test_a_replica_that_is_not_waited_for_is_found_out(
    furnished_server: tuple[Path, Folk], tmp_path: Path, figure: Figure
):
    files, folk = furnished_server
    with a_pair(files) as (first, second):
        site = Site(first.url(), tmp_path)
        site.start()
        second.stop("fast")
        with Writers(site, folk.patients) as writers:
            writers.until(10)
            first.stop("immediate")
        second.start()
        take_over(second)
        missing = len(lost(second.url(), writers.saved))
    figure("control: asynchronous replica: acknowledged entries lost", missing, f"{len(writers.saved)} acknowledged")
    assert missing > 0


def sent_while_the_replica_is_down(
    furnished_server: tuple[Path, Folk], tmp_path: Path, fault: str = ""
) -> tuple[int, str, int, int]:
    """Send an entry that cannot reach the replica, and again when it can; return both answers and how often it is."""
    typed = {"id": str(uuid4()), "pain": "6", "note": WORDS}
    files, folk = furnished_server
    with a_pair(files) as (first, second):
        wait_for_each_other(first, "second")
        site = Site(first.url(), tmp_path, fault=fault)
        site.start()
        person = Browser(site, folk.patients[0])
        assert person.get("/entries/")[0] == 200
        second.stop("fast")
        status, page = person.post("/entries/add/", **typed)
        second.start()
        first.wait("SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'")
        again, _ = person.post("/entries/add/", **typed)
        kept = [hexed(id) for (id,) in asking(second.url())("SELECT id FROM diary_entry")]
        return status, page, again, kept.count(hexed(typed["id"]))


def test_a_commit_that_was_cancelled_while_it_waited_is_not_called_saved(
    furnished_server: tuple[Path, Folk], tmp_path: Path, figure: Figure
):
    status, page, again, kept = sent_while_the_replica_is_down(furnished_server, tmp_path)
    figure("commit that has not reached the replica: answers", status, "1; sent again it is kept once")
    assert status == 503
    assert WORDS in page
    assert (again, kept) == (302, 1)


@pytest.mark.full
def test_a_site_that_does_not_hear_the_warning_is_found_out(
    furnished_server: tuple[Path, Folk], tmp_path: Path, figure: Figure
):
    status, *_ = sent_while_the_replica_is_down(furnished_server, tmp_path, fault="deaf")
    figure("control: warning not heard: commit that has not reached the replica: answers", status, "1")
    assert status == 302
