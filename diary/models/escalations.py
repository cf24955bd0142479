from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from diary.models.flags import Flag


class EscalationQuerySet(models.QuerySet["Escalation"]):
    def standing(self) -> Self:
        """Return those whose flag no person has answered yet."""
        return self.filter(flag__status=Flag.Status.OPEN)

    def due(self, now: datetime) -> Self:
        """Return those that are to be passed on by now, the longest due first."""
        return self.standing().filter(due_at__lte=now).order_by("due_at")

    def not_due(self, now: datetime) -> Self:
        """Return those that are not to be passed on by now: that nobody is left for, or that wait for an answer."""
        wait = Q(unattended_at__isnull=False) | Q(due_at__gt=now)
        return self.standing().filter(wait).order_by("unattended_at", "due_at")

    def unattended(self) -> Self:
        """Return those that nobody is left for: the unattended list, the longest waiting first."""
        return self.standing().filter(unattended_at__isnull=False).order_by("unattended_at")


class Escalation(models.Model):
    """How far an urgent flag has been passed on while no person answers it: one row a flag, written with it.

    `due_at` is when it is passed on next; null once nobody is left. What then counts is `unattended_at`, until a
    person answers the flag.
    """

    flag = models.OneToOneField(Flag, models.CASCADE, primary_key=True, related_name="escalation")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    steps = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)
    unattended_at = models.DateTimeField(null=True, blank=True)

    objects = EscalationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="escalation_due"),
            models.Index(fields=["unattended_at"], condition=Q(unattended_at__isnull=False), name="escalation_left"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at=None, unattended_at__isnull=False) | Q(due_at__isnull=False, unattended_at=None),
                name="escalation_due_or_unattended",
            )
        ]

    def __str__(self):
        return f"{self.flag_id} {self.steps}"
