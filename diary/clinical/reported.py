"""What was reported after each session: the reactions whose rates a practice compares with what is published."""

from collections.abc import Mapping

from diary.clinical.diary import DAY, Diary, Entry, Instant, Session

LOOKS_FOR = 7 * DAY
"""How long after a session a report counts as one after it; the next session ends it earlier."""


def bruising(entry: Entry) -> bool | None:
    return "bleeding" in entry.red_flags or told(entry.reactions.get("bruising"))


def soreness(entry: Entry) -> bool | None:
    return told(entry.soreness)


def dizziness(entry: Entry) -> bool | None:
    return "collapse" in entry.red_flags or told(entry.reactions.get("dizziness"))


def breathing(entry: Entry) -> bool | None:
    """Stands on every form, so that an entry without it says that there is none."""
    return "breathing" in entry.red_flags


def infection(entry: Entry) -> bool | None:
    return "infection" in entry.red_flags


def told(answer: int | None) -> bool | None:
    """Tell whether an answer reports something; None where it was not given."""
    return None if answer is None else answer > 0


REPORTS = {
    "bruising": bruising,
    "soreness": soreness,
    "dizziness": dizziness,
    "breathing": breathing,
    "infection": infection,
}

PUBLISHED: Mapping[str, tuple[float, float]] = {
    "bruising": (0.10, 0.20),
    "soreness": (0.15, 0.25),
    "dizziness": (0.0, 0.05),
    "breathing": (0.0, 0.0001),
    "infection": (0.0, 0.0001),
}
"""How often each is reported, by the source document: 10-20 %, 15-25 %, below 5 %, below 0.01 %, below 0.01 %."""


def after_sessions(diary: Diary) -> dict[str, dict[str, bool | None]]:
    """Return, by session, what was reported after it: yes, no, or None where nobody answered."""
    sessions = sorted(diary.sessions, key=lambda session: session.ended_at)
    ends = [*(session.ended_at for session in sessions), None]
    return {session.id: after(diary, session, ends[place]) for place, session in enumerate(sessions, start=1)}


def after(diary: Diary, session: Session, following: Instant | None) -> dict[str, bool | None]:
    until = session.ended_at + LOOKS_FOR
    until = until if following is None else min(until, following)
    said = [entry for entry in diary.entries if session.ended_at <= entry.observed_at < until]
    return {symptom: either([report(entry) for entry in said]) for symptom, report in REPORTS.items()}


def either(answers: list[bool | None]) -> bool | None:
    """Return yes where any answer says so, no where all that were given say no, None where none was given."""
    given = [answer for answer in answers if answer is not None]
    return any(given) if given else None
