"""Two at the same moment: one is stopped before a statement, the other goes on until it is done or waits for a lock."""

import re
import time
from collections.abc import Callable
from itertools import count
from threading import Event, Thread

from django.db import connection

ON_SQLITE = 0.1
"""Seconds for which one is stopped where nothing tells that the other waits for it."""
LOCKS = re.compile(r"INSERT|UPDATE|DELETE|SELECT.* FOR (NO KEY )?UPDATE", re.DOTALL)
"""How a statement begins that takes a lock."""


def beside(
    work: Callable[[], object], statement: str | re.Pattern[str], meanwhile: Callable[[], object], nth: int = 1
) -> list[type | None]:
    """Stop `work` before its nth statement that begins so, do `meanwhile`; return what each raised, None for nothing.

    On SQLite one writes at a time: nobody overtakes who has begun, and what comes out must be the same.
    """
    reached, go_on, numbers = Event(), Event(), count(1)
    raised: dict[str, type | None] = {"work": None, "meanwhile": None}

    def stop(execute, sql, *given):
        if re.match(statement, sql) and next(numbers) == nth:
            reached.set()
            go_on.wait()
        return execute(sql, *given)

    def first():
        with connection.execute_wrapper(stop):
            work()

    one = Thread(target=tried, args=(raised, "work", first, reached))
    other = Thread(target=tried, args=(raised, "meanwhile", meanwhile, Event()))
    one.start()
    reached.wait()
    other.start()
    while other.is_alive() and not one_waits():
        time.sleep(0.01)
    go_on.set()
    one.join()
    other.join()
    return [*raised.values()]


def tried(raised: dict[str, type | None], name: str, work: Callable[[], object], ended: Event) -> None:
    try:
        work()
    except Exception as trouble:  # noqa: BLE001 the test says which are right
        raised[name] = type(trouble)
    finally:
        connection.close()
        ended.set()


def one_waits() -> bool:
    """Tell whether somebody waits for another's lock; SQLite does not say so, and gives them a moment."""
    if connection.vendor == "sqlite":
        time.sleep(ON_SQLITE)
        return True
    waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with connection.cursor() as cursor:
        cursor.execute(waiting)
        return cursor.fetchone() is not None
