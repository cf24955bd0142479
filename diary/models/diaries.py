from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models


class DiaryQuerySet(models.QuerySet["Diary"]):
    def locked(self, *, skip_locked: bool = False) -> Self:
        """Return diaries with their patient and intake, each held until the transaction ends.

        Whoever writes to a diary holds this row, so that every assessment has seen every entry before it.
        """
        return self.select_for_update(of=("self",), skip_locked=skip_locked).select_related("patient__intake")

    def due(self, now: datetime) -> Self:
        """Return diaries whose findings change by this time though nothing more was entered."""
        return self.filter(due_at__lte=now).order_by("due_at")


class Diary(models.Model):
    """One patient's diary: the row under which it is written, and when it must be looked at again."""

    patient = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="diary")
    due_at = models.DateTimeField(null=True, blank=True)

    objects = DiaryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "diaries"
        indexes = [models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="diary_due")]

    def __str__(self):
        return str(self.patient)
