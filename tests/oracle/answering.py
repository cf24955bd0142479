"""The answer: all eight rules, R6 among them, what cannot be told (section 5), and the form of section 6."""

from datetime import timedelta
from typing import Any

from .pain import escalating_pain, severe_pain, sharp_rise
from .reactions import SILENT_UNTIL, lingering_reaction, marked_bruising, silence, silent_since
from .reading import EPOCH, Session, read
from .terms import ROOM, Diary, Finding, baseline
from .worsening import course_of, settled_levels, worsening_course


def answer(document: Any, now: str | None) -> dict[str, Any]:
    """Return the assessment of section 6. Raises `Refused` with the path of the field that is wrong."""
    diary = Diary(read(document, now))
    return {
        "rules_version": "1",
        "now": written(diary.now),
        "findings": [finding_written(each) for each in sorted(findings(diary), key=place)],
        "not_evaluable": not_evaluable(diary),
        "due_at": written(due_at(diary)),
    }


def findings(diary: Diary) -> list[Finding]:
    severe = severe_pain(diary)
    return [
        *lingering_reaction(diary),
        *severe,
        *sharp_rise(diary),
        *escalating_pain(diary, severe),
        *worsening_course(diary),
        *red_flags(diary),
        *marked_bruising(diary),
        *silence(diary),
    ]


def red_flags(diary: Diary) -> list[Finding]:
    """R6: every entry by itself, doubled or not; never resolved by data."""
    return [
        Finding("red-flag", "urgent", entry.at, [entry.id], code=code)
        for entry in diary.entries
        for code in entry.red_flags
    ]


def place(finding: Finding) -> tuple:
    """Section 6: by `fired_at`, rule, session, symptom, code; and the entry, where two entries say one code at once."""
    return (
        finding.fired_at,
        finding.rule,
        finding.session or "",
        finding.symptom or "",
        finding.code or "",
        finding.evidence,
    )


# Section 5


def not_evaluable(diary: Diary) -> list[dict[str, str]]:
    """Section 5, by session instant, then rule."""
    rows = [row for each in diary.sessions for row in of_pain(diary, each)]
    rows += of_course(diary)
    order = [each.id for each in diary.sessions]
    rows.sort(key=lambda row: (order.index(row[1]), row[0]))
    return [{"rule": rule, "session": session, "reason": reason} for rule, session, reason in rows]


def of_pain(diary: Diary, session: Session) -> list[tuple[str, str, str]]:
    """Section 5, first point."""
    base, follow_up = baseline(diary, session), diary.follow_up(session)
    reason = None
    if base is None:
        reason = "no-baseline" if follow_up else None
    elif base.value > ROOM and not any(each.compared for each in follow_up):
        reason = "no-room"
    return [(rule, session.id, reason) for rule in ("escalating-pain", "severe-pain") if reason]


def of_course(diary: Diary) -> list[tuple[str, str, str]]:
    """Section 5, second point: the first reason that holds."""
    if len(diary.sessions) < 3:
        return []
    course = course_of(diary)
    if course is None:
        reason = "no-baseline"
    elif sum(course) > 10:
        reason = "no-room"
    else:
        reason = "no-settled-level" if len(settled_levels(diary)) < 3 else None
    return [("worsening-course", diary.sessions[0].id, reason)] if reason else []


def due_at(diary: Diary) -> int | None:
    """Section 5: only R8 changes with time alone."""
    times = [each.at + SILENT_UNTIL for each in diary.sessions if silent_since(diary, each) is not None]
    return min((each for each in times if each > diary.now), default=None)


# Section 6


def finding_written(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "session": finding.session,
        "symptom": finding.symptom,
        "code": finding.code,
        "level": finding.level,
        "fired_at": written(finding.fired_at),
        "evidence": finding.evidence,
        "state": "open" if finding.resolved_at is None else "resolved",
        "resolved_at": written(finding.resolved_at),
    }


def written(instant: int | None) -> str | None:
    """Section 6: UTC, with `Z`, to the second."""
    if instant is None:
        return None
    return (EPOCH + timedelta(seconds=instant)).isoformat().replace("+00:00", "Z")
