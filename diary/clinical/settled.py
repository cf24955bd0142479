"""The settled level of a session: how things stood once its reaction should have been over."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diary.clinical.baseline import bucket_median
from diary.clinical.diary import Instant, Session
from diary.clinical.observations import FollowUp, Observation
from diary.clinical.thresholds import BUCKET, COURSE_REACHES, SETTLES_WITHIN


class Settled(NamedTuple):
    """`settled(S)` with the instant of the first rating in its range, and the entries there."""

    session: Session
    value: float
    first_at: Instant
    entries: Sequence[Observation]


def settled_levels(follow_ups: Sequence[FollowUp]) -> Iterator[Settled]:
    """The sessions that have a settled level, in order."""
    for follow_up in follow_ups:
        entries = [observation for observation in follow_up.observations if _is_settled_entry(observation, follow_up)]
        if ratings := [(entry.at, entry.pain) for entry in entries] + _next_pain_before(follow_up):
            start = follow_up.session.ended_at + SETTLES_WITHIN
            value, _ = bucket_median(((at - start - 1) // BUCKET, pain) for at, pain in ratings)
            yield Settled(follow_up.session, value, ratings[0][0], entries)


def _is_settled_entry(observation: Observation, follow_up: FollowUp) -> bool:
    return observation.id is not None and _in_range(observation.at, follow_up.session)


def _next_pain_before(follow_up: FollowUp) -> list[tuple[Instant, int]]:
    following = follow_up.next
    if following is None or following.pain_before is None or not _in_range(following.ended_at, follow_up.session):
        return []
    return [(following.ended_at, following.pain_before)]


def _in_range(at: Instant, session: Session) -> bool:
    return SETTLES_WITHIN < at - session.ended_at <= COURSE_REACHES
