"""What a finding rested on, as the diary said it: kept with what was told, since a diary may be amended later."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cached_property
from typing import Any

from diary.clinical.baseline import Baseline
from diary.clinical.case import Case
from diary.clinical.diary import Diary, Entry, Instant
from diary.clinical.document import compose
from diary.clinical.finding import Finding
from diary.clinical.observations import in_order
from diary.clinical.rules import marked_bruising, worsening_course
from diary.clinical.thresholds import DOUBLED_WITHIN


class Inputs:
    """Looks up what findings of one diary rested on; the diary is put in order once, for however many there are."""

    def __init__(self, diary: Diary, now: Instant) -> None:
        self.diary, self.case = diary, Case(diary, now)

    def of(self, finding: Finding) -> dict[str, Any]:
        """What a finding rested on, and what that was compared with, as plain JSON.

        `sessions` and `entries` as in section 6 of the rules; `baseline` of the session, or of the whole course, as
        {"value", "provisional"}, or None; `usual`: the usual answer about its symptom, or None; `conditions`: those
        that its level rests on.
        """
        return self.rested_on(finding.session, finding.evidence) | {
            "baseline": _stated(self._baseline(finding)),
            "usual": self.case.usual(finding.symptom) if finding.symptom else None,
            "conditions": sorted(self.diary.intake.conditions & _conditions(finding)),
        }

    def rested_on(self, session: str | None, evidence: Collection[str]) -> dict[str, Any]:
        """The session and the entries in evidence as the diary says them now: no rule has a part in it."""
        sessions = tuple(one for one in self.diary.sessions if one.id == session)
        told = compose(replace(self.diary, sessions=sessions, entries=tuple(self._in_evidence(evidence))), None)
        return {"sessions": told["sessions"], "entries": told["entries"]}

    def _in_evidence(self, evidence: Collection[str]) -> Iterator[Entry]:
        """The entries in evidence, in order, with those that each of them stands for."""
        for place in sorted({self._places[id] for id in evidence if id in self._places}):
            yield from self._entries[self._doubled_since[place] : place + 1]

    def _baseline(self, finding: Finding) -> Baseline | None:
        return self.case.course if finding.rule == worsening_course.CODE else self._baselines.get(finding.session or "")

    @cached_property
    def _baselines(self) -> dict[str, Baseline | None]:
        return {follow_up.session.id: follow_up.baseline for follow_up in self.case.follow_ups}

    @cached_property
    def _entries(self) -> list[Entry]:
        return sorted(self.diary.entries, key=in_order)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {entry.id: place for place, entry in enumerate(self._entries)}

    @cached_property
    def _doubled_since(self) -> list[int]:
        """By place: the place of the first of the doubled entries that it ends."""
        since: list[int] = []
        for place, entry in enumerate(self._entries):
            doubles = place and entry.observed_at - self._entries[place - 1].observed_at <= DOUBLED_WITHIN
            since.append(since[-1] if doubles else place)
        return since


def _stated(baseline: Baseline | None) -> dict[str, Any] | None:
    return {"value": baseline.value, "provisional": baseline.provisional} if baseline else None


def _conditions(finding: Finding) -> frozenset[str]:
    return marked_bruising.BLEEDS_EASILY if finding.rule == marked_bruising.CODE else frozenset()
