"""What can be told of a diary as it stands: which session is which, when to check in, what is expected."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, CharField, Count, ExpressionWrapper, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf

from diary.clinical.diary import REACTIONS, SYMPTOMS
from diary.models import Consent, Diary, Entry, Flag, Message, TreatmentSession, User
from diary.models.prepared import Prepared
from diary.models.readings import BEGINNING
from diary.models.reminders import LATEST, SAID, USUAL, course_from
from diary.permissions import readers_known_to, visible_diaries, visible_entries, visible_flags, visible_sessions
from diary.readers import Reader, in_one_list, readers_from
from diary.reliance import unread
from diary.reminding import Habits, check_ins

DAY = timedelta(days=1)
FOLLOW_UP = timedelta(days=14)
BEFORE_EVIDENCE = timedelta(days=8)  # a flag may fire with the first of its entries and go on for a week
EXPECTED = timedelta(hours=48)  # within which a reaction usually settles
HARD_PAIN = 7
HARD_GRADE = 3
USUAL_OF = tuple(f"patient__intake__{name}" for name in USUAL)
SAVED = "patient__intake__saved_at"
HABITS = ("in_app", "quiet_from", "quiet_until", "snoozed_until", "reminded_at")
PLAN_OF = tuple(f"patient__reminders__{name}" for name in HABITS)
FACTS = (*USUAL_OF, *PLAN_OF, SAVED, "advised", "agreed", "unread", "letters")
ANSWERS = (*SAID, "pain", "compared")
# Asked at every look at Today, and longer to write than to answer: each is written once a process.
SOMEBODY = {"patient": User(pk=-1, role=User.Role.PATIENT), "now": BEGINNING}


@dataclass(frozen=True, slots=True)
class NumberedSession:
    """A session that stands, its number among the patient's, counted from 1, and who gave it, as far as known."""

    number: int
    id: UUID
    ended_at: datetime
    given_by: str | None


def in_order(sessions: QuerySet[TreatmentSession]) -> list[NumberedSession]:
    """Return the sessions that stand, in the order in which they ended; one statement."""
    return numbered(ordered(sessions))


def own_sessions(patient: User, now: datetime) -> list[NumberedSession]:
    """Return a patient's own sessions as `in_order` does."""
    return numbered(SESSIONS.typed(patient=patient, now=now))


def ordered(sessions: QuerySet[TreatmentSession]) -> QuerySet[TreatmentSession, Any]:
    return sessions.filter(withdrawn_at=None).order_by("ended_at").values_list("pk", "ended_at", "practitioner__name")


def numbered(rows: Iterable[Sequence[Any]]) -> list[NumberedSession]:
    return [NumberedSession(number, *row) for number, row in enumerate(rows, 1)]


SESSIONS = Prepared(lambda patient, now: ordered(visible_sessions(patient, now)), **SOMEBODY)


def numbers(sessions: Iterable[NumberedSession]) -> dict[UUID, int]:
    return {session.id: session.number for session in sessions}


