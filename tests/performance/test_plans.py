"""What the hot paths read: by an index, and no more for all that others have written."""

from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from diary.bench.rows import fill
from diary.models import Entry

OTHERS = 20_000
"""Entries of people whose diaries nobody here reads."""
LARGE = (
    "diary_entry",
    "diary_treatmentsession",
    "diary_flag",
    "diary_event",
    "diary_notification",
    "diary_amendment",
    "diary_user",
    "diary_share",
)
"""Tables that grow with every day: none of them is ever read from one end to the other."""
PATHS = [
    ("ana", "today-show"),
    ("ana", "entries-add"),
    ("ana", "entries-list"),
    ("ana", "sessions-list"),
    ("ana", "trends-data"),
    ("ana", "trends-show"),
    ("ana", "flags-list"),
    ("ana", "shares-list"),
    ("paula", "worklist-show"),
    ("paula", "patients-list"),
    ("paula", "patients-show"),
    ("paula", "patients-data"),
    ("paula", "review-show"),
]


@pytest.fixture
def walk(request, world, monkeypatch, now):
    """Return a function that walks one path of a person, and takes back what it wrote."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    def walked(person, name):
        client = Client()
        client.force_login(request.getfixturevalue(person))
        takes = name in ("patients-show", "patients-data", "review-show")
        url = reverse(name, args=[world[name.partition("-")[0]].pk] if takes else ())
        with transaction.atomic():
            sent = {"id": str(uuid4()), "pain": "4", "when": "now"}
            answer = client.post(url, sent) if name == "entries-add" else client.get(url)
            transaction.set_rollback(True)
        assert answer.status_code in (200, 302), (name, answer.status_code)

    return walked


@contextmanager
def statements():
    """Collect every statement with its parameters."""
    seen = []

    def see(execute, sql, params, many, context):
        if not many and sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            seen.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(see):
        yield seen


def read_from_end_to_end(sql, params):
    """Return the large tables that a statement would read without an index."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            scans = [line for *_, line in cursor.fetchall() if line.startswith("SCAN")]  # of an index, too
            return [line for line in scans if is_of_a_large_table(line, sql)]
        cursor.execute("SET LOCAL enable_seqscan = off")  # a small table is better read whole: is there a choice?
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (plan,) = cursor.fetchone()
    scans = [node for node in nodes(plan[0]["Plan"]) if node["Node Type"] == "Seq Scan"]
    return [node["Relation Name"] for node in scans if node["Relation Name"] in LARGE]


def is_of_a_large_table(line, sql):
    """Tell whether a scan is of a large table, by its name or by the alias that Django gives it (U0)."""
    name = line.split()[1]
    return name in LARGE or any(f'"{table}" {name}' in sql for table in LARGE)


def nodes(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


@pytest.mark.django_db
@pytest.mark.parametrize(("person", "name"), PATHS)
def test_no_large_table_is_read_from_end_to_end(person, name, walk):
    with statements() as seen:
        walk(person, name)
    assert len(seen) >= 3
    assert {sql: found for sql, params in seen if (found := read_from_end_to_end(sql, params))} == {}


@pytest.mark.django_db
def test_a_statement_without_an_index_is_seen(ana):
    """The control."""
    with statements() as seen:
        list(Entry.objects.filter(note="x"))
        list(Entry.objects.filter(patient=ana))
    assert [bool(read_from_end_to_end(*one)) for one in seen] == [True, False]


def steps(work):
    """Return how many steps SQLite's machine takes for a work."""
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


@pytest.mark.django_db
def test_nobody_pays_for_what_others_wrote(walk, now, ana):
    """Steps of SQLite, exact where time is not: twenty thousand entries of others make no path longer."""
    if connection.vendor != "sqlite":
        return  # its counter is SQLite's own; the plans above are for both

    def counted():
        return {path: steps(lambda path=path: walk(*path)) for path in PATHS}

    counted()  # fills what a process keeps
    before = counted()
    list(fill(OTHERS, now))
    after = counted()
    grown = {path: after[path] / before[path] for path in PATHS}
    assert {path: ratio for path, ratio in grown.items() if ratio > 1.02} == {}
    of_all = steps(lambda: Entry.objects.filter(note="x").count())
    assert of_all > OTHERS  # the control: what reads everything pays for it
