"""Accounts: invited, accepted, verified, deactivated."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import F, Q

from diary.actions import consents, reminders, shares
from diary.actions.audit import record_event
from diary.actions.diaries import hold
from diary.actions.handovers import Handover, hand_over
from diary.consenting import Agreement, current
from diary.models import Credential, Diary, Intake, Invitation, Practice, Practitioner, ReminderPlan, Share, User
from diary.permissions import can_agree, can_invite, can_manage_people, can_revoke_invitation, require

CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1: they are misheard and misread
INVITATION_LASTS = timedelta(days=14)


class AddressTaken(Exception):
    """An account with this address exists."""


class InvitationUsed(Exception):
    """The invitation was accepted, revoked or has expired meanwhile."""


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with the two secrets that open it; they are shown once and kept only as digests."""

    invitation: Invitation
    token: str
    code: str


@transaction.atomic
def invite(
    *, by: User, now: datetime, email: str, role: str, name: str = "", practice: Practice | None = None
) -> Invited:
    """Invite a person by address into a role; a practitioner invites patients into their own practice."""
    require(can_invite(as_of_now(by), role, now))
    token, code = secrets.token_urlsafe(32), spoken_code()
    invitation = Invitation.objects.create(
        token_digest=digest(token),
        code_digest=digest(code),
        email=User.objects.spelled(email),
        name=name,
        role=role,
        practice=by.practitioner.practice if by.is_practitioner else practice,
        invited_by=by,
        created_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    record_event(by=by, now=now, stream=by.pk, verb="invited", subject=invitation.pk, new=role)
    return Invited(invitation, token, code)


@transaction.atomic
def resend(*, by: User, now: datetime, invitation: Invitation) -> Invited:
    """Give an invitation that nobody has used new secrets and new time; the old link and code open nothing any more.

    Raises InvitationUsed.
    """
    by = as_of_now(by)
    require(can_revoke_invitation(by, invitation) and can_invite(by, invitation.role, now))
    token, code = secrets.token_urlsafe(32), spoken_code()
    new = {"token_digest": digest(token), "code_digest": digest(code), "expires_at": now + INVITATION_LASTS}
    if not Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(**new):
        raise InvitationUsed
    record_event(by=by, now=now, stream=by.pk, verb="invitation-resent", subject=invitation.pk)
    invitation.refresh_from_db()
    return Invited(invitation, token, code)


def spoken_code() -> str:
    letters = "".join(secrets.choice(CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def digest(secret: str) -> str:
    """Return how a token or a spoken code is kept, however the code was typed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invitation_by_token(token: str, *, now: datetime) -> Invitation | None:
    return Invitation.objects.usable(now).filter(token_digest=digest(token)).first()


def invitation_by_code(code: str, *, now: datetime) -> Invitation | None:
    letters = "".join(filter(str.isalnum, code.upper()))
    return Invitation.objects.usable(now).filter(code_digest=digest(f"{letters[:4]}-{letters[4:]}")).first()


def accept(
    *,
    now: datetime,
    invitation: Invitation,
    name: str,
    password: str | None,
    time_zone: str = "UTC",
    language: str = "en",
    agreed: Agreement | None = None,
) -> User:
    """Make the account that an invitation promises; a patient's diary is shared with the practitioner who invited.

    `agreed` is the text that a patient has read, by default the current one in their language. Without a password
    nobody can sign in with one. Raises AddressTaken, InvitationUsed.
    """
    said = {"name": name, "password": password, "time_zone": time_zone, "language": language}
    try:
        return accept_new(now, invitation, agreed or current(language), **said)
    except IntegrityError:
        raise AddressTaken from None


@transaction.atomic
def accept_new(now: datetime, invitation: Invitation, agreed: Agreement, **fields: str | None) -> User:
    if not Invitation.objects.usable(now).filter(pk=invitation.pk).update(accepted_at=now):
        raise InvitationUsed
    user = User.objects.create_user(email=invitation.email, role=invitation.role, date_joined=now, **fields)
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record_event(by=user, now=now, stream=user.pk, verb="joined", subject=invitation.pk, new=user.role)
    furnish(user, invitation, agreed, now)
    return user


def furnish(user: User, invitation: Invitation, agreed: Agreement, now: datetime) -> None:
    """Give a new account what its role needs."""
    if user.is_practitioner and invitation.practice:  # the database lets no practitioner be invited without one
        Practitioner.objects.create(user=user, practice=invitation.practice, spoken_code=spoken_code())
    if user.is_patient:
        Diary.objects.create(patient=user)
        Intake.objects.create(patient=user)
        ReminderPlan.objects.create(patient=user, look_at=now)
        consents.give(by=user, now=now, agreed=agreed)
    if invitation.shares:
        shares.grant_to(by=user, now=now, practitioner=invitation.invited_by, with_cover=True)


@transaction.atomic
def agree(*, by: User, now: datetime, invitation: Invitation) -> Share:
    """Let the practitioner who invited read the diary that somebody keeps already; nothing else of it changes.

    The account stays whose it was, with its own address: `accepted_by` is for accounts that an invitation made, and
    the event says who agreed. Raises InvitationUsed, AlreadyShared.
    """
    require(can_agree(by, invitation))
    hold(by)  # before the invitation, as whoever deletes the diary does
    if not Invitation.objects.usable(now).filter(pk=invitation.pk).update(accepted_at=now):
        raise InvitationUsed
    record_event(by=by, now=now, stream=by.pk, verb="invitation-agreed", subject=invitation.pk)
    return shares.grant_to(by=by, now=now, practitioner=invitation.invited_by, with_cover=True)


@transaction.atomic
def revoke_invitation(*, by: User, now: datetime, invitation: Invitation) -> bool:
    """Take an invitation back, and tell whether it was; one that was accepted meanwhile stays accepted."""
    require(can_revoke_invitation(by, invitation))
    revoked = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(revoked_at=now)
    if revoked:
        record_event(by=by, now=now, stream=by.pk, verb="invitation-revoked", subject=invitation.pk)
    return bool(revoked)


@transaction.atomic
def verify(
    *,
    by: User,
    now: datetime,
    practitioner: Practitioner,
    board: str,
    number: str,
    expires_on: date,
    evidence: str = "",
) -> Credential:
    """Note that an admin has checked a practitioner's credential at its source today; said twice, it is noted once.

    Nobody checks their own, who treated before and may again.
    """
    require(can_manage_people(by) and by.pk != practitioner.pk)
    Practitioner.objects.select_for_update().get(pk=practitioner.pk)
    said = {"board": board, "number": number, "expires_on": expires_on, "evidence": evidence}
    said |= {"practitioner": practitioner, "checked_on": now.date(), "checked_by": by}
    credential = Credential.objects.filter(**said).first()
    if credential is None:
        credential = Credential.objects.create(**said)
        record_event(by=by, now=now, stream=practitioner.pk, verb="credential-verified", subject=credential.pk)
    return credential


@transaction.atomic
def deactivate(*, by: User, now: datetime, user: User, handover: Handover | None = None) -> None:
    """Close an account: its next request is anonymous. Nothing of it is deleted.

    Of a practitioner with whom patients share, who takes over is said first. Raises HandoverNeeded.
    """
    require(still_manages(by, user) and user != by)
    hand_over(by=by, now=now, practitioner=user, handover=handover)
    set_active(user, False, by=by, now=now, verb="deactivated")
    end_invitations(by=by, now=now, inviter=user)


@transaction.atomic
def activate(*, by: User, now: datetime, user: User) -> None:
    """Open a deactivated account again; sessions that were ended stay ended."""
    require(can_manage_people(by))
    set_active(user, True, by=by, now=now, verb="activated")


def set_active(user: User, active: bool, *, by: User, now: datetime, verb: str) -> None:
    if User.objects.filter(pk=user.pk, is_active=not active).update(is_active=active):
        end_sessions(user)
        record_event(by=by, now=now, stream=user.pk, verb=verb)


def end_invitations(*, by: User, now: datetime, inviter: User) -> None:
    """Let the time of an admin's open invitations into the staff run out: they would be a way back in.

    They stay on the list of who was invited, to be sent again by somebody who may.
    """
    theirs = Invitation.objects.unanswered().filter(invited_by=inviter, expires_at__gt=now)
    if ended := theirs.exclude(role=User.Role.PATIENT).update(expires_at=now):
        record_event(by=by, now=now, stream=inviter.pk, verb="invitations-ended", new=ended)


def still_manages(by: User, user: User) -> bool:
    """Tell whether somebody is an admin at this very moment, and keep it so until the end of the transaction.

    Nobody closes or demotes themselves, so one admin is always left: unless two did it to each other at once. And of
    two practitioners who go at once each would be passed on to the other. So whoever is closed or given another role
    is one after another: all admins and who it is done to are locked, in one order for everybody, and `user` is as
    they are now.
    """
    all_admins = Q(is_active=True, role=User.Role.ADMIN)
    held = User.objects.filter(all_admins | Q(pk=user.pk)).order_by("pk").select_for_update(no_key=True)
    found = {person.pk: person for person in held}
    if not found.keys() >= {by.pk, user.pk}:
        return False
    user.role, user.is_active = found[user.pk].role, found[user.pk].is_active
    return can_manage_people(found[by.pk])


def as_of_now(by: User) -> User:
    """Return a person as they are at this very moment, not to be closed or demoted until the transaction ends.

    Whoever closes an admin ends what they have invited; what is invited meanwhile would be left.
    """
    return User.objects.select_for_update(no_key=True).get(pk=by.pk)


def end_sessions(user: User) -> None:
    """Sign a person out everywhere: each session is over at its next request."""
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)


@transaction.atomic
def save_settings(*, by: User, now: datetime, name: str, time_zone: str, language: str) -> None:
    """Save how a person is called and in which zone and language they read; reminders wait for no morning elsewhere."""
    # Of nobody whose account was deleted at this moment: their name would stand in the audit again.
    require(bool(User.objects.filter(pk=by.pk).update(name=name, time_zone=time_zone, language=language)))
    reminders.wake(by, now=now)
    record_event(by=by, now=now, stream=by.pk, verb="settings-saved")
