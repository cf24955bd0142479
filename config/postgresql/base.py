"""Django's PostgreSQL backend, with two refusals: a server that would lose commits, a commit that may not last.

A commit that waits for a replica can be cancelled while it waits. PostgreSQL then answers "COMMIT" all the same, with a
warning: it stands on this server, and is gone if this one fails now. Whoever was to be told "saved" is not told so.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Timer
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.db.backends.postgresql import base, operations, schema
from psycopg.pq import Format

WAITS_FOR_THE_DISK = ("on", "remote_apply")
# The function that warns: the words of a warning change with the server's language, this name does not.
WAITING_FOR_A_REPLICA = "SyncRepWaitForLSN"
REPLICA_WAITS = 10.0  # seconds; a person waits no longer to hear that it is not saved yet

unsure: WeakSet[Any] = WeakSet()
"""Connections on which a commit was cancelled while it waited for a replica."""
followed: WeakSet[Any] = WeakSet()
"""Connections to a server that waits for a replica."""
unsafe: WeakKeyDictionary[Any, str] = WeakKeyDictionary()
"""Connections that answer before the disk has a commit, with their setting."""


class NotReplicated(OperationalError):
    """The commit stands on this server and perhaps on no other: sent again under the same id it is saved once."""


class LosesCommits(ImproperlyConfigured, OperationalError):
    """The server is set to answer before a commit is on the disk."""


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Lets one migration move rows and then change their table, as SQLite does.

    PostgreSQL keeps the checks of moved rows for the end of the transaction, and changes no table before them.
    """

    def execute(self, sql: Any, params: Any = ()) -> Any:
        if self.connection.in_atomic_block and not self.collect_sql:
            with self.connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        return super().execute(sql, params)


class DatabaseOperations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: Any, params: Any) -> Any:
        """Return the statement with its values; a prepared one is sent by its name alone."""
        return super().last_executed_query(cursor, sql, params) or self.compose_sql(sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor
    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute_wrappers.append(self._execute_surely)

    def _configure_connection(self, connection: Any) -> bool:
        connection.add_notice_handler(lambda said: note(connection, said))
        with connection.cursor() as cursor:
            setting = cursor.execute("SHOW synchronous_commit").fetchone()[0]
            if cursor.execute("SHOW synchronous_standby_names").fetchone()[0]:
                followed.add(connection)
            if connection.prepare_threshold is not None:
                cursor.execute("SET plan_cache_mode = force_generic_plan")
        if setting not in WAITS_FOR_THE_DISK:
            unsafe[connection] = setting
        super()._configure_connection(connection)  # type: ignore[misc]
        return True  # something was asked: end the transaction it began

    def prepared_cursor(self, *, binary: bool = False) -> Any:
        """Return a cursor with statements planned once a connection (ADR 32); its rows as bytes, or as text."""
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor: Any = base.ServerBindingCursor(self.connection)  # type: ignore[call-arg]
            cursor.format = Format.BINARY if binary else Format.TEXT
            return self._prepare_cursor(cursor)  # type: ignore[attr-defined]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        if connection not in unsafe:
            return connection
        if self.pool:
            self.pool.putconn(connection)
        raise LosesCommits(
            f"PostgreSQL answers before a commit is on the disk (synchronous_commit is {unsafe[connection]}); "
            "set it to on or remote_apply."
        )

    def _commit(self) -> Any:
        with patience(self.connection):
            super()._commit()  # type: ignore[misc]
        self._be_sure()

    def _execute_surely(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """Run a statement; outside a transaction it is one of its own, and commits."""
        result = execute(sql, params, many, context)
        if not self.in_atomic_block:
            self._be_sure()
        return result

    def _be_sure(self) -> None:
        if self.connection in unsure:
            unsure.discard(self.connection)
            raise NotReplicated("the commit has not reached the replica")


@contextmanager
def patience(connection: Any) -> Iterator[None]:
    """Cancel a commit that waits too long for a replica; PostgreSQL's own timeouts do not reach that far."""
    if connection not in followed:
        yield
        return
    timer = Timer(REPLICA_WAITS, connection.cancel_safe)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def note(connection: Any, said: Any) -> None:
    if said.source_function == WAITING_FOR_A_REPLICA:
        unsure.add(connection)
