"""Observations: what entries say once a mistyped one is put right, and how they follow a session."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeAlias

from diary.clinical.baseline import Baseline
from diary.clinical.diary import Entry, Instant, Session
from diary.clinical.thresholds import DOUBLED_WITHIN


class Observation(NamedTuple):
    """An entry, doubled ones made one; or a session's `pain_after`, which has no id and answers nothing else."""

    at: Instant
    pain: int
    soreness: int | None
    reactions: Mapping[str, int]
    compared: str | None
    id: str | None
    place: int
    """Its place among all observations of the diary."""
    settled: bool
    """Whether no session ended less than 48 h before it."""


Answer: TypeAlias = tuple[Observation, int]
"""An observation with what it answers about one symptom."""


class FollowUp(NamedTuple):
    """What follows a session until the next: the observations of its follow-up, and those too late to be of it."""

    session: Session
    next: Session | None
    baseline: Baseline | None
    observations: Sequence[Observation]
    later: Sequence[Observation]

    def until_next(self) -> Iterator[Observation]:
        yield from self.observations
        yield from self.later


def evidence(observations: Iterable[Observation]) -> tuple[str, ...]:
    return tuple(observation.id for observation in observations if observation.id is not None)


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """The entries in order, doubled ones made one: the later stands for both, its gaps filled from the earlier."""
    standing: list[Entry] = []
    for entry in sorted(entries, key=in_order):
        if standing and entry.observed_at - standing[-1].observed_at <= DOUBLED_WITHIN:
            standing.append(_filled(entry, standing.pop()))
        else:
            standing.append(entry)
    return standing


def in_order(entry: Entry) -> tuple[Instant, Instant, str]:
    return entry.observed_at, entry.recorded_at, entry.id


def _filled(later: Entry, earlier: Entry) -> Entry:
    return replace(
        later,
        soreness=earlier.soreness if later.soreness is None else later.soreness,
        reactions={**earlier.reactions, **later.reactions},
        compared=later.compared or earlier.compared,
    )
