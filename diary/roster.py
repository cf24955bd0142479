"""The accounts as admins list them: by what they wait for, and what an admin has to do. Never a diary."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from diary.models import User
from diary.models.invitations import InvitationQuerySet
from diary.models.users import UserQuerySet
from diary.permissions import unattended_since, visible_hooks, visible_invitations, visible_people
from diary.reliance import unattended

WARN_BEFORE = timedelta(days=28)
STATUSES = {
    "": _("Everybody"),
    "active": _("Active"),
    "invited": _("Invited"),
    "to-verify": _("To verify"),
    "expiring": _("Expires within 28 days"),
    "expired": _("Expired"),
    "locked": _("Locked"),
    "unconfirmed": _("Test not confirmed"),
    "deactivated": _("Deactivated"),
}


def listed(user: User, status: str, now: datetime) -> UserQuerySet | InvitationQuerySet:
    """Return the people of one status, or who was invited and has not come, also those whose time ran out."""
    if status == "invited":
        return visible_invitations(user, now).unanswered().select_related("invited_by")
    return in_status(visible_people(user, now), status, now)


def in_status(people: UserQuerySet, status: str, now: datetime) -> UserQuerySet:
    """Return the people of one status, or everybody, by name, with the day until which a credential counts."""
    today = now.date()
    narrowed = {
        "active": people.active,
        "deactivated": people.inactive,
        "locked": lambda: people.locked(now),
        "unconfirmed": lambda: people.unconfirmed(now),
        "to-verify": lambda: people.to_verify(today),
        "expired": lambda: people.lapsed(today),
        "expiring": lambda: people.expiring(today, today + WARN_BEFORE),
    }.get(status, people.all)
    return narrowed().with_credential().with_lock(now).order_by("name", "pk")


def to_do(user: User, now: datetime) -> dict[str, Any]:
    """Return what waits for an admin: whom to verify, renew, unlock, ask; flags nobody answers; being the only one."""
    people = visible_people(user, now)
    waiting = ("to-verify", "expiring", "locked", "unconfirmed")
    numbers = {name.replace("-", "_"): in_status(people, name, now).count() for name in waiting}
    return numbers | {
        "unattended": unattended_since(user, now),
        "unread": unattended(user, now),
        "practiceless": not visible_hooks(user, now).exists(),
        "alone": people.active().admins().count() == 1,
    }
