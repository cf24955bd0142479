from django.conf import settings
from django.db import migrations, models


def name_what_they_are_about(apps, schema_editor):
    """Give each row its key: the flag it is about, or itself."""
    notifications = apps.get_model("diary", "Notification").objects.using(schema_editor.connection.alias)
    for pk, flag in notifications.filter(key="").values_list("pk", "flag_id").iterator():
        notifications.filter(pk=pk).update(key=str(flag or pk))


class Migration(migrations.Migration):

    dependencies = [
        ('diary', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='notification',
            name='key',
            field=models.CharField(default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='notification',
            name='failed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RenameField(
            model_name='notification',
            old_name='lease_until',
            new_name='held_until',
        ),
        migrations.AlterField(
            model_name='notification',
            name='attempts',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunPython(name_what_they_are_about, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name='notification',
            name='one_notification_a_flag',
        ),
        migrations.AddConstraint(
            model_name='notification',
            constraint=models.UniqueConstraint(fields=('recipient', 'kind', 'key'), name='one_notification_a_thing'),
        ),
    ]
