"""One released version's database as a file: keep it, put it into an empty database, look at what became of it.

    python -m tests.upgrades.kept keep 0.1     writes tests/upgrades/0.1.json.gz from the database of the settings
    python -m tests.upgrades.kept put 0.1      makes that version's tables and fills them
    python -m tests.upgrades.kept look         prints as JSON what the database holds and says, at the newest schema

Values are kept as text that both engines read back through the models of that version, so that one file serves both.
"""

import gzip
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

HERE = Path(__file__).parent
APPS = ("diary", "account", "mfa", "usersessions")
AS_OF = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
"""The moment at which the kept practices stand: findings are asked for then."""
PAGES = {
    "patient": ["/today/", "/entries/", "/sessions/", "/trends/", "/trends.json", "/flags/", "/shares/", "/intake/"],
    "practitioner": ["/worklist/", "/patients/", "/invitations/", "/sandbox/"],
    "admin": ["/people/", "/admin/"],
}


def keep(version: str) -> None:
    from django.core.serializers.json import DjangoJSONEncoder
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    applied = sorted(MigrationRecorder(connection).applied_migrations())
    rows = {model._meta.label_lower: values(model) for model in models_of(applied)}
    kept = {"migrations": applied, "rows": rows, "looked": looked()}
    with gzip.GzipFile(HERE / f"{version}.json.gz", "wb", mtime=0) as file:
        file.write(json.dumps(kept, cls=DjangoJSONEncoder).encode())


def values(model: Any) -> list[list[Any]]:
    columns = [field.attname for field in model._meta.concrete_fields]
    return [columns, *map(list, model.objects.order_by("pk").values_list(*columns))]


def models_of(applied: list[Any]) -> list[Any]:
    """Return the models as they were when those migrations, and no other, had been applied."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    loader = MigrationExecutor(connection).loader
    known = [node for node in map(tuple, applied) if node in loader.graph.nodes]
    state = loader.project_state(known).apps
    return [model for app in APPS for model in state.get_app_config(app).get_models()]


def put(version: str) -> None:
    from django.core.management.color import no_style
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    kept = read(version)
    MigrationExecutor(connection).migrate([*dict(kept["migrations"]).items()])  # of each app the last
    models = {model._meta.label_lower: model for model in models_of(kept["migrations"])}
    with transaction.atomic():
        for label, (columns, *rows) in kept["rows"].items():
            models[label].objects.all().delete()  # what the migrations themselves put there
            models[label].objects.bulk_create([made(models[label], columns, row) for row in rows])
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models.values())):
            connection.cursor().execute(statement)


def read(version: str) -> dict[str, Any]:
    return json.loads(gzip.decompress((HERE / f"{version}.json.gz").read_bytes()))


def made(model: Any, columns: list[str], row: list[Any]) -> Any:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return model(**{name: fields[name].to_python(value) for name, value in zip(columns, row, strict=True)})


def looked() -> dict[str, Any]:
    """Return how many rows of each kind there are, what the rules find, and which pages do not open."""
    from django.db import connection

    connection.check_constraints()
    return {"counts": counts(), "findings": findings(), "closed": closed()}


def counts() -> dict[str, int]:
    from django.apps import apps

    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    return {model._meta.label_lower: model.objects.count() for model in models}


def findings() -> list[Any]:
    from diary.clinical.assess import assess
    from diary.models import User, diary_of, instant

    people = User.objects.patients().order_by("email")
    return [
        [person.email, finding.rule, finding.level, finding.fired_at, finding.resolved_at, list(finding.evidence)]
        for person in people
        for finding in assess(diary_of(person), instant(AS_OF)).findings
    ]


def closed() -> list[str]:
    """Return the pages that answer anything but a page, for the first person of each role."""
    from django.test import Client
    from django.test.utils import override_settings

    from diary.models import User

    client, shut = Client(), []
    for role, pages in PAGES.items():
        client.force_login(User.objects.filter(role=role).order_by("pk")[0])
        with override_settings(DEMO=True):  # nobody is led to a second step that an older version did not ask for
            shut += [page for page in pages if client.get(page).status_code != 200]
    return shut


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "look":
        sys.stdout.write(json.dumps(looked()))
    else:
        {"keep": keep, "put": put}[sys.argv[1]](sys.argv[2])
