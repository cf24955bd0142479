"""What the hot paths read: by an index, and no more for all that others have written."""

import re
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.postgresql.base import ServerBindingCursor
from django.test import Client

from diary.actions import tokens
from diary.bench.rows import fill
from diary.bench.seed import keep_diary
from diary.management.commands import worker
from diary.models import Entry, Flag
from tests.world import address

DAY = timedelta(days=1)
OTHERS = 20_000
"""Entries of people whose diaries nobody here reads."""
LARGE = (
    "diary_entry",
    "diary_treatmentsession",
    "diary_flag",
    "diary_event",
    "diary_notification",
    "diary_amendment",
    "diary_message",
    "diary_tally",
    "diary_escalation",
    "diary_step",
    "diary_token",
    "diary_link",
    "diary_note",
    "diary_user",
    "diary_share",
)
"""Tables that grow with every day: none of them is ever read from one end to the other."""
PATHS = [
    ("ana", "today-show"),
    ("ana", "entries-add"),
    ("ana", "entries-list"),
    ("ana", "entries-saved"),
    ("ana", "entries-advice"),
    ("ana", "sessions-list"),
    ("ana", "trends-data"),
    ("ana", "trends-show"),
    ("ana", "flags-list"),
    ("ana", "flags-show"),
    ("ana", "shares-list"),
    ("ana", "messages-list"),
    ("ana", "messages-show"),
    ("ana", "calendar-show"),
    ("ana", "api-diary"),
    ("ana", "api-entries"),
    ("ana", "api-sessions"),
    ("ana", "api-flags"),
    ("paula", "worklist-show"),
    ("paula", "patients-list"),
    ("paula", "patients-show"),
    ("paula", "patients-data"),
    ("paula", "patients-messages"),
    ("paula", "messages-list"),
    ("paula", "review-show"),
    ("paula", "rates-show"),
    ("paula", "api-flags"),
    ("paula", "cards-show"),
    ("paula", "shared-list"),
    ("paula", "shared-diary"),
    ("paula", "shared-entries"),
    ("paula", "shared-sessions"),
    ("paula", "shared-flags"),
]
SCOPES = {"ana": "own", "paula": "shared"}
PROGRAMS = ("api", "shared", "cards")


@pytest.fixture
def walk(request, world, monkeypatch, now):
    """Return a function that walks one path of a person, and takes back what it wrote.

    Programs come with a token and no cookie, people with a session.
    """
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    people = {person: request.getfixturevalue(person) for person in SCOPES}
    made = {
        name: tokens.add(by=person, now=now, name="laptop", scope=SCOPES[name], lasts=DAY)
        for name, person in people.items()
    }

    def walked(person, name):
        noun, client = name.partition("-")[0], Client()
        if noun in PROGRAMS:
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {made[person]}"
        else:
            client.force_login(people[person])
        with transaction.atomic():
            answer = asked(client, name, address(name, world.get(noun)), world)
            transaction.set_rollback(True)
        assert answer.status_code in (200, 302), (name, answer.status_code)

    return walked


def asked(client, name, url, world):
    if name == "entries-add":
        return client.post(url, {"id": str(uuid4()), "pain": "4", "when": "now"})
    if name == "cards-show":
        hook = {"hook": "patient-view", "context": {"patientId": str(world["patients"].pk)}}
        return client.post(url, hook, content_type="application/json")
    return client.get(url)


ANOTHER_PLAN = {"sqlite": 0, "postgresql": 50}
"""Rows by which a path may differ because PostgreSQL, which knows how large a table is, takes another index."""
OF_SOME_ROWS = {index.name for model in apps.get_models() for index in model._meta.indexes if index.condition}


