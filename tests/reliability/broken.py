"""The site broken on purpose, for the controls: gunicorn serves this module, FAULT says what is wrong with it."""

import os
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from threading import BoundedSemaphore, Thread
from typing import Any

from config.shedding import Places
from config.wsgi import application as whole

SECONDS = 0.03
UNDONE = BoundedSemaphore(6)


def answering_before_the_commit(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] != "POST":
        return whole(environ, start)
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    UNDONE.acquire()
    Thread(target=do_it_later, args=(environ | {"wsgi.input": BytesIO(body)},)).start()
    start("302 Found", [("Location", "/entries/"), ("Content-Length", "0")])
    return []


def do_it_later(environ: dict[str, Any]) -> None:
    time.sleep(SECONDS)
    try:
        whole(environ, lambda *head: None).close()  # type: ignore[attr-defined]
    finally:
        UNDONE.release()


def without_transactions(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    from django.db.transaction import Atomic

    Atomic.__enter__ = lambda self: None
    Atomic.__exit__ = lambda self, *trouble: None
    return whole(environ, start)


def without_waiting_for_the_disk(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF" if connection.vendor == "sqlite" else "SET synchronous_commit=off")
    return whole(environ, start)


def beginning_by_reading(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    from django.db import connection

    connection.ensure_connection()
    connection.transaction_mode = "DEFERRED"
    return letting_everybody_in(environ, start)


def deaf_to_warnings(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    from config.postgresql import base

    base.note = lambda connection, said: None
    return whole(environ, start)


def letting_everybody_in(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    from config import shedding

    if shedding.PLACES is not CROWDED:
        shedding.PLACES = CROWDED
    return whole(environ, start)


CROWDED = Places(working=10_000, waiting=10_000)
FAULTS = {
    "deaf": deaf_to_warnings,
    "deferred": beginning_by_reading,
    "early": answering_before_the_commit,
    "torn": without_transactions,
    "no-sync": without_waiting_for_the_disk,
    "everybody_in": letting_everybody_in,
}
application = FAULTS[os.environ["FAULT"]]
