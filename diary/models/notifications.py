import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from diary.models.flags import Flag

PRESSING = ("urgent", "escalation", "unattended")
"""Kinds that wait behind nothing else: an evening of reminders must not stand before something urgent."""


class NotificationQuerySet(models.QuerySet["Notification"]):
    def due(self, now: datetime) -> Self:
        """Return unsent rows whose time has come and which nobody holds, the longest due first."""
        free = Q(held_until=None) | Q(held_until__lte=now)
        return self.unsent().filter(free, due_at__lte=now).order_by("due_at")

    def pressing(self) -> Self:
        return self.filter(kind__in=PRESSING)

    def unsent(self) -> Self:
        return self.filter(sent_at=None)

    def failed(self) -> Self:
        """Return rows that could not be handed over in the time they had; they are still tried."""
        return self.unsent().filter(failed_at__isnull=False)


class Notification(models.Model):
    """One message to one person: a row of the outbox, written in the transaction of what it tells.

    `kind` says how it is composed and `key` what it is about, so that nobody is told one thing twice: the flag, the
    local date of a reminder, the message that was answered. `due_at` never moves; `held_until` is the lease of the
    worker that has the row in hand, or how long it is left alone after trouble. `failed_at` is when trouble had
    lasted too long to be kept from people; the row is tried again all the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=24)
    key = models.CharField(max_length=64)
    flag = models.ForeignKey(Flag, models.CASCADE, null=True, blank=True, related_name="notifications")
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    held_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=200, blank=True, default="")

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at=None), name="notification_unsent"),
            models.Index(fields=["kind", "due_at"], condition=Q(sent_at=None), name="notification_pressing"),
            models.Index(fields=["sent_at"], condition=Q(kind="urgent"), name="notification_urgent"),
        ]
        constraints = [models.UniqueConstraint(fields=["recipient", "kind", "key"], name="one_notification_a_thing")]

    def __str__(self):
        return f"{self.kind} {self.id}"
