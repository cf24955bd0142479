"""Telling the demo from everything else, and removing it."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, QuerySet

from diary.demo.people import DOMAIN
from diary.models import Credential, Event, Flag, Invitation, Message, Note, Practice, Share, Tallying, User


class StillNeeded(Exception):
    """Something that is not of the demo rests on a person of the demo."""


def people() -> QuerySet[User]:
    """Return everybody of the demo: their addresses end in a domain that nobody can have."""
    return User.objects.filter(email__endswith=f"@{DOMAIN}")


def is_there() -> bool:
    return people().exists()


def is_alone() -> bool:
    """Tell whether there is nobody but the demo's people, if anybody at all."""
    return not User.objects.exclude(pk__in=people()).exists()


@transaction.atomic
def remove() -> int:
    """Remove the demo's people and everything of theirs, and nothing else; return how many people they were.

    Raises StillNeeded, with nothing removed, where somebody else's rows would go with them.
    """
    if Share.objects.filter(practitioner__in=people()).exclude(patient__in=people()).exists():
        raise StillNeeded
    try:
        return remove_in_order()
    except ProtectedError:
        raise StillNeeded from None


def remove_in_order() -> int:
    """Delete what holds on to others before what it holds on to."""
    ids = list(people().values_list("pk", flat=True))
    practices = list(Practice.objects.filter(practitioners__in=ids).values_list("pk", flat=True))
    theirs: tuple[QuerySet[Any], ...] = (
        Event.objects.filter(stream__in=map(str, ids)),
        Flag.objects.filter(patient__in=ids),
        Message.objects.filter(patient__in=ids),
        Note.objects.filter(patient__in=ids),
        Invitation.objects.filter(invited_by__in=ids),
        Credential.objects.filter(practitioner__in=ids),
        User.objects.filter(pk__in=ids),
        Practice.objects.filter(pk__in=practices, practitioners=None),
        Tallying.objects.all(),  # the audit is shorter now: it is followed from its first line again
    )
    for rows in theirs:
        rows.delete()
    return len(ids)
