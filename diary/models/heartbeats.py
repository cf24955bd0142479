from datetime import datetime

from django.db import models
from django.db.models import Max


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def latest_before(self, moment: datetime) -> datetime | None:
        """Return when any worker last said that it is at work; what a wrong clock says of later is passed over."""
        last: datetime | None = self.filter(beat_at__lte=moment).aggregate(last=Max("beat_at"))["last"]
        return last


class Heartbeat(models.Model):
    """When a worker last said that it is at work: one row a process."""

    worker = models.CharField(primary_key=True, max_length=80)
    beat_at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self):
        return f"{self.worker} {self.beat_at:%Y-%m-%d %H:%M:%S}"
