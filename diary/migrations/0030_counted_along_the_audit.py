from django.db import migrations, models


class Migration(migrations.Migration):
    """What is to be counted again is read off the audit, from its first line on: an upgrade counts every diary anew.

    The column it was told by before stays until the next release: processes of the last one still write it.
    """

    dependencies = [("diary", "0029_entries_are_found_by_patient_and_time")]

    operations = [
        migrations.CreateModel(
            name="Tallying",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="diary", name="tallied_at")]
        ),
    ]
