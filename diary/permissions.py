"""Who sees, and who may. The one place that decides either.

Reading is being in a QuerySet: a row outside `visible_*` does not exist for that person. A patient sees their own
rows; a practitioner, once verified and with reading hours, the diaries shared with them, for as long as they are, and
those of a colleague for whom they stand in, where the patient allows it; an admin sees accounts and never a diary.
Writing is asking first: `require(can_x(by, thing))`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from diary.hours import is_away
from diary.models import (
    Absence,
    Alert,
    Consent,
    Cover,
    Credential,
    Departure,
    Diary,
    Entry,
    Escalation,
    Event,
    Flag,
    Import,
    Intake,
    Invitation,
    Link,
    Message,
    Note,
    Practice,
    Practitioner,
    ReminderPlan,
    Share,
    Step,
    Tally,
    Token,
    TreatmentSession,
    User,
)
from diary.models.alerts import AlertQuerySet
from diary.models.consents import ConsentQuerySet
from diary.models.covers import CoverQuerySet
from diary.models.departures import DepartureQuerySet
from diary.models.diaries import DiaryQuerySet
from diary.models.entries import EntryQuerySet
from diary.models.events import EventQuerySet
from diary.models.flags import FlagQuerySet
from diary.models.imports import ImportQuerySet
from diary.models.invitations import InvitationQuerySet
from diary.models.links import LinkQuerySet
from diary.models.messages import MessageQuerySet
from diary.models.notes import NoteQuerySet
from diary.models.practices import AbsenceQuerySet, PractitionerQuerySet
from diary.models.sessions import TreatmentSessionQuerySet
from diary.models.shares import ShareQuerySet
from diary.models.tallies import TallyQuerySet
from diary.models.tokens import TokenQuerySet
from diary.models.users import UserQuerySet
from diary.periods import own_period

Rows = TypeVar("Rows", bound=QuerySet[Any])
SIGNS = "red-flag"
"""The rule whose flags say which sign that needs care was reported."""


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


def visible_tallies(user: User, now: datetime) -> TallyQuerySet:
    """Return a practitioner's own sessions as counted, of the diaries which they read now; nobody else's ever."""
    if not user.is_practitioner:
        return Tally.objects.none()
    return within_reach(Tally.objects.filter(practitioner=user), user, now)


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


def visible_links(user: User, now: datetime) -> LinkQuerySet:
    """Return the links that a patient made for second readers, ended ones too; nobody else lists them."""
    return Link.objects.filter(patient=user) if user.is_patient else Link.objects.none()


def visible_imports(user: User, now: datetime) -> ImportQuerySet:
    """Return the files that a patient has looked at or taken in; nobody else lists them."""
    return Import.objects.filter(patient=user) if user.is_patient else Import.objects.none()


def visible_consents(user: User, now: datetime) -> ConsentQuerySet:
    """Return what a patient agreed to, agreements taken back too; nobody else lists them."""
    return Consent.objects.filter(patient=user) if user.is_patient else Consent.objects.none()


def plan_of(patient: User) -> ReminderPlan:
    """Return a patient's own wishes for reminders; unsaved, the usual ones, where there are none yet."""
    return ReminderPlan.objects.filter(patient=patient).first() or ReminderPlan(patient=patient)


def visible_events(user: User, now: datetime) -> EventQuerySet:
    """Return what happened to a patient's own diary: who looked, who wrote."""
    return Event.objects.about(user.pk) if user.is_patient else Event.objects.none()


def beside(rows: Rows, patient: Any) -> Rows:
    """Return the rows of a diary of which another row is visible already, by the reference to its patient.

    Whoever sees that row sees these, without asking a thousand shares again for each kind of row: entries, sessions and
    flags go together. Never for what a share can leave out, which are notes and the intake.
    """
    return rows.filter(patient=patient)


def looks_of_practice(user: User, patient: Any) -> EventQuerySet:
    """Return when the people of this person's practice looked at a diary that they read; of others it says nothing.

    `patient` is a key, or the reference to one in a row that is visible.
    """
    colleagues = Practitioner.objects.filter(practice__practitioners=user.pk).annotate(who=Cast("user", CharField()))
    return Event.objects.about(patient).reads().filter(actor__in=colleagues.values("who"))


def visible_departures(user: User, now: datetime) -> DepartureQuerySet:
    """Return who left with something urgent unanswered, for those who were to answer, until one has seen to it."""
    return Departure.objects.standing().filter(told=user) if user.is_practitioner else Departure.objects.none()


