import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from diary.models.flags import Flag


class NotificationQuerySet(models.QuerySet["Notification"]):
    def due(self, now: datetime) -> Self:
        """Return unsent rows whose time has come and which no living worker holds."""
        free = Q(lease_until=None) | Q(lease_until__lte=now)
        return self.filter(free, sent_at=None, due_at__lte=now).order_by("due_at")

    def unsent(self) -> Self:
        """Return rows not handed over yet, the oldest first."""
        return self.filter(sent_at=None).order_by("created_at")


class Notification(models.Model):
    """One message to one person: a row of the outbox, written in the transaction of what it tells."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=24)
    flag = models.ForeignKey(Flag, models.CASCADE, null=True, blank=True, related_name="notifications")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True, default="")

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(sent_at=None), name="notification_unsent")]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "kind", "flag"], name="one_notification_a_flag"),
        ]

    def __str__(self):
        return f"{self.kind} {self.id}"
