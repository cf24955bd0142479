import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TokenQuerySet(models.QuerySet["Token"]):
    def live(self, now: datetime) -> Self:
        """Return tokens neither revoked nor expired, of active accounts."""
        return self.filter(revoked_at=None, expires_at__gt=now, user__is_active=True)


class Token(models.Model):
    """What an app or a device reads with, in a person's place: one a device, for one scope, until a day.

    Kept only as a digest. `seal` is what the person's sessions agree with: a new password, another role or signing out
    everywhere ends the tokens with the sessions.
    """

    class Scope(models.TextChoices):
        OWN = "own", _("My diary")
        SHARED = "shared", _("Diaries shared with me")
        FLAGS = "flags", _("Flags only")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=60)
    scope = models.CharField(_("may read"), max_length=6, choices=Scope)
    digest = models.CharField(max_length=64, unique=True)
    seal = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("until"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=models.Q(scope__in=["own", "shared", "flags"]), name="token_scope_known"),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="token_expires_later"
            ),
        ]

    def __str__(self):
        return self.name
