"""The settled level of a session: how things stood once its reaction should have been over."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diary.clinical.baseline import bucket_median
from diary.clinical.diary import Instant, Session
from diary.clinical.observations import FollowUp, evidence
from diary.clinical.thresholds import BUCKET, COURSE_REACHES


class Settled(NamedTuple):
    """`settled(S)` with the instant of the first rating in its range, and the ids of the entries there."""

    session: str
    ended_at: Instant
    value: float
    first_at: Instant
    evidence: tuple[str, ...]


def settled_levels(follow_ups: Sequence[FollowUp], settles_within: int) -> Iterator[Settled]:
    """The sessions that have a settled level, in order."""
    for follow_up in follow_ups:
        ended_at = follow_up.session.ended_at
        start, end = ended_at + settles_within, ended_at + COURSE_REACHES
        entries = [entry for entry in follow_up.observations if entry.id is not None and start < entry.at <= end]
        if ratings := [(entry.at, entry.pain) for entry in entries] + _next_pain_before(follow_up.next, start, end):
            value, _ = bucket_median(((at - start - 1) // BUCKET, pain) for at, pain in ratings)
            yield Settled(follow_up.session.id, ended_at, value, ratings[0][0], evidence(entries))


def _next_pain_before(following: Session | None, start: Instant, end: Instant) -> list[tuple[Instant, int]]:
    if following is None or following.pain_before is None or not start < following.ended_at <= end:
        return []
    return [(following.ended_at, following.pain_before)]
