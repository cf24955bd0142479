import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

PARTS = ("scores", "sessions", "flags", "signs", "notes", "intake")


class LinkQuerySet(models.QuerySet["Link"]):
    def live(self, now: datetime) -> Self:
        """Return links that open something: neither ended nor out of date, of accounts that are open."""
        return self.filter(revoked_at=None, expires_at__gt=now, patient__is_active=True)


class Link(models.Model):
    """A patient lets a second reader without an account, such as a GP, open chosen parts of the diary.

    The secret in its address is kept only as a digest. `reader` is what the patient calls them. `first_day` and
    `last_day` are days of the patient's calendar, both included; without a last day, up to when it is opened.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="links")
    reader = models.CharField(_("for whom"), max_length=120)
    token_digest = models.CharField(max_length=64, unique=True)
    with_scores = models.BooleanField(_("scores"), default=True)
    with_sessions = models.BooleanField(_("sessions"), default=True)
    with_flags = models.BooleanField(_("flags"), default=True)
    with_signs = models.BooleanField(_("signs that need care"), default=False)
    with_notes = models.BooleanField(_("notes"), default=False)
    with_intake = models.BooleanField(_("health background"), default=False)
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"), null=True, blank=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(_("until"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(_("last opened"), null=True, blank=True)
    openings = models.PositiveIntegerField(_("times opened"), default=0)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="link_expires_later"),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")), name="link_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(*[(f"with_{part}", True) for part in PARTS], _connector=Q.OR), name="link_holds_something"
            ),
        ]

    def __str__(self):
        return self.reader

    @property
    def parts(self) -> set[str]:
        return {part for part in PARTS if getattr(self, f"with_{part}")}
