"""A worker broken on purpose: it marks a message as sent before it sends it, as many outboxes do."""

import os
import sys

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
sys.path.insert(0, os.getcwd())
django.setup()

from django.core.management import execute_from_command_line  # noqa: E402 Django must stand first

from diary import notices  # noqa: E402
from diary.actions import notifications  # noqa: E402
from diary.models import Notification  # noqa: E402


def mark_then_send(row, *, now):
    Notification.objects.filter(pk=row.pk).update(sent_at=now, held_until=None)
    notices.compose(row, now).send()
    return True


notifications.deliver = mark_then_send
execute_from_command_line(sys.argv)