def visible_messages(user: User, now: datetime) -> MessageQuerySet:
    """Return a patient's own messages; a practitioner's with those who share with them now.

    Who stands in sees those of their colleague, for as long as they do, of patients who allow it.
    """
    rows = within_reach(Message.objects.all(), user, now)
    if not user.is_practitioner:
        return rows
    of_both = {"patient": OuterRef("patient"), "practitioner": OuterRef("practitioner")}
    return rows.filter(Exists(Share.objects.readable_by(user, now).filter(**of_both)))


def visible_threads(user: User, patient: User, now: datetime) -> UserQuerySet:
    """Return whose messages with a patient a practitioner reads: their own, and a colleague's in their place."""
    shares = Share.objects.readable_by(user, now).filter(patient=patient)
    return User.objects.filter(pk__in=shares.values("practitioner"))


def correspondents(user: User, now: datetime) -> UserQuerySet:
    """Return whom a person may write to: a patient those who read the diary now, a practitioner those who let them."""
    if user.is_practitioner:
        return visible_patients(user, now)
    if not user.is_patient:
        return User.objects.none()
    return readers_known_to(user, now)


def visible_notes_about(user: User, now: datetime) -> NoteQuerySet:
    """Return the private notes of a practitioner's own practice, on diaries which this practitioner reads."""
    if not user.is_practitioner:
        return Note.objects.none()
    return within_reach(Note.objects.all(), user, now).filter(practice__practitioners=user.pk)


def visible_practices(user: User, now: datetime) -> QuerySet[Practice]:
    """Return the practices that care for a patient, the latest first, or a practitioner's own."""
    if user.is_practitioner:
        return Practice.objects.filter(practitioners=user.pk)
    shares = Share.objects.live(now).filter(patient=user, practitioner__isnull=False)
    return Practice.objects.filter(practitioners__user__shares_held__in=shares).order_by(
        "-practitioners__user__shares_held__granted_at"
    )


def visible_readers(user: User, now: datetime) -> PractitionerQuerySet:
    """Return the practitioners whom a patient knows to read the diary, with their hours."""
    readers = Practitioner.objects.filter(user__in=readers_known_to(user, now))
    return readers.select_related("user").prefetch_related("openings", "absences").order_by("user__name")


# Reading without an account


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows of one diary that a reader may see."""

    entries: EntryQuerySet
    notes: EntryQuerySet
    sessions: TreatmentSessionQuerySet
    flags: FlagQuerySet
    intakes: QuerySet[Intake]


def shown_to(user: User, patient: User, now: datetime) -> Shown:
    """Return what somebody who has signed in may see of a patient's diary."""
    return Shown(
        entries=visible_entries(user, now).of(patient),
        notes=visible_notes(user, now).of(patient).standing(),
        sessions=visible_sessions(user, now).of(patient),
        flags=visible_flags(user, now).of(patient),
        intakes=visible_intakes(user, now).filter(patient=patient),
    )


def shown_by(link: Link, now: datetime) -> Shown:
    """Return what a link shows: of one diary, of its days alone, the parts that its patient ticked; else nothing."""
    is_live = Link.objects.live(now).filter(pk=link.pk).exists()
    days = own_period(link.first_day, link.last_day, link.patient.time_zone)

    def chosen(part: bool, rows: Rows, moment: str) -> Rows:
        return days.of(rows.filter(patient=link.patient_id), moment) if is_live and part else rows.none()

    flags, signs = Flag.objects.exclude(rule=SIGNS), Flag.objects.filter(rule=SIGNS)
    intakes = Intake.objects.filter(patient=link.patient_id)
    return Shown(
        entries=chosen(link.with_scores, Entry.objects.standing(), "observed_at"),
        notes=chosen(link.with_notes, Entry.objects.standing().exclude(note=""), "observed_at"),
        sessions=chosen(link.with_sessions, TreatmentSession.objects.standing(), "ended_at"),
        flags=chosen(link.with_flags, flags, "fired_at") | chosen(link.with_signs, signs, "fired_at"),
        intakes=intakes if is_live and link.with_intake else intakes.none(),
    )


# Reading accounts


def visible_people(user: User, now: datetime) -> UserQuerySet:
    return User.objects.all() if user.is_admin else User.objects.none()


