"""R4: pain that intensifies or persists instead of settling."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeAlias

from diary.clinical.baseline import Baseline, back_to
from diary.clinical.case import Case
from diary.clinical.climbs import Climb, Climbing
from diary.clinical.diary import NOTICE, PRIORITY, REVIEW, Instant
from diary.clinical.finding import Finding, highest
from diary.clinical.observations import FollowUp, Observation, evidence
from diary.clinical.rule import Rule
from diary.clinical.rules.severe_pain import CODE as SEVERE_PAIN
from diary.clinical.spells import Calm
from diary.clinical.thresholds import (
    ESCALATING_PAIN,
    ESCALATING_RUN,
    PERSISTING_RUN,
    STEEP,
)

CODE = "escalating-pain"
Resolution: TypeAlias = Callable[["Sign", Baseline | None], Observation | None]


class Sign(NamedTuple):
    """An observation at which the rule fires: the start of the run that it ends, the climb that it ends, or both."""

    observation: Observation
    run_from: Observation | None
    climb: Climb | None

    @property
    def rose_by(self) -> int:
        """How far it is above the first of its run or climb."""
        firsts = [first for first in (self.run_from, self.climb and self.climb[0]) if first]
        return self.observation.pain - min(first.pain for first in firsts)


def find(case: Case, told: Sequence[Finding]) -> Iterator[Finding]:
    """`told` holds what the practitioner has been told already: the findings of `severe-pain`."""
    severe: dict[str | None, list[Finding]] = {}
    for finding in told:
        if finding.rule == SEVERE_PAIN:
            severe.setdefault(finding.session, []).append(finding)
    resolution = _resolution(case)
    for follow_up in case.follow_ups:
        late = follow_up.session.ended_at + case.thresholds.settles_within
        yield from _found(follow_up, late, severe.get(follow_up.session.id, ()), resolution)


def _found(follow_up: FollowUp, late: Instant, severe: Sequence[Finding], resolution: Resolution) -> Iterator[Finding]:
    """One finding after another, each on the observations after the one that resolved the finding before."""
    observations = follow_up.observations
    while signs := list(_signs(observations, follow_up.baseline, late)):
        fired = signs[0]
        resolved = resolution(fired, follow_up.baseline)
        while_open = [sign for sign in signs if resolved is None or sign.observation.place < resolved.place]
        yield Finding(
            rule=CODE,
            session=follow_up.session.id,
            symptom=None,
            code=None,
            level=highest(_level(sign, severe) for sign in while_open),
            fired_at=fired.observation.at,
            evidence=evidence(_made_it_fire(fired, observations)),
            resolved_at=resolved.at if resolved else None,
        )
        observations = [later for later in observations if resolved and later.place > resolved.place]


def _signs(observations: Sequence[Observation], baseline: Baseline | None, late: Instant) -> Iterator[Sign]:
    """The observations after `late` at which the rule fires. Where there is a baseline, each of them is risen."""
    risen = [baseline is None or baseline.risen(observation) for observation in observations]
    if not any(risen):
        return
    run, climbing = _Run(baseline), Climbing()
    for observation, may_fire in zip(observations, risen, strict=True):
        run.extend(observation, may_fire)
        climb = climbing.climb_to(observation)
        if may_fire and observation.at > late and observation.pain >= ESCALATING_PAIN:
            run_from = run.first if run.fires(observation) else None
            if run_from or climb:
                yield Sign(observation, run_from, climb)


@dataclass(slots=True)
class _Run:
    """Form (a): the longest run, all risen, that ends at the newest observation."""

    baseline: Baseline | None
    first: Observation | None = None
    rose_further: bool = False

    def extend(self, observation: Observation, risen: bool) -> None:
        if self.baseline is None or not risen:
            self.first, self.rose_further = None, False
            return
        self.first = self.first or observation
        further = self.baseline.rise(observation) + 1
        self.rose_further = self.rose_further or self.baseline.risen(observation, by=further)

    def fires(self, last: Observation) -> bool:
        spans = last.at - self.first.at if self.first else 0
        return spans >= PERSISTING_RUN or (spans >= ESCALATING_RUN and self.rose_further)


def _level(sign: Sign, severe: Sequence[Finding]) -> str:
    if any(finding.open_at(sign.observation.at) for finding in severe):
        return NOTICE
    return PRIORITY if sign.rose_by >= STEEP else REVIEW


def _made_it_fire(sign: Sign, observations: Sequence[Observation]) -> Iterator[Observation]:
    for observation in observations:
        in_run = sign.run_from and sign.run_from.place <= observation.place <= sign.observation.place
        if in_run or (sign.climb and observation in sign.climb):
            yield observation


def _resolution(case: Case) -> Resolution:
    """Where a finding resolves: asked for by the sign at which it fired and its session's baseline."""

    @cache
    def calm(back: int) -> Calm:
        return Calm(case.observations, calm=lambda observation: observation.pain <= back)

    def resolution(fired: Sign, baseline: Baseline | None) -> Observation | None:
        reference = baseline.value if baseline else fired.climb[0].pain  # type: ignore[index]  # else there is a climb
        return calm(back_to(reference)).after(fired.observation)

    return resolution


RULE = Rule(
    code=CODE,
    levels=(NOTICE, REVIEW, PRIORITY),
    sources={
        "rule": "document",
        "after two days": "document",
        "from 4": "literature",
        "how long it stayed": "literature",
        "a climb": "ours",
        "how steep": "literature",
        "when it is over": "ours",
    },
    find=find,
)