@contextmanager
def statements():
    """Collect every statement with its parameters, and whether the server keeps its plan."""
    seen = []

    def see(execute, sql, params, many, context):
        if not many and sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            seen.append((sql, params, isinstance(context["cursor"].cursor, ServerBindingCursor)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(see):
        yield seen


SENT_AS = {int: "int", bool: "bool", datetime: "timestamptz", date: "date"}
"""Types that psycopg names to the server; it leaves those of texts to it."""


def explained(cursor, sql, params, kept, how):
    """Return PostgreSQL's plan: of a statement whose plan is kept, the one that stands for all its values."""
    if not kept:
        cursor.execute(f"EXPLAIN ({how}, FORMAT JSON) {sql}", params)
        return cursor.fetchone()[0][0]["Plan"]
    places = [f"${place}" for place, _ in enumerate(params, 1)]
    types = [SENT_AS.get(type(value), "unknown") for value in params]
    cursor.execute(f"PREPARE kept ({', '.join(types)}) AS {sql % tuple(places)}")
    cursor.execute(f"EXPLAIN ({how}, FORMAT JSON) EXECUTE kept({', '.join('%s' for _ in params)})", params)
    (said,) = cursor.fetchone()
    cursor.execute("DEALLOCATE kept")
    return said[0]["Plan"]


def read_from_end_to_end(sql, params, kept):
    """Return the large tables that a statement would read without an index."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params)
            scans = [line for *_, line in cursor.fetchall() if line.startswith("SCAN")]  # of a whole index, too
            return [line for line in scans if is_of_a_large_table(line, sql)]
        cursor.execute("SET LOCAL enable_seqscan = off")  # a small table is better read whole: is there a choice?
        plan = explained(cursor, sql, params, kept, "COSTS")
    scans = [node for node in nodes(plan) if node["Node Type"] == "Seq Scan"]
    return [node["Relation Name"] for node in scans if node["Relation Name"] in LARGE]


def is_of_a_large_table(line, sql):
    """Tell whether a scan is of a large table, by its name or by the alias that Django gives it (U0).

    An index of some rows alone holds what waits: to read that whole is to read what is asked for.
    """
    name = line.split()[1]
    if line.split()[-1] in OF_SOME_ROWS:
        return False
    return name in LARGE or any(f'"{table}" {name}' in sql for table in LARGE)


def nodes(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


@pytest.mark.django_db
def test_no_large_table_is_read_from_end_to_end(walk):
    found = {}
    for path in PATHS:
        with statements() as seen:
            walk(*path)
        assert len(seen) >= 3, path
        found |= {(path, one[0]): scans for one in seen if (scans := read_from_end_to_end(*one))}
    assert found == {}


@pytest.mark.django_db
def test_the_worker_reads_no_large_table_from_end_to_end(world, settings, monkeypatch, now, tmp_path):
    """Every three seconds, in each of many workers; every ten minutes it also goes through the practitioners."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    monkeypatch.setattr(worker, "queued", lambda pulse, now: 0)
    settings.AUDIT_HEADS = tmp_path / "audit.heads"
    with statements() as seen:
        call_command("worker", once=True)
    assert len(seen) >= 10
    assert {one[0]: scans for one in seen if (scans := read_from_end_to_end(*one))} == {}


@pytest.mark.django_db
def test_a_statement_without_an_index_is_seen(ana):
    """The control."""
    with statements() as seen:
        list(Entry.objects.filter(note="x"))
        list(Entry.objects.filter(patient=ana))
    assert [bool(read_from_end_to_end(*one)) for one in seen] == [True, False]


SENT_BESIDE = re.compile(r"\"(status|kind)\" = %s|LIKE %s")


@pytest.mark.django_db
def test_what_decides_of_an_index_is_written_into_the_statement(walk):
    """Sent beside it, SQLite plans the statement anew at each look, and PostgreSQL cannot take the index at all."""
    assert {*SENT_BESIDE.findall(Flag.objects.filter(status="open").query.sql_with_params()[0])} == {"status"}
    found = set()
    for path in PATHS:
        with statements() as seen:
            walk(*path)
        found |= {path for sql, *_ in seen if SENT_BESIDE.search(sql)}
    assert found == set()


# What it costs, counted


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
