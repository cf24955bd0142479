"""Where the past of a diary can be closed."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import TypeAlias

from diary.clinical.case import Case
from diary.clinical.diary import SYMPTOMS, Instant
from diary.clinical.finding import Finding
from diary.clinical.past import Past
from diary.clinical.thresholds import FOLLOW_UP

Stretch: TypeAlias = tuple[Instant, Instant]
"""From an instant until another: no past can be closed inside it."""
NEVER: Instant = 2**63


def closed(case: Case, findings: Sequence[Finding], by: Instant) -> Past | None:
    """The latest past of a diary that can be closed by an instant; None where something has been going on ever since
    its first session, or there is none.
    """
    going_on = _GoingOn([*_spells(case), *_findings(case, findings)])
    until = next((place for place in _places(case, by) if not going_on.at(place)), None)
    return None if until is None else _past(case, until)


def _places(case: Case, by: Instant) -> Iterator[Instant]:
    """The last instant before the next session, or the one asked for, at which none is followed up any more; the end
    of each session; the latest first.
    """
    following = by + 1
    for session in reversed(case.sessions):
        if session.ended_at + FOLLOW_UP < following - 1:
            yield following - 1
        if session.ended_at <= by:
            yield session.ended_at
        following = min(following, session.ended_at)


def _spells(case: Case) -> Iterator[Stretch]:
    for spells in case.spells.values():
        for spell in spells:
            yield spell.sightings[0].observation.at, NEVER if spell.known_at is None else spell.known_at


def _findings(case: Case, findings: Sequence[Finding]) -> Iterator[Stretch]:
    """From the session that each is about until it resolved. A red flag is of its entry alone."""
    ended_at = {session.id: session.ended_at for session in case.sessions}
    for finding in findings:
        if finding.session is not None:
            yield ended_at[finding.session], NEVER if finding.resolved_at is None else finding.resolved_at


class _GoingOn:
    """Whether any of many stretches, each from its start to its end, lies over an instant."""

    def __init__(self, stretches: Iterable[Stretch]) -> None:
        ordered = sorted(stretches)
        self.starts = [start for start, _ in ordered]
        self.reach = list(accumulate((end for _, end in ordered), max))

    def at(self, instant: Instant) -> bool:
        begun = bisect_left(self.starts, instant)
        return begun > 0 and self.reach[begun - 1] > instant


def _past(case: Case, until: Instant) -> Past:
    before = [one for one in case.settled_levels if one.ended_at < until]
    kept = case.thresholds.multiple_sessions - 1
    return Past(until, case.course, {symptom: case.usual(symptom) for symptom in SYMPTOMS}, tuple(before[-kept:]))
