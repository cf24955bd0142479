"""Two at the same moment: one is stopped before a statement, the other goes on until it is done or waits for a lock."""

from collections.abc import Callable
from threading import Event, Thread

from django.db import connection

WAITS = 0.5
"""Seconds for which one is stopped: whoever is not done by then waits for what it holds, and it goes on."""


def beside(work: Callable[[], object], statement: str, meanwhile: Callable[[], object]) -> list[type | None]:
    """Stop `work` before its first statement that begins so, do `meanwhile`; return what each raised, None for nothing.

    On SQLite one writes at a time: nobody overtakes who has begun, and what comes out must be the same.
    """
    reached, done = Event(), Event()
    raised: dict[str, type | None] = {"work": None, "meanwhile": None}

    def stop(execute, sql, *given):
        if sql.startswith(statement) and not reached.is_set():
            reached.set()
            done.wait(WAITS)
        return execute(sql, *given)

    def first():
        with connection.execute_wrapper(stop):
            work()

    threads = [
        Thread(target=trying, args=(raised, "work", first)),
        Thread(target=trying, args=(raised, "meanwhile", meanwhile, done)),
    ]
    threads[0].start()
    assert reached.wait(10), "it never came to that statement"
    threads[1].start()
    for thread in threads:
        thread.join()
    return [*raised.values()]


def trying(raised: dict[str, type | None], name: str, work: Callable[[], object], done: Event | None = None) -> None:
    try:
        work()
    except Exception as trouble:  # noqa: BLE001 the test says which are right
        raised[name] = type(trouble)
    finally:
        connection.close()
        if done:
            done.set()
