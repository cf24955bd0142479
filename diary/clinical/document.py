"""The diary as JSON (section 6 of the rules): read strictly, composed again, and its assessment written."""

from collections.abc import Mapping
from typing import Any, TypeVar, overload

from diary.clinical.assess import Assessment
from diary.clinical.diary import (
    COMPARED,
    CONDITIONS,
    GRADES,
    REACTIONS,
    RED_FLAGS,
    Diary,
    Entry,
    Instant,
    Intake,
    Session,
)
from diary.clinical.finding import Finding
from diary.clinical.instants import instant_of, text_of
from diary.clinical.members import InvalidDiary, Members, name, one_of, score, time_zone, yes_or_no

__all__ = ["FORMAT", "InvalidDiary", "compose", "read", "write"]

FORMAT = "symptom-diary/1"
T = TypeVar("T")


@overload
def read(document: object, now: Instant | None, clock: None = None) -> tuple[Diary, Instant | None]: ...
@overload
def read(document: object, now: Instant | None, clock: Instant) -> tuple[Diary, Instant]: ...
def read(document: object, now: Instant | None, clock: Instant | None = None) -> tuple[Diary, Instant | None]:
    """Read a parsed JSON document as a diary, and the instant at which to assess it.

    That is `now` where given, else the diary's own, else `clock`; where none of them is, nothing can be later than it.
    Raises `InvalidDiary` for the first thing wrong, in the order of the form: format, now, time zone, intake, sessions,
    entries.
    """
    members = Members(document)
    members.need("format", one_of([FORMAT]))
    own = members.get("now", instant_of, None)
    now = next((instant for instant in (now, own, clock) if instant is not None), None)
    diary = Diary(
        time_zone=members.get("time_zone", time_zone, "UTC"),
        intake=_intake(members.part("intake")),
        sessions=_sessions(members, now),
        entries=_entries(members, now),
    )
    return diary, now


def _intake(members: Members) -> Intake:
    return Intake(
        usual_pain=members.get("usual_pain", score, None),
        usual_soreness=members.get("usual_soreness", score, None),
        usual_reactions=_reactions(members.part("usual_reactions")),
        conditions=frozenset(members.items("conditions", one_of(CONDITIONS))),
    )


def _sessions(members: Members, now: Instant | None) -> tuple[Session, ...]:
    sessions = []
    ids: set[str] = set()
    instants: set[Instant] = set()
    for member in members.parts("sessions"):
        session = _session(member, now)
        _once(session.id, ids, member.named("id"), "another session has this id")
        _once(session.ended_at, instants, member.named("ended_at"), "another session ended at this instant")
        sessions.append(session)
    return tuple(sessions)


def _entries(members: Members, now: Instant | None) -> tuple[Entry, ...]:
    entries = []
    ids: set[str] = set()
    for member in members.parts("entries"):
        entry = _entry(member, now)
        _once(entry.id, ids, member.named("id"), "another entry has this id")
        entries.append(entry)
    return tuple(entries)


def _once(value: T, known: set[T], field: str, problem: str) -> None:
    if value in known:
        raise InvalidDiary(field, problem)
    known.add(value)


def _session(members: Members, now: Instant | None) -> Session:
    return Session(
        id=members.need("id", name),
        ended_at=_not_later(members, "ended_at", now),
        pain_before=members.get("pain_before", score, None),
        pain_after=members.get("pain_after", score, None),
        sharp_increase=members.get("sharp_increase", yes_or_no, False),
    )


def _entry(members: Members, now: Instant | None) -> Entry:
    id = members.need("id", name)
    observed_at = _not_later(members, "observed_at", now)
    return Entry(
        id=id,
        observed_at=observed_at,
        recorded_at=members.get("recorded_at", instant_of, observed_at),
        pain=members.need("pain", score),
        soreness=members.get("soreness", score, None),
        reactions=_reactions(members.part("reactions")),
        compared=members.get("compared", one_of(COMPARED), None),
        red_flags=tuple(members.items("red_flags", one_of(RED_FLAGS))),
    )


def _not_later(members: Members, field: str, now: Instant | None) -> Instant:
    instant = members.need(field, instant_of)
    if now is not None and instant > now:
        raise InvalidDiary(members.named(field), f"later than now, {text_of(now)}")
    return instant


def _reactions(members: Members) -> dict[str, int]:
    """The reactions answered, from name to grade. A name that is not one of them is an unknown code."""
    for reaction in members.value:
        if reaction not in REACTIONS:
            field = members.named(reaction) if reaction.isidentifier() else members.path
            raise InvalidDiary(field, f"not one of {', '.join(REACTIONS)}")
    grades = ((reaction, members.get(reaction, one_of(GRADES), None)) for reaction in members.value)
    return {reaction: GRADES.index(grade) for reaction, grade in grades if grade is not None}


def compose(diary: Diary, now: Instant | None) -> dict[str, Any]:
    """Compose the JSON form that `read` reads; `now` is left out where it is None."""
    intake = diary.intake
    return {
        "format": FORMAT,
        **({} if now is None else {"now": text_of(now)}),
        "time_zone": diary.time_zone,
        "intake": {
            "usual_pain": intake.usual_pain,
            "usual_soreness": intake.usual_soreness,
            "usual_reactions": _grades(intake.usual_reactions),
            "conditions": sorted(intake.conditions),
        },
        "sessions": [_composed_session(session) for session in diary.sessions],
        "entries": [_composed_entry(entry) for entry in diary.entries],
    }


def _composed_session(session: Session) -> dict[str, Any]:
    return {
        "id": session.id,
        "ended_at": text_of(session.ended_at),
        "pain_before": session.pain_before,
        "pain_after": session.pain_after,
        "sharp_increase": session.sharp_increase,
    }


def _composed_entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "observed_at": text_of(entry.observed_at),
        "recorded_at": text_of(entry.recorded_at),
        "pain": entry.pain,
        "soreness": entry.soreness,
        "reactions": _grades(entry.reactions),
        "compared": entry.compared,
        "red_flags": list(entry.red_flags),
    }


def _grades(reactions: Mapping[str, int]) -> dict[str, str]:
    return {reaction: GRADES[grade] for reaction, grade in reactions.items()}


def write(assessment: Assessment) -> dict[str, Any]:
    """Write an assessment as section 6 of the rules shows it, ready for JSON."""
    return {
        "rules_version": assessment.rules_version,
        "now": text_of(assessment.now),
        "findings": [_written(finding) for finding in assessment.findings],
        "not_evaluable": [
            {"rule": unknown.rule, "session": unknown.session, "reason": unknown.reason}
            for unknown in assessment.not_evaluable
        ],
        "due_at": _text_or_none(assessment.due_at),
    }


def _written(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "session": finding.session,
        "symptom": finding.symptom,
        "code": finding.code,
        "level": finding.level,
        "fired_at": text_of(finding.fired_at),
        "evidence": list(finding.evidence),
        "state": finding.state,
        "resolved_at": _text_or_none(finding.resolved_at),
    }


def _text_or_none(instant: Instant | None) -> str | None:
    return None if instant is None else text_of(instant)
