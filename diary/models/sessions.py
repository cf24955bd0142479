import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from diary.models.fields import score, within_scale

if TYPE_CHECKING:
    from diary.models.users import User


class TreatmentSessionQuerySet(models.QuerySet["TreatmentSession"]):
    def of(self, patient: "User") -> Self:
        return self.filter(patient=patient)

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def latest_first(self) -> Self:
        return self.order_by("-ended_at")


class TreatmentSession(models.Model):
    """One acupuncture session; its end is the instant from which every follow-up is counted.

    `version` counts changes: an edit says which version it has seen.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="treatment_sessions")
    practitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="sessions_given"
    )
    ended_at = models.DateTimeField(_("ended"))
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    pain_before = score(_("pain before"))
    pain_after = score(_("pain after"))
    sharp_increase = models.BooleanField(_("pain rose sharply during the session"), default=False)
    response = models.CharField(_("what was changed"), max_length=500, blank=True, default="")
    sites = models.JSONField(_("where"), default=list, blank=True)
    aftercare = models.JSONField(_("aftercare given"), default=list, blank=True)
    note = models.TextField(_("note"), max_length=4000, blank=True, default="")
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)  # not written here, but taken from a file

    objects = TreatmentSessionQuerySet.as_manager()

    class Meta:
        constraints = [
            *within_scale("pain_before", "pain_after", prefix="session"),
            models.UniqueConstraint(
                fields=["patient", "ended_at"],
                condition=models.Q(withdrawn_at=None),
                name="one_session_an_instant",
            ),
        ]

    def __str__(self):
        return f"{self.ended_at:%Y-%m-%d %H:%M}"
