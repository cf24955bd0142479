"""Letting a practitioner read a diary, and no longer."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from diary.actions.audit import record_event
from diary.models import Event, Practitioner, Share, User
from diary.permissions import can_read_diary, can_revoke, can_share, require

SAME_LOOK = timedelta(minutes=5)


class UnknownCode(Exception):
    """No practitioner has this spoken code."""


class AlreadyShared(Exception):
    """A share with this address stands already."""


def grant(
    *,
    by: User,
    now: datetime,
    address: str = "",
    code: str = "",
    with_notes: bool = True,
    with_intake: bool = True,
    expires_at: datetime | None = None,
) -> Share:
    """Share a diary with the practitioner of an exact address or of a spoken code.

    An address that nobody here answers to makes a share all the same, so that the answer tells nothing about who
    works here. Raises UnknownCode, AlreadyShared.
    """
    require(can_share(by))
    practitioner = by_code(code) if code else by_address(address)
    share = Share(
        patient=by,
        practitioner=practitioner,
        address=practitioner.email if practitioner else User.objects.spelled(address),
        named=bool(code),
        with_notes=with_notes,
        with_intake=with_intake,
        granted_at=now,
        expires_at=expires_at,
    )
    try:
        return save_granted(share, by=by, now=now)
    except IntegrityError:
        raise AlreadyShared from None


@transaction.atomic
def save_granted(share: Share, *, by: User, now: datetime) -> Share:
    # An expired share still holds its address: it ends here, so that the diary can be shared again.
    Share.objects.filter(patient=by, address=share.address, revoked_at=None, expires_at__lte=now).update(revoked_at=now)
    share.save()
    record_event(by=by, now=now, stream=by.pk, verb="share-granted", subject=share.pk, new=share.address)
    return share


def by_code(code: str) -> User:
    """Return the practitioner of a spoken code, however it was typed. Raises UnknownCode."""
    letters = "".join(filter(str.isalnum, code.upper()))
    spelled = f"{letters[:4]}-{letters[4:]}"
    practitioner = Practitioner.objects.filter(spoken_code=spelled).select_related("user").first()
    if practitioner is None:
        raise UnknownCode
    return practitioner.user


def by_address(address: str) -> User | None:
    return User.objects.filter(email=User.objects.spelled(address), role=User.Role.PRACTITIONER).first()


@transaction.atomic
def revoke(*, by: User, now: datetime, share: Share) -> None:
    """End a share: the practitioner's next request is answered as if the diary did not exist."""
    require(can_revoke(by, share))
    if Share.objects.filter(pk=share.pk, revoked_at=None).update(revoked_at=now):
        record_event(by=by, now=now, stream=by.pk, verb="share-revoked", subject=share.pk, old=share.address)


@transaction.atomic
def look(*, by: User, now: datetime, patient: User) -> None:
    """Note that a person other than the patient is reading the diary. Called before anything of it is shown.

    A page and what it fetches are one look: so is whatever the same person opens within minutes.
    """
    require(can_read_diary(by, patient, now))
    looked = Event.objects.about(patient.pk).reads().filter(actor=str(by.pk), at__gt=now - SAME_LOOK)
    if not looked.exists():
        record_event(by=by, now=now, stream=patient.pk, verb="diary-read")