def visible_credentials(user: User, now: datetime) -> QuerySet[Credential]:
    """Return the credentials that count now: of whom a patient shares with by code, a practitioner's own, or all."""
    valid = Credential.objects.valid(now.date()).order_by("expires_on")
    if user.is_admin:
        return valid
    if user.is_practitioner:
        return valid.filter(practitioner=user.pk)
    named = Share.objects.live(now).filter(patient=user, named=True)
    return valid.filter(practitioner__in=named.values("practitioner"))


def unattended_since(user: User, now: datetime) -> list[datetime]:
    """Return for an admin since when each flag has waited that nobody answered, without whose and what it is."""
    if not user.is_admin:
        return []
    return [escalation.unattended_at for escalation in Escalation.objects.unattended() if escalation.unattended_at]


def has_second_step(user: User, person: User) -> bool:
    """Tell an admin whether somebody signs in with a second step."""
    return user.is_admin and User.objects.with_second_step().filter(pk=person.pk).exists()


def visible_practitioners(user: User, now: datetime) -> PractitionerQuerySet:
    return Practitioner.objects.all() if user.is_admin else Practitioner.objects.filter(pk=user.pk)


def visible_alerts(user: User, now: datetime) -> AlertQuerySet:
    """Return a practitioner's own test alerts, everybody's for an admin."""
    return Alert.objects.all() if user.is_admin else Alert.objects.filter(practitioner=user.pk)


def visible_absences(user: User, now: datetime) -> AbsenceQuerySet:
    """Return a practitioner's own days away, everybody's for an admin."""
    return Absence.objects.all() if user.is_admin else Absence.objects.filter(practitioner=user.pk)


def visible_covers(user: User, now: datetime) -> CoverQuerySet:
    """Return who stands in for a practitioner and for whom they do, everybody's for an admin."""
    if user.is_admin:
        return Cover.objects.all()
    return Cover.objects.filter(Q(practitioner=user) | Q(covered_by=user))


def visible_colleagues(practitioner: User, now: datetime) -> PractitionerQuerySet:
    """Return who could stand in for a practitioner: colleagues of the same practice who may read."""
    same = Practice.objects.filter(practitioners=practitioner.pk)
    return Practitioner.objects.readers(now.date()).filter(practice__in=same).exclude(pk=practitioner.pk)


def visible_invitations(user: User, now: datetime) -> InvitationQuerySet:
    """Return every invitation for an admin, a practitioner's own for a practitioner."""
    if user.is_admin:
        return Invitation.objects.all()
    return Invitation.objects.filter(invited_by=user) if user.is_practitioner else Invitation.objects.none()


def visible_hooks(user: User, now: datetime) -> QuerySet[Practice]:
    """Return for an admin the practices, each with where its own system is called."""
    rows = Practice.objects.select_related("hook").order_by("name", "pk")
    return rows if user.is_admin else rows.none()


def visible_tokens(user: User, now: datetime) -> TokenQuerySet:
    """Return the tokens of a person's own apps and devices."""
    return Token.objects.filter(user=user)


# Writing


def is_verified(user: User, now: datetime) -> bool:
    """Tell whether a practitioner's credential was checked at its source and has not expired."""
    return Practitioner.objects.verified(now.date()).filter(pk=user.pk).exists()


def is_reader(user: User, now: datetime) -> bool:
    """Tell whether a practitioner may read what is shared with them: verified, and with reading hours."""
    return Practitioner.objects.readers(now.date()).filter(pk=user.pk).exists()


def has_hours(user: User) -> bool:
    return Practitioner.objects.with_hours().filter(pk=user.pk).exists()


def reads_diary_of(user: User, patient: User, now: datetime) -> bool:
    return visible_diaries(user, now).filter(patient=patient).exists()


def reads_notes_of(user: User, patient: User, now: datetime) -> bool:
    """Tell whether a person may read what a patient says in words of their own, whichever entry it is in."""
    return within_reach(Diary.objects.filter(patient=patient), user, now, with_notes=True).exists()


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
    """Tell whether a person may say how urgent a flag is to them: the patient, while nobody has closed it."""
    return can_log(user) and flag.patient_id == user.pk and flag.status != Flag.Status.CLOSED


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


def can_undo(user: User, step: Step, now: datetime) -> bool:
    """Tell whether a step may be taken back: by who took it, on the same day where they are."""
    zone = ZoneInfo(user.time_zone)
    same_day = step.at.astimezone(zone).date() == now.astimezone(zone).date()
    return step.by_id == user.pk and step.action != "undone" and same_day


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


def is_secured(user: User) -> bool:
    """Tell whether a person signs in as is asked of them: staff with a second step."""
    return user.is_patient or User.objects.with_second_step().filter(pk=user.pk).exists()


