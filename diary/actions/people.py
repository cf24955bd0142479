"""What an admin does with an account besides opening and closing it: its role, its second step."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from diary.actions import signins
from diary.actions.accounts import end_invitations, end_sessions, spoken_code, still_manages
from diary.actions.audit import record_event
from diary.actions.handovers import Handover, hand_over
from diary.models import Practice, Practitioner, User
from diary.permissions import can_change_role, can_manage_people, require


class PracticeNeeded(Exception):
    """Who treats belongs to a practice: patients are given its numbers."""


@transaction.atomic
def change_role(
    *,
    by: User,
    now: datetime,
    user: User,
    role: str,
    practice: Practice | None = None,
    handover: Handover | None = None,
) -> None:
    """Make a practitioner an admin or the other way round; their sessions end and they are told.

    Patients stay patients: a diary has no place in an account that reads others' or runs the accounts. Who
    takes over from a practitioner is said first. Raises PracticeNeeded, HandoverNeeded.
    """
    before = user.role
    require(still_manages(by, user))
    if user.role == role != before:  # given at this very moment: pressed twice, or by another admin
        return
    require(can_change_role(by, user, role))
    hand_over(by=by, now=now, practitioner=user, handover=handover)
    if role == User.Role.PRACTITIONER and not Practitioner.objects.filter(pk=user.pk).exists():
        engage(user, practice)
    User.objects.filter(pk=user.pk).update(role=role)
    end_sessions(user)
    end_invitations(by=by, now=now, inviter=user)
    record_event(by=by, now=now, stream=user.pk, verb="role-changed", old=user.role, new=role)
    signins.tell(now=now, user=user, kind="role-changed")


def engage(user: User, practice: Practice | None) -> None:
    if practice is None:
        raise PracticeNeeded
    Practitioner.objects.create(user=user, practice=practice, spoken_code=spoken_code())


@transaction.atomic
def sign_out(*, by: User, now: datetime, user: User) -> None:
    """End every session and every token of a person, whose device may be in other hands; they sign in anew."""
    require(can_manage_people(by) and user != by)
    end_sessions(user)
    record_event(by=by, now=now, stream=user.pk, verb="signed-out")


@transaction.atomic
def reset(*, by: User, now: datetime, user: User) -> None:
    """Take a lost second step off an account, end its sessions, tell its owner; staff set up a new one at sign-in."""
    require(can_manage_people(by) and user != by)
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user)
    record_event(by=by, now=now, stream=user.pk, verb="second-step-reset")
    signins.tell(now=now, user=user, kind="second-step-removed")
