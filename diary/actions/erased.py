"""Who was erased stays erased: a list beside the database, applied again to whatever an old backup brings back.

A line is a moment and a mark. The mark is a digest of an account's number and of the moment it was made: it says
nothing of the person, and no other account will ever have it, though numbers are given anew after a restore.
"""

import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q

from diary.actions.audit import record_event
from diary.models import Event, Flag, Invitation, User

ERASED = "erased"


def mark_of(user: User) -> str:
    """Return what stands for an account on the list."""
    return hashlib.sha256(f"{user.pk} {user.date_joined.astimezone(UTC).isoformat()}".encode()).hexdigest()


def note(user: User, *, by: User | None, now: datetime) -> None:
    """Note that an account is being erased; call it inside the transaction that does so.

    The audit's line commits with the erasure. The list's is written after it; one that a crash kept from being
    written is taken from the audit when a backup is made or restored.
    """
    mark = mark_of(user)
    record_event(by=by, now=now, stream=ERASED, verb="account-erased", subject=mark, new=str(user.pk))
    transaction.on_commit(lambda: append({mark: now}))


def append(marks: dict[str, datetime]) -> None:
    """Add lines to the list and wait for the disk; a line is never changed or taken away."""
    path = Path(settings.ERASED_LIST)
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "w") as file:
        file.writelines(f"{at.astimezone(UTC).isoformat()} {mark}\n" for mark, at in marks.items())
        file.flush()
        os.fsync(file.fileno())


def listed() -> set[str]:
    """Return the marks on the list."""
    path = Path(settings.ERASED_LIST)
    return {line.split()[1] for line in path.read_text().splitlines() if " " in line} if path.exists() else set()


def gather() -> None:
    """Add to the list what only the audit of this database knows."""
    known = listed()
    events = Event.objects.about(ERASED).filter(verb="account-erased").values_list("subject", "at")
    append({mark: at for mark, at in events if mark not in known})


def reapply(erase: Callable[[User], None], *, now: datetime) -> int:
    """Erase again everybody of this database who is on the list; return how many they were."""
    marks = listed()
    back = [user for user in User.objects.all() if mark_of(user) in marks]
    for user in back:
        with transaction.atomic():
            said = {"subject": mark_of(user), "new": str(user.pk)}
            record_event(by=None, now=now, stream=ERASED, verb="account-erased", **said)
            erase(user)
    return len(back)


def remove(user: User) -> None:
    """Delete an account with its diary, and every name and text that the audit keeps of it.

    Of the audit remain numbers, verbs and times (docs/adr/0020): that something was read or changed, not whose it was.
    """
    Session.objects.filter(session_key__in=UserSession.objects.filter(user=user).values("session_key")).delete()
    agreed = Event.objects.about(user.pk).filter(verb="invitation-agreed").values_list("subject", flat=True)
    Invitation.objects.filter(Q(accepted_by=user) | Q(email=user.email) | Q(pk__in=[*agreed])).delete()
    in_admin = {"content_type": ContentType.objects.get_for_model(User), "object_id": str(user.pk)}
    LogEntry.objects.filter(**in_admin).update(object_repr="", change_message="")
    Flag.objects.of(user).delete()  # first: it holds on to its session or entry
    key = str(user.pk)
    user.delete()
    # Last: whoever still held something of theirs has ended by now, and what they wrote is taken away with the rest.
    Event.objects.filter(Q(stream=key) | Q(actor=key)).silence()
