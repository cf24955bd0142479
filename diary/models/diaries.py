from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models


class DiaryQuerySet(models.QuerySet["Diary"]):
    def free(self) -> Self:
        """Return diaries that nobody else is writing to, each held until the transaction ends."""
        return self.select_for_update(of=("self",), skip_locked=True)

    def due(self, now: datetime) -> Self:
        """Return diaries whose findings change by this time though nothing more was entered."""
        return self.filter(due_at__lte=now).order_by("due_at")


class Diary(models.Model):
    """One patient's diary: the row under which it is written, when it must be looked at again, and what stands for
    the past in which nothing can change any more (docs/adr/0019).
    """

    patient = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="diary")
    due_at = models.DateTimeField(null=True, blank=True)
    past = models.JSONField(null=True, blank=True)

    objects = DiaryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "diaries"
        indexes = [models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="diary_due")]

    def __str__(self):
        return str(self.patient)
