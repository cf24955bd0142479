"""Who sees, and who may. The one place that decides either.

Reading is being in a QuerySet: a row outside `visible_*` does not exist for that person. A patient sees their own
rows; a practitioner, once verified, the diaries shared with them, for as long as they are; an admin sees accounts and
never a diary. Writing is asking first: `require(can_x(by, thing))`.
"""

from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from diary.models import (
    Consent,
    Diary,
    Entry,
    Event,
    Flag,
    Intake,
    Invitation,
    Practice,
    Practitioner,
    Share,
    Step,
    TreatmentSession,
    User,
)
from diary.models.consents import ConsentQuerySet
from diary.models.diaries import DiaryQuerySet
from diary.models.entries import EntryQuerySet
from diary.models.events import EventQuerySet
from diary.models.flags import FlagQuerySet
from diary.models.invitations import InvitationQuerySet
from diary.models.practices import PractitionerQuerySet
from diary.models.sessions import TreatmentSessionQuerySet
from diary.models.shares import ShareQuerySet
from diary.models.users import UserQuerySet

Rows = TypeVar("Rows", bound=QuerySet[Any])


def require(allowed: bool) -> None:
    """Raise PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied


# Reading a diary


def within_reach(rows: Rows, user: User, now: datetime, **sections: bool) -> Rows:
    """Narrow the rows of diaries to those this person may read; sections are the parts a share must include."""
    if user.is_patient:
        return rows.filter(patient=user)
    if user.is_practitioner:
        shares = Share.objects.readable_by(user, now).filter(**sections)
        return rows.filter(patient__in=shares.values("patient"))
    return rows.none()


def visible_diaries(user: User, now: datetime) -> DiaryQuerySet:
    return within_reach(Diary.objects.all(), user, now)


def visible_entries(user: User, now: datetime) -> EntryQuerySet:
    return within_reach(Entry.objects.all(), user, now)


def visible_notes(user: User, now: datetime) -> EntryQuerySet:
    """Return the entries whose note this person may read."""
    return within_reach(Entry.objects.exclude(note=""), user, now, with_notes=True)


def visible_sessions(user: User, now: datetime) -> TreatmentSessionQuerySet:
    return within_reach(TreatmentSession.objects.all(), user, now)


def visible_flags(user: User, now: datetime) -> FlagQuerySet:
    return within_reach(Flag.objects.all(), user, now)


def visible_intakes(user: User, now: datetime) -> QuerySet[Intake]:
    return within_reach(Intake.objects.all(), user, now, with_intake=True)


def visible_patients(user: User, now: datetime) -> UserQuerySet:
    """Return the patients whose diary this practitioner may read; for anybody else, nobody."""
    if not user.is_practitioner:
        return User.objects.none()
    return User.objects.active().filter(pk__in=Share.objects.readable_by(user, now).values("patient"))


def visible_shares(user: User, now: datetime) -> ShareQuerySet:
    """Return a patient's own shares, ended ones too; nobody else lists shares."""
    return Share.objects.filter(patient=user) if user.is_patient else Share.objects.none()


def visible_consents(user: User, now: datetime) -> ConsentQuerySet:
    """Return what a patient agreed to, agreements taken back too; nobody else lists them."""
    return Consent.objects.filter(patient=user) if user.is_patient else Consent.objects.none()


def visible_events(user: User, now: datetime) -> EventQuerySet:
    """Return what happened to a patient's own diary: who looked, who wrote."""
    return Event.objects.about(user.pk) if user.is_patient else Event.objects.none()


def visible_practices(user: User, now: datetime) -> QuerySet[Practice]:
    """Return the practices that care for a patient, the latest first, or a practitioner's own."""
    if user.is_practitioner:
        return Practice.objects.filter(practitioners=user.pk)
    shares = Share.objects.live(now).filter(patient=user, practitioner__isnull=False)
    return Practice.objects.filter(practitioners__user__shares_held__in=shares).order_by(
        "-practitioners__user__shares_held__granted_at"
    )


# Reading accounts


def visible_people(user: User, now: datetime) -> UserQuerySet:
    return User.objects.all() if user.is_admin else User.objects.none()


def visible_practitioners(user: User, now: datetime) -> PractitionerQuerySet:
    return Practitioner.objects.all() if user.is_admin else Practitioner.objects.filter(pk=user.pk)


def visible_invitations(user: User, now: datetime) -> InvitationQuerySet:
    """Return every invitation for an admin, a practitioner's own for a practitioner."""
    if user.is_admin:
        return Invitation.objects.all()
    return Invitation.objects.filter(invited_by=user) if user.is_practitioner else Invitation.objects.none()


# Writing


def is_verified(user: User, now: datetime) -> bool:
    """Tell whether a practitioner's credential was checked at its source and has not expired."""
    return Practitioner.objects.verified(now.date()).filter(pk=user.pk).exists()


def reads_diary_of(user: User, patient: User, now: datetime) -> bool:
    return visible_diaries(user, now).filter(patient=patient).exists()


def can_log(user: User) -> bool:
    return user.is_active and user.is_patient


def can_amend(user: User, entry: Entry) -> bool:
    """Tell whether a person may change what was said: only who said it."""
    return can_log(user) and entry.patient_id == user.pk


def can_record_session(user: User, patient: User, now: datetime) -> bool:
    return user.is_active and not user.is_admin and reads_diary_of(user, patient, now)


def can_amend_session(user: User, session: TreatmentSession, now: datetime) -> bool:
    """Tell whether a person may change a session: who recorded it, while they still read the diary."""
    return session.recorded_by_id == user.pk and can_record_session(user, session.patient, now)


def can_handle(user: User, flag: Flag, now: datetime) -> bool:
    return user.is_active and user.is_practitioner and visible_flags(user, now).filter(pk=flag.pk).exists()


def can_undo(user: User, step: Step, now: datetime) -> bool:
    """Tell whether a step may be taken back: by who took it, on the same day where they are."""
    zone = ZoneInfo(user.time_zone)
    same_day = step.at.astimezone(zone).date() == now.astimezone(zone).date()
    return step.by_id == user.pk and step.action != "undone" and same_day


def can_share(user: User) -> bool:
    return can_log(user)


def can_revoke(user: User, share: Share) -> bool:
    return can_log(user) and share.patient_id == user.pk


def can_read_diary(user: User, patient: User, now: datetime) -> bool:
    return user.is_active and reads_diary_of(user, patient, now)


def can_manage_people(user: User) -> bool:
    return user.is_active and user.is_admin


def can_invite(user: User, role: str, now: datetime) -> bool:
    """Tell whether a person may invite: an admin anybody, a verified practitioner patients."""
    if can_manage_people(user):
        return True
    return role == User.Role.PATIENT and user.is_practitioner and is_verified(user, now)


def can_revoke_invitation(user: User, invitation: Invitation) -> bool:
    return can_manage_people(user) or (user.is_active and invitation.invited_by_id == user.pk)


def notified_of(flag: Flag, now: datetime) -> UserQuerySet:
    """Return the verified practitioners whom a patient lets read the diary, and who are so told of its flags."""
    verified = Practitioner.objects.verified(now.date()).values("pk")
    held = Q(shares_held__in=Share.objects.live(now).filter(patient=flag.patient_id))
    return User.objects.filter(held, pk__in=verified).distinct()
