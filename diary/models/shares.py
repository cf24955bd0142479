import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from diary.models.covers import Cover
from diary.models.practices import Practitioner

if TYPE_CHECKING:
    from diary.models.users import User


def covered_by(practitioner: "User", now: datetime) -> models.QuerySet[Cover, Any]:
    """Return for whom somebody stands in now."""
    return Cover.objects.in_force(now).filter(covered_by=practitioner).values("practitioner")


class ShareQuerySet(models.QuerySet["Share"]):
    def live(self, now: datetime) -> Self:
        """Return shares neither revoked nor expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)

    def ended(self, now: datetime) -> Self:
        """Return shares that were revoked or have expired: all that are not live."""
        return self.filter(Q(revoked_at__isnull=False) | Q(expires_at__lte=now))

    def readable_by(self, practitioner: "User", now: datetime) -> Self:
        """Return live shares that this practitioner may read: their own, and those of colleagues they stand in for.

        None of them unless they are verified on this day and have said when they read.
        """
        readers = Practitioner.objects.readers(now.date()).filter(pk=practitioner.pk)
        own_or_covered = Q(practitioner=practitioner) | Q(
            with_cover=True, practitioner__in=covered_by(practitioner, now)
        )
        return self.live(now).filter(Exists(readers), own_or_covered)

    def covered(self) -> Self:
        """Return shares that let a colleague read in the practitioner's place."""
        return self.filter(with_cover=True)


class Share(models.Model):
    """A patient lets one practitioner read the diary.

    `address` is what the patient typed; `practitioner` is null where nobody of that address reads diaries here, which
    the patient's page does not tell apart, so that it cannot be asked who works here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="shares")
    practitioner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="shares_held"
    )
    address = models.EmailField(_("e-mail"), max_length=254)
    named = models.BooleanField(default=False)
    with_notes = models.BooleanField(_("my notes"), default=True)
    with_intake = models.BooleanField(_("my health background"), default=True)
    with_cover = models.BooleanField(_("a colleague in their place"), default=False)
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ["-granted_at"]
        indexes = [models.Index(fields=["practitioner", "patient"], condition=Q(revoked_at=None), name="share_held")]
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "address"], condition=Q(revoked_at=None), name="one_share_an_address"
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=models.F("granted_at")), name="share_expires_later"
            ),
        ]

    def __str__(self):
        return self.address
