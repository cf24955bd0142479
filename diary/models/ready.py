"""Many rows, made ready before anything is locked.

Turning ten thousand rows into what a database takes is most of the work of inserting them, and on SQLite nobody else
writes meanwhile. So it is done first, and under the lock there is one statement to run.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import AutoField, BooleanField, CharField, IntegerField, Model, TextField

AS_THEY_ARE = (BooleanField, CharField, IntegerField, TextField)


class Ready:
    """Rows of one table as its INSERT takes them, from values by column; the database counts its own keys."""

    def __init__(self, model: type[Model], rows: Iterable[Mapping[str, Any]]) -> None:
        self.connection = connections[DEFAULT_DB_ALIAS]
        columns = [column for column in model._meta.concrete_fields if not isinstance(column, AutoField)]
        names = ", ".join(self.connection.ops.quote_name(str(column.column)) for column in columns)
        marks = ", ".join(["%s"] * len(columns))
        table = self.connection.ops.quote_name(model._meta.db_table)
        self.statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608
        made = [(column.attname, column.get_default, self.adapter(column)) for column in columns]
        self.values = [
            [adapt(row[name] if name in row else default()) for name, default, adapt in made] for row in rows
        ]

    def adapter(self, column: Any) -> Callable[[Any], Any]:
        if isinstance(column, AS_THEY_ARE):
            return lambda value: value
        return lambda value: column.get_db_prep_save(value, self.connection)

    def insert(self) -> None:
        if self.values:
            with self.connection.cursor() as cursor:
                cursor.executemany(self.statement, self.values)
