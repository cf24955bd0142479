import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def count_again(apps, schema_editor):
    """The worker counts every diary anew, a few at a time; until then the page of rates counts what it can itself."""
    apps.get_model("diary", "Diary").objects.update(tallied_at=None)


class Migration(migrations.Migration):
    dependencies = [("diary", "0018_links")]

    operations = [
        migrations.DeleteModel("Tally"),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.PositiveIntegerField()),
                ("months", models.BinaryField()),
                ("ever", models.PositiveIntegerField()),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "practitioner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "tallies",
                "constraints": [models.UniqueConstraint(fields=["practitioner", "patient"], name="one_tally")],
            },
        ),
        migrations.RunPython(count_again, migrations.RunPython.noop),
    ]
