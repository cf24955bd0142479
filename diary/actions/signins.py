"""Signing in: how often it may be tried, from where it was done before, and telling people of what they should know."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.crypto import salted_hmac

from diary.actions import notifications
from diary.actions.audit import record_event
from diary.models import Tries, User
from diary.permissions import can_manage_people, require

DAY, PAUSE = timedelta(days=1), timedelta(minutes=5)
A_DAY, A_PAUSE = 20, 5
A_DAY_FROM_A_KNOWN_DEVICE = 10
AT_ONCE = 1000


class TooManyTries(Exception):
    """No further try is allowed now."""


@dataclass(frozen=True, slots=True)
class Try:
    """One counted try; it is taken back if the password was right."""

    who: str
    at: float
    device: str


@transaction.atomic
def count_try(*, now: datetime, email: str, devices: Mapping[str, str] | None = None) -> Try:
    """Count a try at an address before its password is looked at. Raises TooManyTries.

    At most 20 a day and 5 in 5 minutes, wherever they come from; a device from which the account was signed in to
    before, one of `devices` by the account's id, has a count of its own. The same is done for an address that nobody
    here has, so that the answer and the time it takes tell nothing.
    """
    email = User.objects.spelled(email)
    user = User.objects.filter(email=email).select_for_update(no_key=True).first()  # not one who is being deleted
    device = (devices or {}).get(str(user.pk) if user else "", "")
    Tries.objects.filter(last_at__lt=now - DAY).delete()
    who = salted_hmac("diary.tries", f"{email} {device}", algorithm="sha256").hexdigest()
    new = {"user": user, "device": device, "last_at": now}
    row, _ = Tries.objects.select_for_update().get_or_create(who=who, defaults=new)
    lately = [at for at in row.at if at > (now - DAY).timestamp()]
    if not allowed(lately, now, A_DAY_FROM_A_KNOWN_DEVICE if device else A_DAY):
        raise TooManyTries
    save(row, [*lately, now.timestamp()], now)
    return Try(who, now.timestamp(), device)


def allowed(lately: list[float], now: datetime, a_day: int) -> bool:
    pause = (now - PAUSE).timestamp()
    return len(lately) < a_day and sum(at > pause for at in lately) < A_PAUSE


def save(row: Tries, lately: list[float], now: datetime) -> None:
    """Keep the tries, and until when they lock; who is locked out is told once."""
    row.at, row.last_at, row.locked_until = lately, now, None
    if not row.device and len(lately) >= A_DAY:
        row.locked_until = datetime.fromtimestamp(lately[-A_DAY], now.tzinfo) + DAY
    row.save()


@transaction.atomic
def take_back(one: Try) -> None:
    """Uncount a try whose password was right."""
    row = Tries.objects.select_for_update().filter(who=one.who).first()
    if row and one.at in row.at:
        row.at.remove(one.at)
        row.locked_until = None
        row.save()


@transaction.atomic
def unlock(*, by: User, now: datetime, user: User) -> None:
    """Let a person whose account was tried too often sign in again at once."""
    require(can_manage_people(by))
    forget_tries(user)
    record_event(by=by, now=now, stream=user.pk, verb="unlocked")


def forget_tries(user: User) -> None:
    """Begin the count of an account anew, as after a new password by mail."""
    Tries.objects.filter(user=user).delete()


def new_device() -> str:
    return secrets.token_hex(16)


@transaction.atomic
def note(*, now: datetime, user: User, kind: str) -> None:
    """Note what changed about a person's way in, and tell them by mail: it may not have been them."""
    record_event(by=user, now=now, stream=user.pk, verb=kind)
    tell(now=now, user=user, kind=kind)


def tell(*, now: datetime, user: User, kind: str) -> None:
    notifications.queue(to=user, kind=kind, key=now.isoformat(), now=now)


@transaction.atomic
def let_go(*, now: datetime) -> int:
    """Let go of sign-ins that have run out, and of what was held in them: where from, and a form that was typed."""
    over = Session.objects.filter(expire_date__lte=now).order_by("expire_date")
    keys = list(over.values_list("pk", flat=True)[:AT_ONCE])
    # In the order in which whoever deletes their account does: each would wait for the other.
    Session.objects.filter(pk__in=keys, expire_date__lte=now).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
