"""Runs and spells: what goes on, and when it has ended."""

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from diary.clinical.diary import Instant, Session
from diary.clinical.observations import Answer, Observation
from diary.clinical.thresholds import CALM_FOR, CARRIED_FROM, FOLLOW_UP


def span(run: Sequence[Observation]) -> int:
    return run[-1].at - run[0].at if run else 0


def calm_from(
    observations: Sequence[Observation],
    calm: Callable[[Observation], bool],
    asked: Callable[[Observation], bool] = lambda _: True,
) -> list[Observation | None]:
    """For each place, the observation at which a calm run that starts there or later first spans a day.

    One of the run must be `asked`. The list is one longer than the observations: after the last there is none.
    """
    instants = [observation.at for observation in observations]
    reached: list[Observation | None] = [None] * (len(observations) + 1)
    end = first_asked = len(observations)
    for place in reversed(range(len(observations))):
        if asked(observations[place]):
            first_asked = place
        if not calm(observations[place]):
            end = place
        spanned = max(bisect_left(instants, instants[place] + CALM_FOR), first_asked)
        reached[place] = observations[spanned] if spanned < end else reached[place + 1]
    return reached


class Sighting(NamedTuple):
    """A present observation of a spell, as things stood at it."""

    observation: Observation
    value: int
    previous: int | None
    """The answer before it within the spell."""
    latest: Session
    """The latest session at or before it."""
    anchor: Session


@dataclass(slots=True)
class Spell:
    """A symptom above its usual level, from its first sighting until it has stayed away.

    `ended_at` is its first clear observation, `known_at` the instant at which that was known to be the end.
    """

    anchor: Session
    sightings: list[Sighting] = field(default_factory=list)
    last_at: Instant = 0
    last_value: int | None = None
    clear_since: Instant | None = None
    known_at: Instant | None = None

    @property
    def ended_at(self) -> Instant | None:
        return None if self.known_at is None else self.clear_since

    @property
    def under_way(self) -> bool:
        return self.known_at is None

    def see(self, observation: Observation, value: int, present: bool, latest: Session) -> None:
        if present:
            self.sightings.append(Sighting(observation, value, self.last_value, latest, self.anchor))
            self.clear_since = None
        elif self.clear_since is None:
            self.clear_since = observation.at
        elif observation.at - self.clear_since >= CALM_FOR:
            self.known_at = observation.at
        self.last_at, self.last_value = observation.at, value

    def meet(self, session: Session) -> None:
        """Be carried into a session, take it for an anchor, or have ended at the clear observation before it."""
        if self.clear_since is not None:
            self.known_at = session.ended_at
        elif self.last_at < session.ended_at - CARRIED_FROM:
            self.anchor = session


def spells(answers: Iterable[Answer], sessions: Iterable[Session], usual: int) -> list[Spell]:
    """The spells of one symptom, from its answers and the sessions, each in order of time."""
    found: list[Spell] = []
    ahead = deque(sessions)
    latest: Session | None = None
    for observation, value in answers:
        while ahead and ahead[0].ended_at <= observation.at:
            latest = ahead.popleft()
            _meet(found, latest)
        if latest:
            _see(found, observation, value, value > usual, latest)
    for session in ahead:
        _meet(found, session)
    return found


def _meet(found: list[Spell], session: Session) -> None:
    if found and found[-1].under_way:
        found[-1].meet(session)


def _see(found: list[Spell], observation: Observation, value: int, present: bool, latest: Session) -> None:
    """A spell starts at a present observation in a follow-up, where none is under way."""
    under_way = bool(found) and found[-1].under_way
    if present and not under_way and observation.at <= latest.ended_at + FOLLOW_UP:
        found.append(Spell(latest))
        under_way = True
    if under_way:
        found[-1].see(observation, value, present, latest)
