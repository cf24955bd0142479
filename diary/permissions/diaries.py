"""Who reads a diary: its patient, and the practitioners with whom it is shared, for as long as it is."""

from datetime import datetime
from typing import Any, TypeVar

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from diary.models import (
    Consent,
    Departure,
    Diary,
    Entry,
    Event,
    Flag,
    Import,
    Intake,
    Link,
    Message,
    Note,
    Practice,
    Practitioner,
    ReminderPlan,
    Share,
    Subscription,
    Tally,
    TreatmentSession,
    User,
)
from diary.models.consents import ConsentQuerySet
from diary.models.departures import DepartureQuerySet
from diary.models.diaries import DiaryQuerySet
from diary.models.entries import EntryQuerySet
from diary.models.events import EventQuerySet
from diary.models.flags import FlagQuerySet
from diary.models.imports import ImportQuerySet
from diary.models.links import LinkQuerySet
from diary.models.messages import MessageQuerySet
from diary.models.notes import NoteQuerySet
from diary.models.practices import PractitionerQuerySet
from diary.models.prepared import LONG_AGO, SOMEBODY, Prepared
from diary.models.sessions import TreatmentSessionQuerySet
from diary.models.shares import ShareQuerySet, covered_by
from diary.models.subscriptions import SubscriptionQuerySet
from diary.models.tallies import TallyQuerySet
from diary.models.users import UserQuerySet

Rows = TypeVar("Rows", bound=QuerySet[Any])


def shared_with(user: User, now: datetime) -> QuerySet[Any, Any]:
    """Return the patients whose diary a practitioner may read now."""
    return Share.objects.readable_by(user, now).order_by().values_list("patient")


def shared_with_notes(user: User, now: datetime) -> QuerySet[Any, Any]:
    return Share.objects.readable_by(user, now).filter(with_notes=True).order_by().values_list("patient")


WHOLE = Prepared(shared_with, user=SOMEBODY, now=LONG_AGO)
WITH_NOTES = Prepared(shared_with_notes, user=SOMEBODY, now=LONG_AGO)
"""Written once a process: a page about one patient asks them a dozen times."""


def within_reach(rows: Rows, user: User, now: datetime, shared: Prepared = WHOLE) -> Rows:
    """Narrow the rows of diaries to those this person may read; `shared` says what a share must include."""
    if user.is_patient:
        return rows.filter(patient=user)
    if user.is_practitioner:
        return rows.filter(patient__in=shared.within(user=user, now=now))
    return rows.none()


def visible_diaries(user: User, now: datetime) -> DiaryQuerySet:
    return within_reach(Diary.objects.all(), user, now)


def visible_entries(user: User, now: datetime) -> EntryQuerySet:
    return within_reach(Entry.objects.all(), user, now)


def visible_notes(user: User, now: datetime) -> EntryQuerySet:
    """Return the entries whose note this person may read."""
    return within_reach(Entry.objects.exclude(note=""), user, now, WITH_NOTES)


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
    """Return the health background that this person may read; asked one at a time, each asks for its own share."""
    if not user.is_practitioner:
        return within_reach(Intake.objects.all(), user, now)
    shares = Share.objects.readable_by(user, now).filter(with_intake=True)
    return Intake.objects.filter(Exists(shares.filter(patient=OuterRef("patient"))))


def visible_patients(user: User, now: datetime) -> UserQuerySet:
    """Return the patients whose diary this practitioner may read; for anybody else, nobody."""
    if not user.is_practitioner:
        return User.objects.none()
    return User.objects.active().filter(pk__in=WHOLE.within(user=user, now=now))


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


def visible_subscriptions(user: User, now: datetime) -> SubscriptionQuerySet:
    """Return the browsers that show a patient's own reminders; nobody else lists them."""
    return Subscription.objects.of(user) if user.is_patient else Subscription.objects.none()


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
    if not user.is_practitioner:
        return within_reach(Message.objects.all(), user, now)
    theirs = Q(practitioner=user) | Q(practitioner__in=covered_by(user, now))  # by index; the share decides
    of_both = {"patient": OuterRef("patient"), "practitioner": OuterRef("practitioner")}
    shared = Exists(Share.objects.readable_by(user, now).filter(**of_both))
    return Message.objects.filter(theirs, shared, patient__is_active=True)  # of a closed account no page opens


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


def readers_known_to(patient: User, now: datetime) -> UserQuerySet:
    """Return the practitioners who read a patient's diary now, as far as the patient knows of them.

    By a code, by an invitation, or because they wrote: an address that was typed tells nothing about who works here.
    """
    wrote = Message.objects.filter(patient=patient, by_patient=False).values("practitioner")
    live = Share.objects.live(now).filter(Q(named=True) | Q(practitioner__in=wrote), patient=patient)
    readers = Practitioner.objects.readers(now.date()).filter(pk=OuterRef("pk"))
    return User.objects.filter(Exists(readers), pk__in=live.values("practitioner"))


def reads_diary_of(user: User, patient: User, now: datetime) -> bool:
    return visible_diaries(user, now).filter(patient=patient).exists()


def reads_notes_of(user: User, patient: User, now: datetime) -> bool:
    """Tell whether a person may read what a patient says in words of their own, whichever entry it is in."""
    return within_reach(Diary.objects.filter(patient=patient), user, now, WITH_NOTES).exists()
