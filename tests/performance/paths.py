"""The hot paths, the statements that they send, and how the database would answer them."""

from contextlib import contextmanager
from datetime import date, datetime

from django.db import connection
from django.db.backends.postgresql.base import ServerBindingCursor

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


def nodes(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)
