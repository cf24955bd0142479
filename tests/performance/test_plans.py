"""What the hot paths read: by an index, and never a large table from end to end."""

import re

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from diary.management.commands import worker
from diary.models import Entry, Flag
from tests.performance.paths import PATHS, explained, nodes, statements

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
OF_SOME_ROWS = {index.name for model in apps.get_models() for index in model._meta.indexes if index.condition}


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
