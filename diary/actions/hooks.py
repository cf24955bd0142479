"""Where a practice's own system is told that something waits."""

from datetime import datetime

from django.db import transaction

from diary.actions.audit import record_event
from diary.models import Hook, Practice, User
from diary.permissions import can_set_hook, require


@transaction.atomic
def save(*, by: User, now: datetime, practice: Practice, url: str) -> str:
    """Set where a practice is called, and return the new secret with which calls are signed; an old one ends."""
    require(can_set_hook(by))
    hook, _ = Hook.objects.update_or_create(practice=practice, defaults={"url": url, "renewed_at": now})
    record_event(by=by, now=now, stream=by.pk, verb="hook-saved", subject=practice.pk, new=url)
    secret: str = hook.secret
    return secret


@transaction.atomic
def close(*, by: User, now: datetime, practice: Practice) -> None:
    """Call a practice no more."""
    require(can_set_hook(by))
    if Hook.objects.filter(practice=practice).delete()[0]:
        record_event(by=by, now=now, stream=by.pk, verb="hook-closed", subject=practice.pk)
