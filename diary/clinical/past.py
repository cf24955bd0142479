"""What a diary's closed past leaves behind: enough to judge all that comes after without reading it again.

A past ends where nothing reaches out of it: every reaction and every finding before it is over, and no follow-up is
under way. What is entered later, and later than that, then changes nothing in it, and it changes nothing later but by
the few facts kept here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from diary.clinical.baseline import Baseline
from diary.clinical.diary import Instant
from diary.clinical.settled import Settled
from diary.clinical.thresholds import BASELINE_REACHES_BACK, DOUBLED_WITHIN, SETTLES_WITHIN

ENTRIES_REACH = BASELINE_REACHES_BACK
"""Seconds before its end from which on the entries of a past are still read: the first session after it needs them."""
SESSIONS_REACH = BASELINE_REACHES_BACK + SETTLES_WITHIN
"""Likewise its sessions: whether one of those entries is settled."""


@dataclass(frozen=True, slots=True)
class Past:
    """A closed past, until an instant: the course of the whole diary, the usual answer by symptom, and the last
    settled levels, which the next ones are compared with.
    """

    until: Instant
    course: Baseline | None
    usual: Mapping[str, int]
    settled: tuple[Settled, ...]

    def is_before(self, changed: Instant) -> bool:
        """Whether a change at this instant leaves the past as it is, an entry that stands for another included."""
        return changed > self.until + DOUBLED_WITHIN


def plain(past: Past) -> dict[str, Any]:
    """A past as plain JSON."""
    return {
        "until": past.until,
        "course": past.course and [past.course.value, past.course.provisional],
        "usual": dict(past.usual),
        "settled": past.settled,
    }


def past_of(plain: dict[str, Any]) -> Past:
    """The past that was written so."""
    return Past(
        until=plain["until"],
        course=Baseline(*plain["course"]) if plain["course"] else None,
        usual=plain["usual"],
        settled=tuple(
            Settled(session, ended_at, value, first_at, tuple(evidence))
            for session, ended_at, value, first_at, evidence in plain["settled"]
        ),
    )
