"""The site broken on purpose, for the controls: gunicorn serves this module, FAULT says what is wrong with it."""

import os
import time
from collections.abc import Callable, Iterable
from typing import Any

from config.wsgi import application as whole

SECONDS = 0.03


class EarlyAnswer:
    """A body that commits what it tells of only once it has been sent."""

    def __init__(self, body: Any, transaction: Any) -> None:
        self.body, self.transaction = body, transaction

    def __iter__(self) -> Any:
        return iter(self.body)

    def close(self) -> None:
        time.sleep(SECONDS)
        self.transaction.__exit__(None, None, None)
        self.body.close()


def answering_before_the_commit(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    from django.db.transaction import atomic

    around = atomic()
    around.__enter__()
    return EarlyAnswer(whole(environ, start), around)


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


FAULTS = {
    "early": answering_before_the_commit,
    "torn": without_transactions,
    "no-sync": without_waiting_for_the_disk,
}
application = FAULTS[os.environ["FAULT"]]
