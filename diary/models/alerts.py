import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models

CONFIRMED_WITHIN = timedelta(days=7)


class AlertQuerySet(models.QuerySet["Alert"]):
    def unconfirmed(self, now: datetime) -> Self:
        """Return test alerts that nobody has confirmed within a week: of those people, mail may not be read."""
        return self.filter(confirmed_at=None, sent_from__lte=now - CONFIRMED_WITHIN)


class Alert(models.Model):
    """A test of the way on which a practitioner is told what cannot wait: once a month, until they confirm it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practitioner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="alerts")
    month = models.DateField()
    sent_from = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practitioner", "month"], name="one_alert_a_month")]

    def __str__(self):
        return f"{self.month:%Y-%m} {self.practitioner_id}"
