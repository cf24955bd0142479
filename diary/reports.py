"""What can be told of a diary as it stands: which session is which, when to check in, what is expected."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from diary.models import Entry, TreatmentSession

CHECK_INS = (timedelta(hours=24), timedelta(hours=48))  # after a session
LAST_CHECK_IN = timedelta(hours=72)  # only while it is still sore
WEEK = timedelta(days=7)
FOLLOW_UP = timedelta(days=14)
BEFORE_EVIDENCE = timedelta(days=8)  # a flag may fire with the first of its entries and go on for a week
EXPECTED = timedelta(hours=48)  # within which a reaction usually settles
HARD_PAIN = 7
HARD_GRADE = 3


@dataclass(frozen=True, slots=True)
class NumberedSession:
    """A session that stands, its number among the patient's, counted from 1, and who gave it, as far as known."""

    number: int
    id: UUID
    ended_at: datetime
    given_by: str | None


def in_order(sessions: QuerySet[TreatmentSession]) -> list[NumberedSession]:
    """Return the sessions that stand, in the order in which they ended; one statement."""
    standing = sessions.filter(withdrawn_at=None).order_by("ended_at")
    rows = standing.values_list("pk", "ended_at", "practitioner__name")
    return [NumberedSession(number, *row) for number, row in enumerate(rows, 1)]


def numbers(sessions: Iterable[NumberedSession]) -> dict[UUID, int]:
    return {session.id: session.number for session in sessions}


def session_before(sessions: Iterable[NumberedSession], instant: datetime) -> NumberedSession | None:
    """Return the last session that had ended by an instant."""
    return max((one for one in sessions if one.ended_at <= instant), key=lambda one: one.number, default=None)


def next_check_in(session: NumberedSession | None, entry: Entry, now: datetime) -> datetime:
    """Return when it helps most to log again: after a session soon, then while it is sore, then weekly."""
    if session is None:
        return now + WEEK
    moments = (*CHECK_INS, *([LAST_CHECK_IN] if entry.soreness else []))
    due = (session.ended_at + after for after in moments)
    return next((moment for moment in due if moment > now), now + WEEK)


def is_hard(entry: Entry) -> bool:
    """Tell whether somebody reports a bad day, flagged or not."""
    grades = (entry.stiffness, entry.fatigue, entry.dizziness, entry.low_mood, entry.bruising)
    severe = any(grade == HARD_GRADE for grade in grades)
    return entry.pain >= HARD_PAIN or (entry.soreness or 0) >= HARD_PAIN or severe or entry.compared == "worse"


def is_expected(session: NumberedSession | None, entry: Entry) -> bool:
    """Tell whether an entry is from the two days in which a reaction is often reported."""
    return session is not None and entry.observed_at - session.ended_at <= EXPECTED
