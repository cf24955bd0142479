"""What the hot paths cost the database, counted exactly: no more for all that others have written."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from diary.bench.rows import fill
from diary.bench.seed import keep_diary
from diary.models import Entry
from tests.performance.paths import PATHS, explained, nodes, statements

DAY = timedelta(days=1)
OTHERS = 20_000
"""Entries of people whose diaries nobody here reads."""
ANOTHER_PLAN = {"sqlite": 0, "postgresql": 50}
"""Rows by which a path may differ because PostgreSQL, which knows how large a table is, takes another index."""


def cost(work):
    """Return what a work costs the database, exactly: steps of SQLite's machine, rows that PostgreSQL reads."""
    return steps(work) if connection.vendor == "sqlite" else rows_read(work)


def steps(work):
    taken = 0

    def step():
        nonlocal taken
        taken += 1

    connection.ensure_connection()
    connection.connection.set_progress_handler(step, 1)
    try:
        work()
    finally:
        connection.connection.set_progress_handler(None, 1)
    return taken


def rows_read(work):
    """Return how many rows the scans of all plans of a work fetch, those that a filter then leaves out with them."""
    with statements() as seen:
        work()
    read = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for sql, *rest in seen:
            if sql.startswith("SELECT"):
                read += sum(map(fetched, nodes(explained(cursor, sql, *rest, "ANALYZE, TIMING OFF"))))
        transaction.set_rollback(True)
    return read


def fetched(node):
    if "Scan" not in node["Node Type"]:
        return 0
    left_out = sum(node.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck"))
    return (node["Actual Rows"] + left_out) * node["Actual Loops"]


@pytest.mark.django_db
def test_nobody_pays_for_what_others_wrote(walk, now):
    """Counted exactly, where time is not: twenty thousand entries of others make no path longer, on either engine."""

    def counted():
        return {path: cost(lambda path=path: walk(*path)) for path in PATHS}

    for path in PATHS:
        walk(*path)  # fills what a process keeps
    before = counted()
    list(fill(OTHERS, now))
    after = counted()
    most = {path: before[path] * 1.02 + ANOTHER_PLAN[connection.vendor] for path in PATHS}
    assert {path: (before[path], after[path]) for path in PATHS if after[path] > most[path]} == {}
    of_all = cost(lambda: list(Entry.objects.filter(note="x")))
    assert of_all >= OTHERS  # the control: what reads everything pays for it


@pytest.mark.django_db
def test_an_entry_reads_as_much_after_two_years_as_after_two_months(walk, ana, log, now):
    """The statement that reads a diary is planned for every diary: by patient and time, not by patient alone."""

    def kept(days, until):
        keep_diary(ana, days, until)
        log(ana, 3)  # closes what is long past
        walk("ana", "entries-add")
        return cost(lambda: walk("ana", "entries-add"))

    short = kept(60, now - timedelta(minutes=1))
    sessions = 600 // 7 + 1 if connection.vendor == "postgresql" else 0  # they are few, and it reads all of them
    assert kept(600, now - 70 * DAY) <= short * 1.2 + sessions
