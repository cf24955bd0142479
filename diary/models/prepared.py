"""A QuerySet whose SQL is written once a process and run with other values.

Writing the SQL of a nested condition, such as who may read what, takes Django several times as long as the database
takes to answer it. A page that is asked for all day prepares its statement: the conditions stay where they are
decided, only the text they come to is kept.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet


class Prepared:
    """A statement with values to fill in. `build` takes them by name and returns a `values_list`.

    Each value has a mark of its type, which stands for it while the SQL is written: a value that `build` uses nowhere
    else, and that leads it the same way. Rows come as the database gives them: ask for numbers and text, not moments.
    """

    def __init__(self, build: Callable[..., QuerySet[Any]], **marks: Any) -> None:
        self.build, self.marks = build, marks
        self.written: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        if connection.vendor not in self.written:
            self.written[connection.vendor] = self.build(**self.marks).query.sql_with_params()
        sql, params = self.written[connection.vendor]
        given: dict[Any, Any] = {}
        for name, mark in self.marks.items():
            given |= zip(sent(mark), sent(values[name]), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(sql, [given.get(param, param) for param in params])
            return cursor.fetchall()


def sent(value: Any) -> tuple[Any, ...]:
    """Return what a value may come to on its way to this database: a moment also as its day, a row as its key."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value), connection.ops.adapt_datefield_value(value.date())
    return (value.pk if isinstance(value, Model) else value,)
