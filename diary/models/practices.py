from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from diary import hours
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

    def with_hours(self) -> Self:
        """Return practitioners who have said when they read."""
        return self.filter(Exists(Opening.objects.filter(practitioner=OuterRef("pk"))))

    def readers(self, on: date) -> Self:
        """Return practitioners who may read what is shared with them on that day: verified, with reading hours."""
        return self.verified(on).with_hours()


class Practitioner(models.Model):
    """What a user in the role of practitioner has besides an account."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="practitioner")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="practitioners")
    spoken_code = models.CharField(_("spoken code"), max_length=9, unique=True)
    hours_zone = models.CharField(_("time zone of the reading hours"), max_length=64, default="UTC")
    hours_note = models.CharField(_("note to the reading hours"), max_length=120, blank=True, default="")

    objects = PractitionerQuerySet.as_manager()

    def __str__(self):
        return str(self.user)

    @property
    def hours(self):
        """Return the reading hours as they are counted (`diary.hours`)."""
        return hours.Hours(
            zone=self.hours_zone,
            openings=tuple(hours.Opening(row.weekday, row.opens, row.closes) for row in self.openings.all()),
            away=tuple(hours.Away(row.first_day, row.last_day) for row in self.absences.all()),
        )


class Opening(models.Model):
    """One stretch of a weekday (0 is Monday) in which a practitioner reads, in minutes since midnight."""

    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField(_("day"))
    opens = models.PositiveSmallIntegerField(_("from"))
    closes = models.PositiveSmallIntegerField(_("until"))

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["practitioner", "weekday", "opens"], name="one_opening_at_a_time"),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="opening_weekday_known"),
            models.CheckConstraint(
                condition=Q(opens__lt=F("closes"), closes__lte=hours.END_OF_DAY), name="opening_closes_later_that_day"
            ),
        ]

    def __str__(self):
        return f"{self.weekday} {self.opens}-{self.closes}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def ending_from(self, day: date) -> Self:
        """Return days away that are not over on that day."""
        return self.filter(Q(last_day=None) | Q(last_day__gte=day))


class Absence(models.Model):
    """Days without reading, both included; without a last day, until further notice."""

    practitioner = models.ForeignKey(Practitioner, models.CASCADE, related_name="absences")
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"), null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")), name="absence_ends_after_it_begins"
            )
        ]

    def __str__(self):
        return f"{self.first_day} - {self.last_day or ''}"


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
