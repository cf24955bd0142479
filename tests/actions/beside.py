"""Two at the same moment: one is stopped before a statement, the other goes on until it is done or waits for a lock."""

import re
from collections.abc import Callable
from itertools import count
from threading import Event, Thread

from django.db import connection

WAITS = 0.5
"""Seconds for which one is stopped: whoever is not done by then waits for what it holds, and it goes on."""
LOCKS = re.compile(r"INSERT|UPDATE|DELETE|SELECT.* FOR (NO KEY )?UPDATE", re.DOTALL)
"""How a statement begins that takes a lock."""


def beside(
    work: Callable[[], object], statement: str | re.Pattern[str], meanwhile: Callable[[], object], nth: int = 1
) -> list[type | None]:
    """Stop `work` before its nth statement that begins so, do `meanwhile`; return what each raised, None for nothing.

    On SQLite one writes at a time: nobody overtakes who has begun, and what comes out must be the same.
    """
    reached, done, numbers = Event(), Event(), count(1)
    raised: dict[str, type | None] = {"work": None, "meanwhile": None}

    def stop(execute, sql, *given):
        if re.match(statement, sql) and next(numbers) == nth:
            reached.set()
            done.wait(WAITS)
        return execute(sql, *given)

    def first():
        with connection.execute_wrapper(stop):
            work()

    threads = [Thread(target=tried, args=(raised, "work", first, reached))]
    threads += [Thread(target=tried, args=(raised, "meanwhile", meanwhile, done))]
    threads[0].start()
    reached.wait()
    threads[1].start()
    for thread in threads:
        thread.join()
    return [*raised.values()]


def tried(raised: dict[str, type | None], name: str, work: Callable[[], object], ended: Event) -> None:
    try:
        work()
    except Exception as trouble:  # noqa: BLE001 the test says which are right
        raised[name] = type(trouble)
    finally:
        connection.close()
        ended.set()
