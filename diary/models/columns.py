"""What stands in a statement itself: minutes, rows and columns as JSON that the database writes, words of ours."""

from typing import Any

from django.db.models import Aggregate, BigIntegerField, Func, TextField, Value


class Minute(Func):
    """An instant as whole minutes since 1970."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # A millionth keeps 12:00:00 from becoming 11:59 in floating point; SQLite itself rounds to the millisecond.
        template = "CAST((JULIANDAY(%(expressions)s) - 2440587.5) * 1440 + 0.000001 AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # In floating point, a third of the time of EXTRACT's decimals; exact to the microsecond for two centuries.
        template = "FLOOR(DATE_PART('epoch', %(expressions)s) / 60)::bigint"
        return self.as_sql(compiler, connection, template=template, **context)


class Day(Func):
    """The day of an instant, UTC: cheaper to compare than the instants."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="SUBSTR(%(expressions)s, 1, 10)", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="(%(expressions)s AT TIME ZONE 'UTC')::date", **context)


class Row(Func):
    """Several values of one row as a JSON array."""

    function = "JSON_ARRAY"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSON_BUILD_ARRAY", **context)


class Column(Aggregate):
    """All values of an expression as one JSON array, in no promised order, but in the same one for each column."""

    function = "JSON_GROUP_ARRAY"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "COALESCE(JSON_AGG(%(expressions)s), '[]'::json)::text"
        return self.as_sql(compiler, connection, template=template, **context)


class Word(Value):
    """A word of ours that is written into the statement, where a value would be sent beside it.

    Only so is a planner sure that an index of some of the rows holds all that are asked for: PostgreSQL takes none for
    a statement planned once, and SQLite plans anew each time.
    """

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if not self.value.isidentifier():
            raise ValueError(f"not a word: {self.value!r}")
        return f"'{self.value}'", ()
