from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from diary.models.fields import both_or_neither


class Practice(models.Model):
    """A practice and the numbers that its patients are given when something needs care at once."""

    name = models.CharField(_("name"), max_length=120)
    emergency_number = models.CharField(_("emergency number"), max_length=40, default="112")
    same_day_number = models.CharField(_("number for the same day"), max_length=40, blank=True, default="")
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")

    def __str__(self):
        return self.name


class CredentialQuerySet(models.QuerySet["Credential"]):
    def valid(self, on: date) -> Self:
        """Return credentials checked at their source and not expired on that day."""
        return self.filter(checked_on__isnull=False, expires_on__gte=on)


class PractitionerQuerySet(models.QuerySet["Practitioner"]):
    def verified(self, on: date) -> Self:
        """Return practitioners who may read diaries on that day: active, with a checked, unexpired credential."""
        valid = Credential.objects.valid(on).filter(practitioner=OuterRef("pk"))
        return self.filter(Exists(valid), user__is_active=True, user__role="practitioner")


class Practitioner(models.Model):
    """What a user in the role of practitioner has besides an account."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="practitioner")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="practitioners")
    spoken_code = models.CharField(_("spoken code"), max_length=9, unique=True)
    reading_hours = models.CharField(_("reading hours"), max_length=120, blank=True, default="")

    objects = PractitionerQuerySet.as_manager()

    def __str__(self):
        return str(self.user)


class Credential(models.Model):
    """A licence or board certificate; it counts once a named admin has checked it at its source."""

    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="credentials")
    board = models.CharField(_("board"), max_length=120)
    number = models.CharField(_("number"), max_length=60)
    expires_on = models.DateField(_("expires on"))
    evidence = models.CharField(_("where it was checked"), max_length=300, blank=True, default="")
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = CredentialQuerySet.as_manager()

    class Meta:
        constraints = [
            both_or_neither("checked_on", "checked_by", "credential_checked_on_and_by"),
            models.CheckConstraint(condition=~Q(number=""), name="credential_has_number"),
        ]

    def __str__(self):
        return f"{self.board} {self.number}"
