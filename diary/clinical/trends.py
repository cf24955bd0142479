"""The numbers behind the charts: series with their gaps, recovery curves, usual bands, settling times."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from diary.clinical.baseline import Baseline
from diary.clinical.case import Case
from diary.clinical.diary import HOUR, Diary, Instant
from diary.clinical.observations import FollowUp
from diary.clinical.spells import Spell, spells
from diary.clinical.thresholds import GAP, LOW_BASELINE, NOISY_RISE, RISE, TOP_OF_SCALE


class Point(NamedTuple):
    at: Instant
    value: int


class Reading(NamedTuple):
    """One point of a recovery curve: hours since T0, pain 0-10, soreness 0-10 or None."""

    hours: float
    pain: int
    soreness: int | None


class Band(NamedTuple):
    """The own usual: the baseline, and the pain from which a rise is counted without a word of the patient's.

    `risen_from` is None above a baseline of 8: there the patient's own word decides.
    """

    baseline: float
    provisional: bool
    risen_from: float | None


class Settling(NamedTuple):
    """How soreness went after a session: "settled" after so many hours, "still sore" at the last answer, "clear for
    now" at it but not for a day yet, "never sore", or "unknown".
    """

    state: str
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Recovery:
    """What followed one session, up to the next or for 14 days."""

    session: str
    curve: tuple[Reading, ...]
    band: Band | None
    settling: Settling


@dataclass(frozen=True, slots=True)
class Trends:
    """Pain and soreness as unbroken stretches, and each session's recovery, in order of time."""

    pain: tuple[tuple[Point, ...], ...]
    soreness: tuple[tuple[Point, ...], ...]
    recoveries: tuple[Recovery, ...]


def trends(diary: Diary, now: Instant) -> Trends:
    case = Case(diary, now)
    pain = (Point(observation.at, observation.pain) for observation in case.observations)
    soreness = (Point(observation.at, value) for observation, value in case.answers["soreness"])
    return Trends(tuple(stretches(pain)), tuple(stretches(soreness)), tuple(_recoveries(case)))


def stretches(points: Iterable[Point]) -> Iterator[tuple[Point, ...]]:
    """Points in order of time, parted where two are more than 48 h apart: no line is drawn over what nobody said."""
    stretch: list[Point] = []
    for point in points:
        if stretch and point.at - stretch[-1].at > GAP:
            yield tuple(stretch)
            stretch = []
        stretch.append(point)
    if stretch:
        yield tuple(stretch)


def band(baseline: Baseline) -> Band:
    rise = NOISY_RISE if baseline.provisional or baseline.value < LOW_BASELINE else RISE
    risen_from = min(TOP_OF_SCALE, baseline.value + rise) if baseline.has_room else None
    return Band(baseline.value, baseline.provisional, risen_from)


def _recoveries(case: Case) -> Iterator[Recovery]:
    sore = spells(case.answers["soreness"], case.sessions, case.usual("soreness")) if case.sessions else []
    seen_after = {sighting.latest.id: spell for spell in sore for sighting in spell.sightings}
    for follow_up in case.follow_ups:
        yield Recovery(
            session=follow_up.session.id,
            curve=tuple(_curve(follow_up)),
            band=band(follow_up.baseline) if follow_up.baseline else None,
            settling=_settling(follow_up, seen_after.get(follow_up.session.id), case.usual("soreness")),
        )


def _curve(follow_up: FollowUp) -> Iterator[Reading]:
    for observation in follow_up.observations:
        yield Reading((observation.at - follow_up.session.ended_at) / HOUR, observation.pain, observation.soreness)


def _settling(follow_up: FollowUp, spell: Spell | None, usual: int) -> Settling:
    """From the last spell of soreness that was seen after the session: settled where it ended before the next."""
    if spell is None:
        asked = any(observation.soreness is not None for observation in follow_up.observations)
        return Settling("never sore" if asked else "unknown")
    ended_at, following = spell.ended_at, follow_up.next
    if ended_at is None or (following and ended_at >= following.ended_at):
        *_, last = (one.soreness for one in follow_up.until_next() if one.soreness is not None)
        return Settling("still sore" if last > usual else "clear for now")
    return Settling("settled", (ended_at - follow_up.session.ended_at) / HOUR)
