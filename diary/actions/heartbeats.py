"""The worker's sign of life: while it comes, somebody is told what cannot wait."""

from datetime import datetime, timedelta

from django.db import transaction

from diary.models import Heartbeat

FORGOTTEN = timedelta(days=1)


@transaction.atomic
def beat(*, worker: str, now: datetime) -> None:
    """Say that this worker is at work; the signs of those that ended long ago go."""
    mine = Heartbeat(worker=worker, beat_at=now)
    Heartbeat.objects.bulk_create([mine], update_conflicts=True, unique_fields=["worker"], update_fields=["beat_at"])
    Heartbeat.objects.filter(beat_at__lt=now - FORGOTTEN).delete()
