"""A QuerySet whose SQL is written once a process and run with other values.

Writing the SQL of a nested condition, such as who may read what, takes Django several times as long as the database
takes to answer it; so does planning it, for PostgreSQL. A page that is asked for all day prepares its statement: the
conditions stay where they are decided, only the text they come to is kept, and on PostgreSQL its plan (ADR 32).
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL

from diary.models.users import User

Converters: TypeAlias = dict[int, tuple[list[Callable[..., Any]], Any]]

SOMEBODY = User(pk=-1, role=User.Role.PRACTITIONER)
LONG_AGO = datetime(1901, 1, 2, tzinfo=UTC)
"""Marks for who asks and when: nobody, and no day that is used."""


class Prepared:
    """A statement with values to fill in. `build` takes them by name and returns a `values_list`.

    Each value has a mark of its type, which stands for it while the SQL is written: a value that `build` uses nowhere
    else, and that leads it the same way. Rows come as the database gives them; `typed` rows cost a little more.
    """

    binary = False

    def __init__(self, build: Callable[..., QuerySet[Any]], **marks: Any) -> None:
        self.build, self.marks = build, marks
        self.written: dict[str, tuple[str, tuple[Any, ...], Converters]] = {}

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        with planned_once(self.binary) as cursor:
            cursor.execute(*self._filled(values))
            return cursor.fetchall()

    def within(self, **values: Any) -> RawSQL:
        """Return the statement as a condition, for `filter(…__in=…)`: Django writes only what is around it."""
        return RawSQL(*self._filled(values))  # noqa: S611  # Django wrote it: see _writing

    def typed(self, **values: Any) -> list[list[Any]]:
        """Return the rows with moments, texts of JSON and the like as a QuerySet gives them."""
        rows = [list(row) for row in self.rows(**values)]
        _, _, converters = self._writing()
        for place, (convert, expression) in converters.items():
            for row in rows:
                for one in convert:
                    row[place] = one(row[place], expression, connection)
        return rows

    def _filled(self, values: dict[str, Any]) -> tuple[str, list[Any]]:
        sql, params, _ = self._writing()
        given: dict[Any, Any] = {}
        for name, mark in self.marks.items():
            given |= zip(sent(mark), sent(values[name]), strict=True)
        return sql, [given.get(param, param) for param in params]

    def _writing(self) -> "tuple[str, tuple[Any, ...], Converters]":
        if connection.vendor not in self.written:
            compiler = self.build(**self.marks).query.get_compiler(connection=connection)
            sql, params = compiler.as_sql()
            converters = compiler.get_converters([column for column, *_ in compiler.select])
            self.written[connection.vendor] = sql, params, converters
        return self.written[connection.vendor]


class PreparedBytes(Prepared):
    """A statement of numbers and bytes, asked for as they are: PostgreSQL spells each byte in two letters otherwise."""

    binary = True


def planned_once(binary: bool) -> Any:
    """Return a cursor that keeps plans: PostgreSQL's connection has one of its own, SQLite's any keeps them."""
    prepared: Any = getattr(connection, "prepared_cursor", None)
    return prepared(binary=binary) if prepared else connection.cursor()


def sent(value: Any) -> tuple[Any, ...]:
    """Return what a value may come to on its way to this database: a moment also as its day, a row as its key."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value), connection.ops.adapt_datefield_value(value.date())
    if isinstance(value, date):
        return (connection.ops.adapt_datefield_value(value),)
    return (value.pk if isinstance(value, Model) else value,)
