"""Who and what is there when a test begins: made once by a process, as the product makes it, then put back as rows.

Three of four tests that have a database ask for Ana. To make her and who has to be there before her, in some sixty
statements, took a third of the time of a short one; the doors' people and both diaries took half a second each time.
"""

import pickle
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from diary.models import User
from tests.people import ana_and_before
from tests.security.hall import opened
from tests.world import everything

LITERAL = {"sqlite": "QUOTE({})", "postgresql": "QUOTE_NULLABLE({}::text)"}
"""How each engine writes a value so that it reads the same value again."""
Rows = dict[str, set[tuple[str, ...]]]


class Beginning:
    """Things by the names of their fixtures, and the statements that put their rows back."""

    def __init__(self, make: Callable[[], dict[str, Any]]) -> None:
        self.make, self.things = make, b""
        self.inserts: list[str] = []
        self.begin()

    def begin(self) -> None:
        """Make what a test begins with, once, where nobody is there yet: a test may ask for somebody in its middle."""
        if self.things or User.objects.exists():
            return
        with transaction.atomic():
            before = rows()
            self.things = pickle.dumps(self.make())
            self.inserts = inserts(rows(), before)
            transaction.set_rollback(True)

    def has_room(self) -> bool:
        """Tell whether no row stands yet where rows are put back: one that a test wrote first may have their id."""
        self.begin()
        tables = (insert.split()[2] for insert in self.inserts)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {' OR '.join(f'EXISTS(SELECT 1 FROM {table})' for table in tables)}")  # noqa: S608
            return not cursor.fetchone()[0]

    def put_back(self) -> dict[str, Any]:
        self.begin()
        statements = ["; ".join(self.inserts)] if connection.vendor == "postgresql" else self.inserts
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        return pickle.loads(self.things)  # noqa: S301 our own


def rows() -> Rows:
    """Return every row of every table, its values as the engine writes them."""
    found = {}
    with connection.cursor() as cursor:
        for table, columns in tables():
            literals = ", ".join(LITERAL[connection.vendor].format(column) for column in columns)
            cursor.execute(f"SELECT {literals} FROM {table}")  # noqa: S608
            found[f"{table} ({', '.join(columns)})"] = set(cursor.fetchall())
    return found


def tables() -> Iterator[tuple[str, list[str]]]:
    quoted = connection.ops.quote_name
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.proxy:
            yield quoted(model._meta.db_table), [quoted(field.column) for field in model._meta.local_concrete_fields]


def inserts(after: Rows, before: Rows) -> list[str]:
    new = {table: sorted(after[table] - before[table]) for table in after}
    values = {table: ", ".join(f"({', '.join(row)})" for row in added) for table, added in new.items() if added}
    return [f"INSERT INTO {table} VALUES {added}" for table, added in values.items()]  # noqa: S608


def first(make: Callable[[], dict[str, Any]]) -> Any:
    """Return a fixture of the session that makes something, before the test that asks for it has changed a setting."""

    @pytest.fixture(scope="session")
    def made(django_db_setup: None, django_db_blocker: Any) -> Beginning:
        with django_db_blocker.unblock():
            return Beginning(make)

    return made


first_ana, first_world, first_hall = first(ana_and_before), first(everything), first(opened)


@pytest.fixture
def beginning(request: pytest.FixtureRequest, db: None) -> dict[str, Any]:
    """What a test begins with, by name; nothing for a test without Ana, or where somebody is there already."""
    asked = [name for name in ("first_hall", "first_world", "first_ana") if name in request.fixturenames]
    if not asked or User.objects.exists():
        return {}
    first = request.getfixturevalue(asked[0])
    return first.put_back() if first.has_room() else {}
