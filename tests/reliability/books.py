"""What a database holds, read past the product: which acknowledged entries are lost, which groups are half-written."""

import json
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

import psycopg

from tests.reliability.site import hexed

Ask = Callable[[str], list[tuple[Any, ...]]]


def asking(url: str) -> Ask:
    """Return a function that asks the database at an address."""

    def of_postgresql(statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(url) as server:
            return server.execute(statement).fetchall()

    def of_sqlite(statement: str) -> list[tuple[Any, ...]]:
        file = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=20)
        try:
            return file.execute(statement).fetchall()
        finally:
            file.close()

    return of_postgresql if url.startswith("postgres") else of_sqlite


def lost(url: str, saved: Iterable[str]) -> set[str]:
    """Return the ids that were answered as saved and are not there."""
    there = {hexed(id) for (id,) in asking(url)("SELECT id FROM diary_entry")}
    return {hexed(id) for id in saved} - there


def torn(url: str) -> set[str]:
    """Return what is half-written: an entry, its flags, their notifications and the lines of the audit are one."""
    ask = asking(url)
    entries = {hexed(id): listed(flags) for id, flags in ask("SELECT id, red_flags FROM diary_entry")}
    events = ask("SELECT verb, subject FROM diary_event WHERE verb IN ('entry-logged', 'flag-raised')")
    logged = {hexed(subject) for verb, subject in events if verb == "entry-logged"}
    raised = {hexed(subject) for verb, subject in events if verb == "flag-raised"}
    flags = {hexed(id): (entry and hexed(entry), level) for id, entry, level in ask(FLAGS)}
    told = {hexed(flag) for (flag,) in ask("SELECT DISTINCT flag_id FROM diary_notification WHERE flag_id IS NOT NULL")}
    flagged = {entry for entry, _ in flags.values()}
    return {
        *(f"entry without its event {id}" for id in entries.keys() - logged),
        *(f"event without its entry {id}" for id in logged - entries.keys()),
        *(f"red flag without a flag {id}" for id, codes in entries.items() if codes and id not in flagged),
        *(f"flag without its event {id}" for id in flags.keys() - raised),
        *(f"event without its flag {id}" for id in raised - flags.keys()),
        *(
            f"urgent flag without a notification {id}"
            for id, (_, level) in flags.items()
            if level == 4 and id not in told
        ),
    }


FLAGS = "SELECT id, entry_id, level FROM diary_flag"


def listed(value: Any) -> list[str]:
    return json.loads(value) if isinstance(value, str) else value


def is_whole(url: str) -> bool:
    """Tell whether the file itself is sound; PostgreSQL says so by starting again, and by reading every row."""
    if url.startswith("postgres"):
        return True
    return asking(url)("PRAGMA integrity_check") == [("ok",)]
