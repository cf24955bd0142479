import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from diary.models.fields import both_or_neither


class DepartureQuerySet(models.QuerySet["Departure"]):
    def standing(self) -> Self:
        """Return those that no person has seen to yet."""
        return self.filter(closed_at=None)


class Departure(models.Model):
    """Somebody deleted their diary while something urgent in it waited for an answer: all that is left of them.

    Kept for those who were to answer, until one of them has seen to it. Name and address only where the person agreed
    to that on leaving, and only until then; nothing of the diary.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    left_at = models.DateTimeField()
    name = models.CharField(max_length=120, blank=True, default="")
    email = models.EmailField(max_length=254, blank=True, default="")
    told = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="departures")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = DepartureQuerySet.as_manager()

    class Meta:
        ordering = ["left_at"]
        constraints = [
            both_or_neither("closed_at", "closed_by", "departure_closed_at_and_by"),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(name="", email=""), name="departure_closed_names_nobody"
            ),
        ]

    def __str__(self):
        return f"{self.left_at:%Y-%m-%d %H:%M}"
