"""R2: a reaction must not escalate into severe pain; a significant intensification warrants evaluation."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TypeAlias

from diary.clinical.baseline import Baseline, back_to
from diary.clinical.case import Case
from diary.clinical.diary import PRIORITY
from diary.clinical.finding import Finding
from diary.clinical.observations import FollowUp, Observation, evidence
from diary.clinical.rule import Rule
from diary.clinical.spells import Calm, span
from diary.clinical.thresholds import (
    OVERRULES_THE_WORD,
    SEVERE_RISE,
    SEVERE_RUN,
    SEVERE_RUN_AGAINST_THE_WORD,
    SEVERE_SORENESS,
)

CODE = "severe-pain"
NO_WORSE = ("better", "same")
NOWHERE = -1
"""Without a baseline no severe pain is back: only one below severe is calm."""
Resolution: TypeAlias = Callable[[Observation, Baseline | None], Observation | None]


def find(case: Case, _: Sequence[Finding]) -> Iterator[Finding]:
    going_on, resolution = _GoingOn(case.thresholds.severe_pain), _resolution(case)
    for follow_up in case.follow_ups:
        yield from _found(follow_up, going_on, resolution)


def _found(follow_up: FollowUp, going_on: "_GoingOn", resolution: Resolution) -> Iterator[Finding]:
    run: list[Observation] = []
    observations = iter(follow_up.observations)
    for observation in observations:
        fired = _fires(observation, run, follow_up.baseline, going_on)
        going_on.see(observation)
        if fired:
            resolved = resolution(observation, follow_up.baseline)
            going_on.open(observation, resolved)
            yield _finding(follow_up, fired, resolved)
            run = []
            for later in observations:  # one finding is open at a time: the next rests on what follows its resolution
                going_on.see(later)
                if later is resolved:
                    break
    for observation in follow_up.later:
        going_on.see(observation)


def _finding(follow_up: FollowUp, fired: Sequence[Observation], resolved: Observation | None) -> Finding:
    return Finding(
        rule=CODE,
        session=follow_up.session.id,
        symptom=None,
        code=None,
        level=PRIORITY,
        fired_at=fired[-1].at,
        evidence=evidence(fired),
        resolved_at=resolved.at if resolved else None,
    )


def _fires(
    observation: Observation, run: list[Observation], baseline: Baseline | None, going_on: "_GoingOn"
) -> Sequence[Observation]:
    """The observations that make it fire, none where it does not; `run` is brought up to this observation."""
    if observation.pain >= going_on.severe_pain:
        _extend(run, observation, baseline)
        fired = _severe_pain(observation, run, baseline)
        if fired and not going_on.at(observation):
            return fired
    else:
        run.clear()
    return [observation] if _severely_sore(observation) else ()


def _extend(run: list[Observation], observation: Observation, baseline: Baseline | None) -> None:
    if baseline and baseline.risen(observation):
        run.append(observation)
    else:
        run.clear()


def _severe_pain(observation: Observation, run: list[Observation], baseline: Baseline | None) -> Sequence[Observation]:
    """Forms (ii), (i) and (iv), at a pain that is severe."""
    no_worse = observation.compared in NO_WORSE
    if span(run) >= (SEVERE_RUN_AGAINST_THE_WORD if no_worse else SEVERE_RUN):
        return run
    if baseline is None:
        return () if no_worse else [observation]
    overruled = observation.pain >= baseline.value + OVERRULES_THE_WORD
    return [observation] if baseline.risen(observation, by=SEVERE_RISE) and (overruled or not no_worse) else ()


def _severely_sore(observation: Observation) -> bool:
    """Form (iii)."""
    return observation.soreness is not None and observation.soreness >= SEVERE_SORENESS


def _resolution(case: Case) -> Resolution:
    """Where a finding resolves: asked for by the observation at which it fired and its session's baseline."""
    severe_pain = case.thresholds.severe_pain

    @cache
    def calm(back: int, asked_soreness: bool) -> Calm:
        return Calm(
            case.observations,
            calm=lambda observation: _is_calm(observation, back, severe_pain),
            asked=lambda observation: not asked_soreness or observation.soreness is not None,
        )

    def resolution(fired: Observation, baseline: Baseline | None) -> Observation | None:
        back = back_to(baseline.value) if baseline else NOWHERE
        return calm(back, _severely_sore(fired)).after(fired)

    return resolution


def _is_calm(observation: Observation, back: int, severe_pain: int) -> bool:
    if _severely_sore(observation):
        return False
    return observation.pain < severe_pain or (observation.pain <= back and observation.compared != "worse")


class _GoingOn:
    """A severe pain that goes on is one finding, not one a session.

    Holds the open findings since whose firing pain was never below severe. The earliest of them that is open decides:
    its pain was at least as high since as that of any later one.
    """

    def __init__(self, severe_pain: int) -> None:
        self.severe_pain = severe_pain
        self.findings: deque[tuple[Observation, Observation | None]] = deque()
        self.last_at_score: dict[int, int] = {}

    def open(self, fired: Observation, resolved: Observation | None) -> None:
        self.findings.append((fired, resolved))

    def see(self, observation: Observation) -> None:
        if observation.pain < self.severe_pain:
            self.findings.clear()
        self.last_at_score[observation.pain] = observation.place

    def at(self, observation: Observation) -> bool:
        """Whether an open finding's pain goes on here, no higher than it was at its firing or since."""
        while self.findings and _is_resolved(self.findings[0][1], observation):
            self.findings.popleft()
        if not self.findings:
            return False
        fired, _ = self.findings[0]
        return any(last >= fired.place for score, last in self.last_at_score.items() if score >= observation.pain)


def _is_resolved(resolved: Observation | None, observation: Observation) -> bool:
    return resolved is not None and resolved.at <= observation.at


RULE = Rule(
    code=CODE,
    levels=(PRIORITY,),
    sources={
        "rule": "document",
        "severe from 7": "literature",
        "how far it rose": "literature",
        "how long it stayed": "literature",
        "the patient's own word": "ours",
        "when it is over": "ours",
    },
    find=find,
)
