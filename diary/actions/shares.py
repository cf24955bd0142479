"""Letting a practitioner read a diary, and no longer."""

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from diary.actions import flags
from diary.actions.audit import record_event
from diary.actions.diaries import hold
from diary.models import Event, Practitioner, Share, User
from diary.permissions import can_change_share, can_read_diary, can_share, has_hours, read_for, require

SAME_LOOK = timedelta(minutes=5)


class UnknownCode(Exception):
    """No practitioner has this spoken code."""


class NoReadingHours(Exception):
    """The practitioner of a spoken code has not said when they read."""


class AlreadyShared(Exception):
    """A share with this address stands already."""


@transaction.atomic
def grant(
    *,
    by: User,
    now: datetime,
    address: str = "",
    code: str = "",
    with_notes: bool = True,
    with_intake: bool = True,
    with_cover: bool = True,
    expires_at: datetime | None = None,
) -> Share:
    """Share a diary with the practitioner of an exact address or of a spoken code.

    A code names its practitioner, so it also says where they have not told when they read: then nothing is shared.
    An address that nobody here answers to, or somebody without reading hours, makes a share all the same, so that the
    answer tells nothing about who works here; it waits. Raises UnknownCode, NoReadingHours, AlreadyShared.
    """
    practitioner = by_code(code) if code else by_address(address)
    if practitioner and code and not has_hours(practitioner):
        raise NoReadingHours
    chosen = {"with_notes": with_notes, "with_intake": with_intake, "with_cover": with_cover, "expires_at": expires_at}
    return grant_to(by=by, now=now, practitioner=practitioner, address=address, named=bool(code), **chosen)


def grant_to(
    *, by: User, now: datetime, practitioner: User | None, address: str = "", named: bool = True, **chosen: Any
) -> Share:
    """Share a diary with a practitioner known already, or with whoever an address belongs to. Raises AlreadyShared."""
    require(can_share(by))
    held = Share.objects.live(now).filter(patient=by, practitioner=practitioner, named=True)
    if named and held.exists():  # under another address, which has changed since: ended once, it would go on
        raise AlreadyShared
    share = Share(
        patient=by,
        practitioner=practitioner,
        address=practitioner.email if practitioner else User.objects.spelled(address),
        named=named,
        granted_at=now,
        **chosen,
    )
    try:
        return save_granted(share, by=by, now=now)
    except IntegrityError:
        raise AlreadyShared from None


@transaction.atomic
def save_granted(share: Share, *, by: User, now: datetime) -> Share:
    hold(by)  # what is being written in the diary at this moment is told of below, or tells this reader itself
    # An expired share still holds its address: it ends here, so that the diary can be shared again. So does one that
    # was typed before its owner was here, which nobody reads, once they are known by a code or an invitation.
    over = Q(expires_at__lte=now) | (Q(practitioner=None) if share.named else Q())
    Share.objects.filter(over, patient=by, address=share.address, revoked_at=None).update(revoked_at=now)
    share.save()
    record_event(by=by, now=now, stream=by.pk, verb="share-granted", subject=share.pk, new=share.address)
    if share.practitioner:
        flags.tell_reader(share.practitioner, by, now)
    return share


def by_code(code: str) -> User:
    """Return the practitioner of a spoken code, however it was typed. Raises UnknownCode.

    Whose account is closed, or who treats no more, has none: a diary shared with them would be read by nobody. They are
    held: whoever closes their account at this moment waits, and is asked who takes over.
    """
    letters = "".join(filter(str.isalnum, code.upper()))
    at_work = Practitioner.objects.filter(user__is_active=True, user__role=User.Role.PRACTITIONER)
    named = at_work.filter(spoken_code=f"{letters[:4]}-{letters[4:]}").select_related("user")
    practitioner = named.select_for_update(of=("user",), no_key=True).first()
    if practitioner is None:
        raise UnknownCode
    return practitioner.user


def by_address(address: str) -> User | None:
    return User.objects.filter(email=User.objects.spelled(address), role=User.Role.PRACTITIONER).first()


@transaction.atomic
def revoke(*, by: User, now: datetime, share: Share) -> None:
    """End a share: the practitioner's next request is answered as if the diary did not exist."""
    require(can_change_share(by, share))
    # Asked for and changed in one statement: pressed in two tabs at once, it ends once, with one event.
    if Share.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=now):
        record_event(by=by, now=now, stream=by.pk, verb="share-revoked", subject=share.pk, old=share.address)


@transaction.atomic
def let_cover(*, by: User, now: datetime, share: Share, allowed: bool) -> None:
    """Let a colleague read in the place of a share's practitioner, or no longer."""
    require(can_change_share(by, share))
    if Share.objects.live(now).filter(pk=share.pk, with_cover=not allowed).update(with_cover=allowed):
        verb = "cover-allowed" if allowed else "cover-refused"
        record_event(by=by, now=now, stream=by.pk, verb=verb, subject=share.pk, new=share.address)


@transaction.atomic
def look(*, by: User, now: datetime, patient: User) -> None:
    """Note that a person other than the patient is reading the diary. Called before anything of it is shown.

    A page and what it fetches are one look: so is whatever the same person opens within minutes. Who stands in for
    another is noted as such.
    """
    require(can_read_diary(by, patient, now))
    looked = Event.objects.about(patient.pk).reads().filter(actor=str(by.pk), at__gt=now - SAME_LOOK)
    if not looked.exists():
        absent = read_for(by, patient, now)
        said = {"subject": absent.pk, "new": absent.name} if absent else {}
        record_event(by=by, now=now, stream=patient.pk, verb="diary-read", **said)
