"""The seeds of second steps as they lie in the database: sealed, and sealed anew where the key has changed."""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import QuerySet

from diary import seals

SEEDS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}
"""Where each kind keeps its seed. A passkey has none: what is kept of it is public."""


def unreadable() -> int:
    """Return how many second steps no key in force opens: nobody can sign in with them."""
    return sum(seals.unseal(step.data[SEEDS[step.type]]) is None for step in with_seeds())


@transaction.atomic
def reseal() -> tuple[int, int]:
    """Seal every seed with the present key; return how many were, and how many no key in force opens."""
    resealed, unread = 0, 0
    for step in with_seeds().select_for_update():
        name = SEEDS[step.type]
        sealed = seals.reseal(step.data[name])
        if sealed is None:
            unread += 1
            continue
        Authenticator.objects.filter(pk=step.pk).update(data=step.data | {name: sealed})
        resealed += 1
    return resealed, unread


def with_seeds() -> QuerySet[Authenticator]:
    steps: QuerySet[Authenticator] = Authenticator.objects.filter(type__in=SEEDS)
    return steps
