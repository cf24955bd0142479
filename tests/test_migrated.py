"""The empty database that is copied is that of the migrations as they stand."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db.migrations.loader import MigrationLoader

from tests.migrated import blank, digest


def test_every_migration_is_in_the_copy(tmp_path: Path):
    blank(tmp_path / "blank.sqlite3")
    with closing(sqlite3.connect(tmp_path / "blank.sqlite3")) as copy:
        done = set(copy.execute("SELECT app, name FROM django_migrations"))
        people = copy.execute("SELECT COUNT(*) FROM diary_user").fetchone()
    assert done == set(MigrationLoader(None).graph.nodes)
    assert people == (0,)


def test_a_migration_that_was_changed_makes_another(tmp_path: Path):
    migration = tmp_path / "0001_initial.py"
    migration.write_text("operations = []")
    before = digest(migration)
    migration.write_text("operations = [1]")
    assert digest(migration) != before
