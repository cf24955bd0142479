import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from diary.models.practices import Practice
from diary.models.users import User


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def usable(self, now: datetime) -> Self:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)

    def unanswered(self) -> Self:
        """Return invitations that nobody has accepted or taken back, expired ones too, the latest first."""
        return self.filter(accepted_at=None, revoked_at=None).order_by("-created_at")

    def matching(self, words: str) -> Self:
        """Return invitations to a name or an address that contains the words."""
        return self.filter(models.Q(name__icontains=words) | models.Q(email__icontains=words)) if words else self


class Invitation(models.Model):
    """A way in, by link or by spoken code; both are kept only as digests."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_digest = models.CharField(max_length=64, unique=True)
    code_digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(_("e-mail"), max_length=254)
    name = models.CharField(_("name"), max_length=120, blank=True, default="")
    role = models.CharField(_("role"), max_length=12, choices=User.Role.choices)
    practice = models.ForeignKey(Practice, models.PROTECT, null=True, blank=True, related_name="+")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="invitation"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(accepted_by=None) | models.Q(accepted_at__isnull=False),
                name="invitation_accepted_by_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(revoked_at=None),
                name="invitation_accepted_or_revoked",
            ),
            models.CheckConstraint(
                condition=~models.Q(role="practitioner") | models.Q(practice__isnull=False),
                name="invitation_practitioner_has_a_practice",
            ),
        ]

    def __str__(self):
        return self.email

    @property
    def shares(self):
        """Tell whether accepting it lets who invited read the diary: a practitioner whose account is open."""
        return self.role == User.Role.PATIENT and self.invited_by.is_practitioner and self.invited_by.is_active

    def state(self, now):
        """Return where the invitation stands: accepted, revoked, expired or waiting."""
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        return "waiting" if self.expires_at > now else "expired"
