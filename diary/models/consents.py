from typing import Self

from django.conf import settings
from django.db import models


class ConsentQuerySet(models.QuerySet["Consent"]):
    def standing(self) -> Self:
        """Return agreements that were not taken back."""
        return self.filter(withdrawn_at=None)

    def latest_first(self) -> Self:
        return self.order_by("-given_at", "-pk")


class Consent(models.Model):
    """One version of the agreement, as a patient read it and said yes.

    The texts themselves stand in `diary.consenting`, where none is ever changed; the digest proves it.
    """

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="consents")
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10)
    text_digest = models.CharField(max_length=64)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "version"],
                condition=models.Q(withdrawn_at=None),
                name="one_standing_consent_a_version",
            ),
        ]

    def __str__(self):
        return f"{self.version} {self.given_at:%Y-%m-%d}"
