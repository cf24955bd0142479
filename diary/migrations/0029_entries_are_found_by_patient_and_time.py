import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

INDEX = "diary_entry_patient_id_59a9a721"


class Migration(migrations.Migration):
    """Takes away an index that another one begins with; as AlterField, SQLite would write all entries anew."""

    dependencies = [
        ("diary", "0028_what_presses_is_found_at_once"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f'DROP INDEX IF EXISTS "{INDEX}"', f'CREATE INDEX "{INDEX}" ON "diary_entry" ("patient_id")'
                )
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="entry",
                    name="patient",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to=settings.AUTH_USER_MODEL,
                    ),
                )
            ],
        )
    ]