def can_leave(user: User) -> bool:
    """Tell whether a person may delete their diary and account: a patient their own."""
    return can_log(user)


def can_close_departure(user: User, departure: Departure, now: datetime) -> bool:
    return user.is_active and visible_departures(user, now).filter(pk=departure.pk).exists()


def can_share(user: User) -> bool:
    return can_log(user)


def can_revoke(user: User, share: Share) -> bool:
    return can_log(user) and share.patient_id == user.pk


def can_take_in(user: User, taken: Import) -> bool:
    """Tell whether a person may take a file into a diary: the patient who brought it, into their own."""
    return can_log(user) and taken.patient_id == user.pk


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
    inviter = invitation.invited_by
    return can_share(user) and invitation.role == user.role and inviter.is_practitioner and inviter.is_active


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


# Who is told, and who reads in whose place


def readers_known_to(patient: User, now: datetime) -> UserQuerySet:
    """Return the practitioners who read a patient's diary now, as far as the patient knows of them.

    By a code, by an invitation, or because they wrote: an address that was typed tells nothing about who works here.
    """
    wrote = Message.objects.filter(patient=patient, by_patient=False).values("practitioner")
    live = Share.objects.live(now).filter(Q(named=True) | Q(practitioner__in=wrote), patient=patient)
    readers = Practitioner.objects.readers(now.date()).filter(pk=OuterRef("pk"))
    return User.objects.filter(Exists(readers), pk__in=live.values("practitioner"))


def read_for(user: User, patient: User, now: datetime) -> User | None:
    """Return for whom a practitioner reads a diary that is not shared with themselves; None where it is."""
    shares = Share.objects.readable_by(user, now).filter(patient=patient, practitioner__isnull=False)
    held = [share.practitioner for share in shares.select_related("practitioner")]
    return None if user in held or not held else held[0]


def holders_of(patient_id: int, now: datetime) -> PractitionerQuerySet:
    """Return the verified practitioners with whom a diary is shared, the earliest share first; hours or not.

    Who has not said when they read is told all the same that something waits: saying so then takes a minute.
    """
    live = Share.objects.live(now).filter(patient=patient_id)
    granted = live.filter(practitioner=OuterRef("pk")).values("granted_at")[:1]
    holders = Practitioner.objects.verified(now.date()).filter(user__in=live.values("practitioner"))
    rows = holders.annotate(granted_at=Subquery(granted)).order_by("granted_at", "pk").select_related("user")
    return rows.prefetch_related("openings", "absences")


def covers_of(patient_id: int, now: datetime) -> CoverQuerySet:
    """Return who stands in, now and with the patient's leave, for those who hold a share; in the order named."""
    lent = Share.objects.live(now).filter(patient=patient_id, with_cover=True).values("practitioner")
    covers = Cover.objects.in_force(now).filter(practitioner__in=lent).select_related("covered_by__practitioner")
    return covers.order_by("named_at", "pk")


def told_of(flag: Flag, now: datetime) -> tuple[list[User], list[User]]:
    """Return who is told of a flag at once, and who after them, in order.

    At once: who holds a share and is there, and who stands in for one who is not. After them: who stands in for those
    who are there, and last the holders who are away.
    """
    holders = list(holders_of(flag.patient_id, now))
    there = [holder.user for holder in holders if not is_away(holder.hours, now)]
    present = {user.pk for user in there}
    covers = list(covers_of(flag.patient_id, now))
    in_place = [cover.covered_by for cover in covers if cover.practitioner_id not in present]
    others = [cover.covered_by for cover in covers] + [holder.user for holder in holders]
    at_once = list(dict.fromkeys(there + in_place))
    return at_once, [person for person in dict.fromkeys(others) if person not in at_once]


def escalation_of(flag: Flag, now: datetime) -> list[User]:
    """Return the people who may be told of a flag, in the order in which it is passed on.

    The hours of each are `person.practitioner.hours`; `hours.deadline` says until when to wait before the next.
    """
    at_once, after = told_of(flag, now)
    return at_once + after


def notified_of(flag: Flag, now: datetime) -> UserQuerySet:
    """Return who is told of a flag at once; where everybody is away, all of them."""
    at_once, after = told_of(flag, now)
    return User.objects.filter(pk__in=[person.pk for person in at_once or after])


def may_be_told(user: User, flag: Flag, now: datetime) -> bool:
    """Tell whether a message about a flag may still go to a person: whoever lost the diary is told nothing more."""
    return user in escalation_of(flag, now)
