"""Section 2 of the rules: the pain a session is compared with, and what counts as a rise above it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from diary.clinical.diary import Instant
from diary.clinical.thresholds import (
    BACK_WITHIN,
    BUCKET,
    FIRM_BUCKETS,
    LOW_BASELINE,
    NOISY_RISE,
    RISE,
    RISE_WITHOUT_ROOM,
    ROOM_UP_TO,
    TOP_OF_SCALE,
)


class Rated(Protocol):
    """What a baseline needs to know of an observation."""

    @property
    def at(self) -> Instant: ...
    @property
    def pain(self) -> int: ...
    @property
    def compared(self) -> str | None: ...
    @property
    def settled(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Baseline:
    """The pain before a session (0-10, quarters possible); provisional where it rests on too few days."""

    value: float
    provisional: bool

    @property
    def has_room(self) -> bool:
        return self.value <= ROOM_UP_TO

    def rise(self, observation: Rated) -> int:
        """Points above the baseline that count as a rise at this observation."""
        if self.value < LOW_BASELINE or (self.provisional and observation.compared != "worse"):
            return NOISY_RISE
        return RISE

    def risen(self, observation: Rated, by: int | None = None) -> bool:
        """Whether pain has risen `by` so many points, `rise(observation)` where none are given."""
        if self.value > ROOM_UP_TO:
            by = RISE_WITHOUT_ROOM
            return observation.compared == "worse" and observation.pain >= min(TOP_OF_SCALE, self.value + by)
        by = self.rise(observation) if by is None else by
        return observation.pain >= min(TOP_OF_SCALE, self.value + by)


def back_to(reference: float) -> int:
    """The highest whole score that is within a point of the reference."""
    return int(reference + BACK_WITHIN)


def baseline(
    ended_at: Instant, before: Sequence[Rated], pain_before: int | None, usual_pain: int | None
) -> Baseline | None:
    """The baseline of a session that ended at `ended_at`, from the observations of the 8 days `before` it."""
    ratings = [_bucketed(ended_at, rating) for rating in before if rating.settled]
    if pain_before is not None:
        ratings.append((0, pain_before))
    if ratings := ratings or [_bucketed(ended_at, rating) for rating in before]:
        value, buckets = bucket_median(ratings)
        return Baseline(value, provisional=buckets < FIRM_BUCKETS)
    return None if usual_pain is None else Baseline(float(usual_pain), provisional=True)


def _bucketed(ended_at: Instant, rating: Rated) -> tuple[int, int]:
    return (ended_at - rating.at) // BUCKET, rating.pain


def bucket_median(ratings: Iterable[tuple[int, int]]) -> tuple[float, int]:
    """The median of the medians of each bucket, from (bucket, pain) pairs, and how many buckets hold a rating."""
    buckets: dict[int, list[float]] = {}
    for bucket, pain in ratings:
        buckets.setdefault(bucket, []).append(pain)
    return median([median(pains) for pains in buckets.values()]), len(buckets)


def median(values: list[float]) -> float:
    """The middle value; of an even count, the mean of the middle two."""
    if len(values) == 1:
        return float(values[0])
    ordered = sorted(values)
    middle, odd = divmod(len(ordered), 2)
    return float(ordered[middle]) if odd else (ordered[middle - 1] + ordered[middle]) / 2
