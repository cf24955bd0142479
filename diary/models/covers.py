from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from diary.models.practices import Absence, Practitioner


class CoverQuerySet(models.QuerySet["Cover"]):
    def lasting(self, now: datetime) -> Self:
        """Return covers that hold at this instant."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now)

    def coming(self, now: datetime) -> Self:
        """Return covers that hold or are yet to begin; one that was ended before it began never does."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=now) & Q(ends_at__gt=F("starts_at")))

    def in_force(self, now: datetime) -> Self:
        """Return covers that hold and whose colleague may read: verified, with hours, of the same practice."""
        # Asked of each cover: as a list of all who may read, it would be drawn from everybody who has an account.
        may_read = Practitioner.objects.readers(now.date()).filter(pk=OuterRef("covered_by"))
        same_practice = Q(covered_by__practitioner__practice=F("practitioner__practitioner__practice"))
        return self.lasting(now).filter(same_practice, Exists(may_read))


class Cover(models.Model):
    """A colleague of the same practice reads in a practitioner's place, where the patients let them, while it lasts.

    Several hold in the order in which they were named: so flags are passed on.
    """

    practitioner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="covers")
    covered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="covers_for")
    absence = models.ForeignKey(Absence, models.CASCADE, null=True, blank=True, related_name="covers")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    named_at = models.DateTimeField()

    objects = CoverQuerySet.as_manager()

    class Meta:
        ordering = ["named_at", "pk"]
        indexes = [models.Index(fields=["covered_by", "practitioner"], name="cover_held")]
        constraints = [
            models.CheckConstraint(condition=~Q(practitioner=F("covered_by")), name="cover_by_another"),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="cover_ends_after_it_begins"
            ),
        ]

    def __str__(self):
        return f"{self.covered_by_id} for {self.practitioner_id}"