def session_before(sessions: Iterable[NumberedSession], instant: datetime) -> NumberedSession | None:
    """Return the last session that had ended by an instant."""
    return max((one for one in sessions if one.ended_at <= instant), key=lambda one: one.number, default=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a patient stands besides sessions and entries: wishes, what is usual, what was advised and agreed to.

    `letters` are the messages that wait to be read, `readers` the practitioners who read the diary, where asked for.
    """

    habits: Habits
    in_app: bool
    usual: dict[str, int | None]
    told_usual: bool
    advised: list[str]
    agreed: int | None
    unread: bool
    letters: int
    readers: list[Reader]


def standing(patient: User, now: datetime, *, with_readers: bool = False) -> Standing:
    """Return where a patient stands, in one statement, and whether nobody reads the diary (`reliance.unread`).

    Who has no plan yet has the usual habits. Readers, whose hours are long to ask for, come when something waits.
    """
    day = now.astimezone(ZoneInfo(patient.time_zone)).date()
    if with_readers:
        (told,) = STANDING_AND_READERS.typed(patient=patient, now=now, day=day, since=day - DAY)
    else:
        (told,) = STANDING.typed(patient=patient, now=now, day=day)
    return stands(patient, told)


def facts(patient: User, now: datetime, day: date) -> QuerySet[Diary, Any]:
    """Return what `stands` reads."""
    latest = TreatmentSession.objects.standing().filter(patient=OuterRef("pk")).latest_first()
    agreed = Consent.objects.standing().filter(patient=OuterRef("pk")).order_by("-version")
    letters = Message.objects.filter(patient=OuterRef("pk")).unread_by(patient).order_by().values("patient")
    known = visible_diaries(patient, now).annotate(
        advised=Subquery(latest.values("aftercare")[:1]),
        agreed=Subquery(agreed.values("version")[:1]),
        unread=ExpressionWrapper(unread(now, day), BooleanField()),
        letters=Subquery(letters.annotate(number=Count("pk")).values("number")),
    )
    return known.values_list(*FACTS)


def facts_and_readers(patient: User, now: datetime, day: date, since: date) -> QuerySet[Diary, Any]:
    """Return what `stands` reads, and who reads the diary, with the days away that are not over on the day `since`."""
    readers = in_one_list(readers_known_to(patient, now), since)
    return facts(patient, now, day).annotate(readers=Subquery(readers)).values_list(*FACTS, "readers")


STANDING = Prepared(facts, **SOMEBODY, day=date(1902, 3, 4))
STANDING_AND_READERS = Prepared(facts_and_readers, **SOMEBODY, day=date(1902, 3, 4), since=date(1903, 4, 5))


def stands(patient: User, told: Sequence[Any]) -> Standing:
    row = dict(zip((*FACTS, "readers")[: len(told)], told, strict=True))
    plan = {name.rpartition("__")[2]: row[name] for name in PLAN_OF if row[name] is not None}
    return Standing(
        in_app=plan.pop("in_app", True),
        habits=Habits(zone=patient.time_zone, **plan),
        usual={name.rpartition("__")[2]: row[name] for name in USUAL_OF},
        told_usual=row[SAVED] is not None,
        advised=row["advised"] or [],
        agreed=row["agreed"],
        unread=row["unread"],
        letters=row["letters"] or 0,
        readers=readers_from(row.get("readers") or ()),
    )


def next_check_in(
    patient: User, session: NumberedSession | None, said: list[dict[str, Any]], standing: Standing, now: datetime
) -> datetime | None:
    """Return when it helps most to log again, as the reminders have it; None where none is wanted or left.

    `session` is the latest that has ended, `said` the `latest` entries.
    """
    if not standing.in_app:
        return None
    course = course_from(patient.date_joined, session.ended_at if session else None, said, standing.usual)
    return next(iter(check_ins(course, standing.habits, now)), None)


def latest(patient: User, now: datetime) -> list[dict[str, Any]]:
    """Return what a patient's own latest entries say, the latest first, by name."""
    return [dict(zip(ANSWERS, row, strict=True)) for row in SAID_LATELY.typed(patient=patient, now=now)]


def to_ask_again(said: list[dict[str, Any]], now: datetime) -> dict[str, Any] | None:
    """Return of the `latest` entries the one whose reactions may still be there, or None after two silent weeks."""
    return next((one for one in said if one["observed_at"] > now - FOLLOW_UP), None)


def said_lately(patient: User, now: datetime) -> QuerySet[Entry, Any]:
    return visible_entries(patient, now).standing().latest_first().values_list(*ANSWERS)[:LATEST]


SAID_LATELY = Prepared(said_lately, **SOMEBODY)


class Told(NamedTuple):
    """A flag as Today tells it to its patient; `handled_by` is a name, or an address where there is none."""

    pk: UUID
    rule: str
    symptom: str
    code: str
    level: int
    status: str
    outcome: str
    session_id: UUID | None
    handled_at: datetime | None
    handled_by: str | None


def flags_told(patient: User, now: datetime, since: datetime) -> list[Told]:
    """Return a patient's flags that stand, only seen or not, and those answered since then, the most pressing first."""
    return [Told(*row) for row in FLAGS_TOLD.typed(patient=patient, now=now, since=since)]


def told_since(patient: User, now: datetime, since: datetime) -> QuerySet[Flag, Any]:
    by = Coalesce(NullIf("handled_by__name", Value("")), "handled_by__email", output_field=CharField())
    rows = visible_flags(patient, now).current_or_answered(since).order_by("-level", "-fired_at")
    return rows.values_list(*Told._fields[:-1], by)


FLAGS_TOLD = Prepared(told_since, **SOMEBODY, since=BEGINNING - DAY)


def flags_of(entry: Entry, now: datetime) -> tuple[list[Flag], list[Flag]]:
    """Return the flags that an entry raised or that rest on it, and the others that wait; the most pressing first.

    What it raised may rest on earlier ones, where a handled flag has become worse, and may be over already, where the
    entry was written late.
    """
    last = entry.amendments.last() if entry.version > 1 else None
    written = last.amended_at if last else entry.recorded_at
    rows = visible_flags(entry.patient, now).current_or_raised(written).order_by("-level", "-fired_at")
    raised = [flag for flag in rows if flag.raised_at == written or str(entry.pk) in flag.evidence]
    return raised, [flag for flag in rows if flag not in raised]


def is_hard(said: Mapping[str, Any]) -> bool:
    """Tell whether an entry, by name, reports a bad day, flagged or not."""
    severe = any(said[name] == HARD_GRADE for name in REACTIONS)
    return said["pain"] >= HARD_PAIN or (said["soreness"] or 0) >= HARD_PAIN or severe or said["compared"] == "worse"


def is_expected(session: NumberedSession | None, entry: Entry) -> bool:
    """Tell whether an entry reports, in the two days in which one is often reported, a reaction that settles in them.

    Bruising lasts longer by nature.
    """
    reported = any(getattr(entry, name) for name in SYMPTOMS)
    return reported and session is not None and entry.observed_at - session.ended_at <= EXPECTED
