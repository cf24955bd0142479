"""Letting an app or a device read in one's place, and no longer."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.crypto import constant_time_compare

from diary.actions import signins
from diary.actions.audit import record_event
from diary.models import Token, User
from diary.permissions import can_add_token, can_revoke_token, require

PREFIX = "settle_"  # so that a scanner for lost secrets knows one when it sees it
MOST = 10
LONGEST = timedelta(days=366)
NOTED_EVERY = timedelta(minutes=1)


class TooManyTokens(Exception):
    """So many are enough: one that is not used any more goes first."""


@transaction.atomic
def add(*, by: User, now: datetime, name: str, scope: str, lasts: timedelta) -> str:
    """Return a new secret, which is shown once and kept as its digest; its owner is told by mail.

    Raises TooManyTokens.
    """
    require(can_add_token(by, scope) and timedelta(0) < lasts <= LONGEST)
    held = User.objects.select_for_update().filter(pk=by.pk).first()
    if held is None:  # an account that was deleted at this moment
        raise PermissionDenied
    # What a new password or another role has ended stands on no list: nobody could end it to make room.
    if sum(map(is_sealed, Token.objects.filter(user=held).live(now).select_related("user"))) >= MOST:
        raise TooManyTokens
    text = PREFIX + secrets.token_urlsafe(32)
    # With what the session that asks agreed with: where it was ended a moment ago, the token opens nothing either.
    kept = {"digest": digest(text), "seal": by.get_session_auth_hash()}
    Token.objects.create(user=held, name=name, scope=scope, created_at=now, expires_at=now + lasts, **kept)
    record_event(by=by, now=now, stream=by.pk, verb="token-added", new=scope)
    signins.tell(now=now, user=by, kind="token-added")
    return text


@transaction.atomic
def revoke(*, by: User, now: datetime, token: Token) -> None:
    """End a token: its next request is refused."""
    require(can_revoke_token(by, token))
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        record_event(by=by, now=now, stream=by.pk, verb="token-revoked", old=token.scope)


def opened(text: str, *, now: datetime) -> Token | None:
    """Return the token of a secret; None where it was revoked, ran out, or its owner's way in has changed since."""
    token = Token.objects.live(now).select_related("user").filter(digest=digest(text)).first()
    return token if token and is_sealed(token) else None


def is_sealed(token: Token) -> bool:
    """Tell whether a token's owner still has the password and the role that they had when it was made."""
    seals = [token.user.get_session_auth_hash(), *token.user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(token.seal, seal) for seal in seals)


def use(token: Token, *, now: datetime) -> None:
    """Note that a token was used, to the minute."""
    if token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
