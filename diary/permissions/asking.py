"""Who may write: every action asks `require(can_x(by, thing))` first. Whether it can be done now, the action says."""

from datetime import datetime

from django.core.exceptions import PermissionDenied

from diary.models import (
    Alert,
    Departure,
    Entry,
    Flag,
    Import,
    Invitation,
    Link,
    Note,
    Practitioner,
    Share,
    Step,
    Subscription,
    Token,
    TreatmentSession,
    User,
)
from diary.permissions.accounts import is_reader, visible_colleagues
from diary.permissions.diaries import correspondents, reads_diary_of, visible_departures, visible_flags, visible_threads


def require(allowed: bool) -> None:
    """Raise PermissionDenied unless allowed."""
    if not allowed:
        raise PermissionDenied


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


def can_say_urgency(user: User, flag: Flag) -> bool:
    """Tell whether a person may say how urgent a flag is to them: its patient."""
    return can_log(user) and flag.patient_id == user.pk


def can_write_to(user: User, other: User, now: datetime, thread: User | None = None) -> bool:
    """Tell whether a person may write to another; `thread` is the practitioner in whose place a colleague writes."""
    if not (user.is_active and correspondents(user, now).filter(pk=other.pk).exists()):
        return False
    return user.is_patient or visible_threads(user, other, now).filter(pk=(thread or user).pk).exists()


def can_note(user: User, patient: User, now: datetime) -> bool:
    """Tell whether a person may keep private notes of a patient: a practitioner who reads the diary now."""
    return user.is_active and user.is_practitioner and reads_diary_of(user, patient, now)


def can_amend_note(user: User, note: Note, now: datetime) -> bool:
    return note.author_id == user.pk and can_note(user, note.patient, now)


def can_undo(user: User, step: Step) -> bool:
    """Tell whether a person may take a step back: who took it."""
    return step.by_id == user.pk


def scopes_of(user: User) -> list[str]:
    """Return what an app of a person may be let read: never more than they read themselves; of an admin, nothing."""
    if user.is_patient:
        return ["own", "flags"]
    return ["shared", "flags"] if user.is_practitioner else []


def can_add_token(user: User, scope: str) -> bool:
    return user.is_active and scope in scopes_of(user)


def can_set_hook(user: User) -> bool:
    return can_manage_people(user)


def can_revoke_token(user: User, token: Token) -> bool:
    return user.is_active and token.user_id == user.pk


def can_leave(user: User) -> bool:
    """Tell whether a person may delete their diary and account: a patient their own."""
    return can_log(user)


def can_close_departure(user: User, departure: Departure, now: datetime) -> bool:
    return user.is_active and visible_departures(user, now).filter(pk=departure.pk).exists()


def can_share(user: User) -> bool:
    return can_log(user)


def can_change_share(user: User, share: Share) -> bool:
    return can_log(user) and share.patient_id == user.pk


def can_take_in(user: User, taken: Import) -> bool:
    """Tell whether a person may take a file into a diary: the patient who brought it, into their own."""
    return can_log(user) and taken.patient_id == user.pk


def can_unsubscribe(user: User, subscription: Subscription) -> bool:
    """Tell whether a person may end the reminders of a browser: the patient whose they are."""
    return can_log(user) and subscription.patient_id == user.pk


def can_end(user: User, link: Link) -> bool:
    """Tell whether a person may end a link: the patient who made it."""
    return can_log(user) and link.patient_id == user.pk


def can_read_diary(user: User, patient: User, now: datetime) -> bool:
    return user.is_active and reads_diary_of(user, patient, now)


def can_manage_people(user: User) -> bool:
    return user.is_active and user.is_admin


def can_change_role(user: User, person: User, role: str) -> bool:
    """Tell whether an admin may give somebody else another role: between practitioner and admin, never a patient's."""
    staff = {User.Role.PRACTITIONER, User.Role.ADMIN}
    return can_manage_people(user) and user != person and staff == {person.role, role}


def can_invite(user: User, role: str, now: datetime) -> bool:
    """Tell whether a person may invite: an admin anybody, a practitioner who may read diaries patients."""
    if can_manage_people(user):
        return True
    return role == User.Role.PATIENT and user.is_practitioner and is_reader(user, now)


def can_agree(user: User, invitation: Invitation) -> bool:
    """Tell whether a person may answer an invitation with the diary they keep already, by letting who invited read it.

    Whoever holds the link or the code was given it; the address need not be the one they use here.
    """
    return can_share(user) and invitation.shares


def can_revoke_invitation(user: User, invitation: Invitation) -> bool:
    return can_manage_people(user) or (user.is_active and invitation.invited_by_id == user.pk)


def can_set_hours(user: User, practitioner: User) -> bool:
    """Tell whether a person may say when a practitioner reads, and who stands in: they themselves, or an admin.

    An admin also of one who is a practitioner no more: the diaries that were shared with them are still read for them.
    """
    if can_manage_people(user):
        return Practitioner.objects.filter(pk=practitioner.pk).exists()
    return user.is_active and practitioner.is_practitioner and user == practitioner


def can_confirm(user: User, alert: Alert) -> bool:
    """Tell whether a person may say that a test reached them: whom it was sent to."""
    return user.is_active and alert.practitioner_id == user.pk


def can_stand_in(colleague: User, practitioner: User, now: datetime) -> bool:
    return visible_colleagues(practitioner, now).filter(pk=colleague.pk).exists()
