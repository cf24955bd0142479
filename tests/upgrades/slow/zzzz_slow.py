"""Three steps of one migration with a pause in the midst, for being killed in."""

import os
import time
from pathlib import Path

from django.db import migrations

import diary.migrations

LAST = max(file.stem for file in Path(diary.migrations.__path__[0]).glob("[0-9]*.py"))


def fill(apps, schema_editor):
    schema_editor.execute("INSERT INTO slow_first (id) SELECT id FROM diary_user")
    if "PAUSED" in os.environ:
        Path(os.environ["PAUSED"]).write_text("here")
        time.sleep(60)


class Migration(migrations.Migration):
    dependencies = [("diary", LAST)]
    atomic = os.environ.get("ATOMIC") != "off"  # the control: what a migration without a transaction leaves behind
    operations = [
        migrations.RunSQL("CREATE TABLE slow_first (id integer PRIMARY KEY)"),
        migrations.RunPython(fill),
        migrations.RunSQL("CREATE TABLE slow_second (id integer PRIMARY KEY)"),
    ]
