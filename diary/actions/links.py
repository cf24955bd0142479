"""Letting a second reader without an account open chosen parts of a diary, by a link that ends."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F

from diary.actions.audit import record_event
from diary.actions.diaries import hold
from diary.models import Event, Link, User
from diary.permissions import can_end, can_share, require

USUALLY_LASTS = timedelta(days=14)
LONGEST = timedelta(days=90)


class LastsTooLong(Exception):
    """A link is to open something for longer than `LONGEST`, or ends before it begins."""


@dataclass(frozen=True, slots=True)
class Made:
    """A link with the secret that opens it, which is shown once and kept only as its digest."""

    link: Link
    token: str


@transaction.atomic
def make(
    *,
    by: User,
    now: datetime,
    reader: str,
    parts: set[str],
    first_day: date,
    last_day: date | None = None,
    expires_at: datetime | None = None,
) -> Made:
    """Make a link to the parts of a patient's own diary that are named (`models.links.PARTS`), and to these days.

    Raises LastsTooLong.
    """
    require(can_share(by))
    expires_at = expires_at or now + USUALLY_LASTS
    if not now < expires_at <= now + LONGEST:
        raise LastsTooLong
    token = secrets.token_urlsafe(32)
    link = Link(patient=by, reader=reader, token_digest=digest(token), made_at=now, expires_at=expires_at)
    link.first_day, link.last_day = first_day, last_day
    hold(by)
    choose(link, parts)
    link.save()
    record_event(by=by, now=now, stream=by.pk, verb="link-made", subject=link.pk, new=sorted(parts))
    return Made(link, token)


def choose(link: Link, parts: set[str]) -> None:
    link.with_scores, link.with_sessions = "scores" in parts, "sessions" in parts
    link.with_flags, link.with_signs = "flags" in parts, "signs" in parts
    link.with_notes, link.with_intake = "notes" in parts, "intake" in parts


@transaction.atomic
def revoke(*, by: User, now: datetime, link: Link) -> None:
    """End a link: from now on it opens nothing."""
    require(can_end(by, link))
    if Link.objects.filter(pk=link.pk, revoked_at=None).update(revoked_at=now):
        record_event(by=by, now=now, stream=by.pk, verb="link-revoked", subject=link.pk)


@transaction.atomic
def open_by(token: str, *, by: User | None, now: datetime) -> Link | None:
    """Open what a secret opens, noted before anything is shown; None where it opens nothing, whatever the reason.

    `by` is who has signed in in this browser. A patient who tries their own link is noted as themselves; whoever else
    it is, as the reader for whom the link was made: more is not known.
    """
    link = Link.objects.live(now).select_related("patient").filter(token_digest=digest(token)).first()
    if link is None:
        return None
    if by is not None and by.pk == link.patient_id:
        record_event(by=by, now=now, stream=by.pk, verb="link-tried", subject=link.pk)
        return link
    Link.objects.filter(pk=link.pk).update(opened_at=now, openings=F("openings") + 1)
    Event.objects.append(now, str(link.pk), link.reader, str(link.patient_id), "link-opened", str(link.pk), "", "")
    return link


def digest(token: str) -> str:
    """Return how a secret is kept."""
    return hashlib.sha256(token.encode()).hexdigest()
