import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from diary.models.fields import Grade, grade, score, within_grades, within_scale

__all__ = ["Amendment", "Entry", "Grade"]

if TYPE_CHECKING:
    from diary.models.users import User


EPOCH, MINUTE = datetime(1970, 1, 1, tzinfo=UTC), timedelta(minutes=1)
LAST_MINUTE = (datetime(2200, 1, 1, tzinfo=UTC) - EPOCH) // MINUTE


class EntryQuerySet(models.QuerySet["Entry"]):
    def of(self, patient: "User") -> Self:
        return self.filter(patient=patient)

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def in_minute(self, minute: int) -> Self:
        """Return the entries observed in a whole minute, counted since 1970."""
        if not 0 <= minute < LAST_MINUTE:
            return self.none()
        start = EPOCH + minute * MINUTE
        return self.filter(observed_at__gte=start, observed_at__lt=start + MINUTE)

    def after(self, entry: "Entry") -> Self:
        """Return what comes after an entry in the order of observation, then of ids."""
        at = entry.observed_at
        return self.filter(models.Q(observed_at__gt=at) | models.Q(observed_at=at, pk__gt=entry.pk))

    def latest_first(self) -> Self:
        return self.order_by("-observed_at", "-recorded_at", "-id")


class Entry(models.Model):
    """How a patient felt at one moment, as they said it.

    The browser makes the id, so that a form sent twice is one entry. `version` counts amendments: an edit says which
    version it has seen.
    """

    class Compared(models.TextChoices):
        BETTER = "better", _("better")
        SAME = "same", _("same")
        WORSE = "worse", _("worse")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Without an index of its own: `entry_of_patient_in_time` begins with it, and PostgreSQL would take the wrong one.
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="entries", db_index=False)
    observed_at = models.DateTimeField(_("when"))
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    offset_minutes = models.SmallIntegerField(default=0)
    recorded_at = models.DateTimeField()
    pain = score(_("pain"), null=False, blank=False)
    soreness = score(_("soreness"))
    stiffness = grade(_("stiffness"))
    fatigue = grade(_("fatigue"))
    dizziness = grade(_("dizziness"))
    low_mood = grade(_("low mood"))
    bruising = grade(_("bruising"))
    compared = models.CharField(_("compared with your usual"), max_length=6, choices=Compared, blank=True, default="")
    red_flags = models.JSONField(default=list, blank=True)
    regions = models.JSONField(_("where"), default=list, blank=True)
    good = models.JSONField(_("good reactions"), default=list, blank=True)
    aftercare = models.JSONField(_("aftercare"), default=list, blank=True)
    note = models.TextField(_("note"), max_length=4000, blank=True, default="")
    version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)  # not written here, but taken from a file

    objects = EntryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["patient", "observed_at"], name="entry_of_patient_in_time")]
        constraints = [
            *within_scale("pain", "soreness", prefix="entry"),
            *within_grades("stiffness", "fatigue", "dizziness", "low_mood", "bruising", prefix="entry"),
            models.CheckConstraint(
                condition=models.Q(compared__in=["", "better", "same", "worse"]), name="entry_compared_known"
            ),
        ]

    def __str__(self):
        return f"{self.observed_at:%Y-%m-%d %H:%M}"


class Amendment(models.Model):
    """What an entry said before it was amended: nothing that was once said is lost."""

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="amendments")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    values = models.JSONField()
    amended_at = models.DateTimeField()
    amended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["version"]
        constraints = [models.UniqueConstraint(fields=["entry", "version"], name="one_amendment_a_version")]

    def __str__(self):
        return f"{self.entry_id} v{self.version}"
