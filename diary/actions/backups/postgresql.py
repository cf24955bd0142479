"""PostgreSQL's part of a backup: `pg_dump` reads at a snapshot that the digest is taken at as well."""

import hashlib
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from diary.actions.backups.container import Refused
from diary.actions.backups.contents import Content

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename COLLATE \"C\""
ROWS = 'COPY (SELECT row::text FROM {} AS row ORDER BY row::text COLLATE "C") TO STDOUT'
INSTALLED = Path("/usr/lib/postgresql")
SCRATCH = "settle_scratch_"
LEFT = """
    SELECT datname FROM pg_database JOIN pg_roles ON pg_roles.oid = datdba
    WHERE starts_with(datname, %s) AND rolname = current_user
    AND datname NOT IN (SELECT application_name FROM pg_stat_activity WHERE application_name IS NOT NULL)
"""
AS_THE_SITE = ("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding", "target_session_attrs")
"""Of the options in DATABASE_URL those that say which server it is, and how it is known to be the one."""


def save(to: Path) -> Content:
    """Write the running database to `to`: nobody waits, and digest and dump see the same moment."""
    with server(path()) as source, source.transaction():
        source.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        (snapshot,) = source.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        run("pg_dump", "--format=custom", *OURS, f"--snapshot={snapshot}", f"--file={to}", path())
        return digested(source)


OURS = ("--no-owner", "--no-privileges")


def path() -> str:
    return str(connection.settings_dict["NAME"])


@contextmanager
def server(name: str, called: str = "settle backup") -> Iterator[psycopg.Connection[Any]]:
    """A connection to a database of the settings' server, apart from the site's pool."""
    with psycopg.connect(**address(), dbname=name, application_name=called, autocommit=True) as database:
        database.execute("SET TIME ZONE 'UTC'; SET extra_float_digits = 1")
        yield database


def address() -> dict[str, Any]:
    said = connection.settings_dict
    known = {"host": said["HOST"], "port": said["PORT"], "user": said["USER"], "password": said["PASSWORD"]}
    known |= {name: said["OPTIONS"].get(name) for name in AS_THE_SITE}
    return {name: value for name, value in known.items() if value}


def run(program: str, *arguments: str, told: bytes = b"") -> bytes:
    """Run one of PostgreSQL's programs on the settings' server; raises Refused with its words where it fails."""
    where = {f"PG{name.upper().replace('_', '')}": str(value) for name, value in address().items()}
    ran = subprocess.run(  # noqa: S603 a program of PostgreSQL's own
        [found(program), *arguments], input=told, env=os.environ | where, capture_output=True, check=False
    )
    if ran.returncode:
        raise Refused(f"{program}: {ran.stderr.decode(errors='replace').strip()}")
    return ran.stdout


def found(program: str) -> str:
    """Return the newest of a program's versions: an older one refuses a newer server."""
    newest = max(INSTALLED.glob(f"*/bin/{program}"), default=None, key=lambda file: int(file.parts[-3]))
    where = newest or shutil.which(program)
    if where is None:
        raise Refused(f"{program} is not installed: it comes with PostgreSQL's client programs.")
    return str(where)


def content_of(name: str) -> Content:
    with server(name) as database, database.transaction():
        database.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return digested(database)


def digested(database: psycopg.Connection[Any]) -> Content:
    digest, rows = hashlib.sha256(), {}
    for (table,) in database.execute(TABLES).fetchall():
        digest.update(f"{table}\n".encode())
        count = 0
        with database.cursor().copy(sql.SQL(ROWS).format(sql.Identifier(table))) as lines:
            for line in lines:
                digest.update(line)
                count += bytes(line).count(b"\n")
        rows[table] = count
    return Content(digest.hexdigest(), rows)


@contextmanager
def scratch(saved: Path) -> Iterator[str]:
    """The saved database as one of its own on the same server, for as long as it is looked at."""
    name = f"{SCRATCH}{secrets.token_hex(4)}"
    with server(path(), called=name) as database:
        database.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            run("pg_restore", "--exit-on-error", *OURS, f"--dbname={name}", str(saved))
            yield name
        finally:
            database.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def sweep() -> None:
    """Drop the scratch databases of backups that were killed: whoever is at work holds a connection of that name."""
    with server(path()) as database:
        for (name,) in database.execute(LEFT, [SCRATCH]).fetchall():
            database.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def is_empty() -> bool:
    """Tell whether nobody has an account in the database of the settings."""
    with server(path()) as database:
        (there,) = database.execute("SELECT to_regclass('public.diary_user')").fetchone() or (None,)
        return there is None or not database.execute("SELECT 1 FROM public.diary_user LIMIT 1").fetchone()


def pour(scratch: str) -> None:
    """Put a scratch database in the place of the settings' one, in a single transaction: the old or the new, whole."""
    script = run("pg_dump", *OURS, scratch)
    emptied = b"DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
    run("psql", "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-d", path(), told=emptied + script)
