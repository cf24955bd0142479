from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, Sum

from diary.clinical.reported import REPORTS


class TallyQuerySet(models.QuerySet["Tally"]):
    def by_month(self) -> models.QuerySet["Tally", dict[str, Any]]:
        """Return one row of sums a month, each named `sum_` and its column."""
        sums = {f"sum_{column}": Sum(column) for column in COLUMNS}
        return self.order_by("month").values("month").annotate(**sums)

    def by_patient(self) -> dict[str, int]:
        """Return how many patients answered about each symptom, and how many reported it, as one row."""
        people = {
            column: Count("patient", filter=Q(**{f"{column}__gt": 0}), distinct=True)
            for column in COLUMNS
            if column != "sessions"
        }
        return self.aggregate(**people)


class Tally(models.Model):
    """A month of one patient's sessions with one practitioner, counted: after how many what was answered and reported.

    Worked out anew from the diary whenever it was written in (`actions.tallies`); nothing rests on it but the rates.
    """

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    practitioner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    month = models.DateField()
    sessions = models.PositiveIntegerField(default=0)
    bruising_answered = models.PositiveIntegerField(default=0)
    bruising_reported = models.PositiveIntegerField(default=0)
    soreness_answered = models.PositiveIntegerField(default=0)
    soreness_reported = models.PositiveIntegerField(default=0)
    dizziness_answered = models.PositiveIntegerField(default=0)
    dizziness_reported = models.PositiveIntegerField(default=0)
    breathing_answered = models.PositiveIntegerField(default=0)
    breathing_reported = models.PositiveIntegerField(default=0)
    infection_answered = models.PositiveIntegerField(default=0)
    infection_reported = models.PositiveIntegerField(default=0)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [
            models.UniqueConstraint(fields=["practitioner", "patient", "month"], name="one_tally_a_month"),
        ]

    def __str__(self):
        return f"{self.month:%Y-%m}"


COLUMNS = ("sessions", *(f"{symptom}_{what}" for symptom in REPORTS for what in ("answered", "reported")))
