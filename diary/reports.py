"""What can be told of a diary as it stands: which session is which, when to check in, what the rules cannot judge."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, QuerySet, Window

from diary.clinical.assess import assess
from diary.clinical.finding import NotEvaluable
from diary.models import Entry, TreatmentSession, User, diary_of, instant

CHECK_INS = (timedelta(hours=24), timedelta(hours=48))  # after a session
LAST_CHECK_IN = timedelta(hours=72)  # only while it is still sore
WEEK = timedelta(days=7)
FOLLOW_UP = timedelta(days=14)
BEFORE_EVIDENCE = timedelta(days=8)  # a flag may fire with the first of its entries and go on for a week
EXPECTED = timedelta(hours=48)  # within which a reaction usually settles
HARD_PAIN = 7
HARD_GRADE = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an entry stands: its session with that session's number among the patient's, counted from 1."""

    session: TreatmentSession
    number: int


def latest_session(sessions: QuerySet[TreatmentSession]) -> Standing | None:
    """Return the last of these sessions with its number, in one statement."""
    numbered = sessions.filter(withdrawn_at=None).select_related("practitioner").annotate(count=Window(Count("pk")))
    session = numbered.order_by("-ended_at").first()
    return session and Standing(session, session.count)


def numbers(sessions: QuerySet[TreatmentSession]) -> dict[UUID, int]:
    """Return the number of each session that stands, in the order in which they ended."""
    ids = sessions.filter(withdrawn_at=None).order_by("ended_at").values_list("pk", flat=True)
    return {id: number for number, id in enumerate(ids, 1)}


def next_check_in(standing: Standing | None, entry: Entry, now: datetime) -> datetime:
    """Return when it helps most to log again: after a session soon, then while it is sore, then weekly."""
    if standing is None:
        return now + WEEK
    moments = (*CHECK_INS, *([LAST_CHECK_IN] if entry.soreness else []))
    due = (standing.session.ended_at + after for after in moments)
    return next((moment for moment in due if moment > now), now + WEEK)


def is_hard(entry: Entry) -> bool:
    """Tell whether somebody reports a bad day, flagged or not."""
    grades = (entry.stiffness, entry.fatigue, entry.dizziness, entry.low_mood, entry.bruising)
    severe = any(grade == HARD_GRADE for grade in grades)
    return entry.pain >= HARD_PAIN or (entry.soreness or 0) >= HARD_PAIN or severe or entry.compared == "worse"


def is_expected(standing: Standing | None, entry: Entry) -> bool:
    """Tell whether an entry is from the two days in which a reaction is often reported."""
    return standing is not None and entry.observed_at - standing.session.ended_at <= EXPECTED


def not_evaluable(patient: User, now: datetime) -> tuple[NotEvaluable, ...]:
    """Return what the rules cannot judge in a diary, and why."""
    return tuple(assess(diary_of(patient), instant(now)).not_evaluable)
