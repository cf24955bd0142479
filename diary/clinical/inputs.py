"""What a finding rested on, as the diary said it: kept with what was told, since a diary may be amended later."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

from diary.clinical.baseline import Baseline
from diary.clinical.case import Case
from diary.clinical.diary import Diary, Entry, Instant
from diary.clinical.document import compose
from diary.clinical.finding import Finding
from diary.clinical.observations import in_order
from diary.clinical.rules import marked_bruising, worsening_course
from diary.clinical.thresholds import DOUBLED_WITHIN


def inputs(diary: Diary, now: Instant, finding: Finding) -> dict[str, Any]:
    """What a finding rested on, and what that was compared with, as plain JSON.

    `sessions` and `entries` as in section 6 of the rules; `baseline` of the session, or of the whole course, as
    {"value", "provisional"}, or None; `usual`: the usual answer about its symptom, or None; `conditions`: those that
    its level rests on.
    """
    case = Case(diary, now)
    return rested_on(diary, finding.session, finding.evidence) | {
        "baseline": _stated(_baseline(case, finding)),
        "usual": case.usual(finding.symptom) if finding.symptom else None,
        "conditions": sorted(diary.intake.conditions & _conditions(finding)),
    }


def rested_on(diary: Diary, session: str | None, evidence: Collection[str]) -> dict[str, Any]:
    """The session and the entries in evidence as the diary says them now: no rule has a part in it."""
    sessions = tuple(one for one in diary.sessions if one.id == session)
    told = compose(replace(diary, sessions=sessions, entries=tuple(_in_evidence(diary.entries, evidence))), None)
    return {"sessions": told["sessions"], "entries": told["entries"]}


def _in_evidence(entries: Sequence[Entry], evidence: Collection[str]) -> Iterator[Entry]:
    """The entries in evidence, in order, with those that each of them stands for."""
    doubled: list[Entry] = []
    for entry in sorted(entries, key=in_order):
        if doubled and entry.observed_at - doubled[-1].observed_at > DOUBLED_WITHIN:
            doubled = []
        doubled.append(entry)
        if entry.id in evidence:
            yield from doubled


def _baseline(case: Case, finding: Finding) -> Baseline | None:
    if finding.rule == worsening_course.CODE:
        return case.course
    of_session = {follow_up.session.id: follow_up.baseline for follow_up in case.follow_ups}
    return of_session.get(finding.session or "")


def _stated(baseline: Baseline | None) -> dict[str, Any] | None:
    return {"value": baseline.value, "provisional": baseline.provisional} if baseline else None


def _conditions(finding: Finding) -> frozenset[str]:
    return marked_bruising.BLEEDS_EASILY if finding.rule == marked_bruising.CODE else frozenset()
