"""Runs and spells: what goes on, and when it has ended."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple, TypeAlias

from diary.clinical.diary import Instant, Session
from diary.clinical.observations import Answer, Observation
from diary.clinical.thresholds import CALM_FOR, CARRIED_FROM, FOLLOW_UP

Judge: TypeAlias = Callable[[Observation], bool]


def span(run: Sequence[Observation]) -> int:
    return run[-1].at - run[0].at if run else 0


class Calm:
    """Tells where a calm run, across follow-ups, first spans a day. It walks over no stretch of the diary twice."""

    def __init__(self, observations: Sequence[Observation], calm: Judge, asked: Judge = lambda _: True) -> None:
        """`calm` judges each observation of a run; at least one of the run must be `asked`."""
        self.observations = observations
        self.calm = calm
        self.asked = asked
        self.known: dict[int, Observation | None] = {}  # by the place of an observation that is not calm

    def after(self, fired: Observation) -> Observation | None:
        """The observation at which a run that lies wholly after this one reaches a span of a day, if one does."""
        broken: list[int] = []
        reached = self._walk(fired.place + 1, broken)
        self.known.update(dict.fromkeys(broken, reached))
        return reached

    def _walk(self, place: int, broken: list[int]) -> Observation | None:
        first: Observation | None = None
        asked = False
        for observation in islice(self.observations, place, None):
            if not self.calm(observation):
                if observation.place in self.known:
                    return self.known[observation.place]
                broken.append(observation.place)
                first, asked = None, False
                continue
            first = first or observation
            asked = asked or self.asked(observation)
            if asked and observation.at - first.at >= CALM_FOR:
                return observation
        return None


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

    def see(self, observation: Observation, value: int, present: bool, latest: Session) -> "Spell | None":
        """Take in an answer; the spell itself while it goes on, None once it is known to have ended."""
        if present:
            self.sightings.append(Sighting(observation, value, self.last_value, latest, self.anchor))
            self.clear_since = None
        elif self.clear_since is None:
            self.clear_since = observation.at
        elif observation.at - self.clear_since >= CALM_FOR:
            self.known_at = observation.at
            return None
        self.last_at, self.last_value = observation.at, value
        return self

    def meet(self, session: Session) -> "Spell | None":
        """Have ended at the clear observation before this session, or be carried into it, or take it for an anchor."""
        if self.clear_since is not None:
            self.known_at = session.ended_at
            return None
        if self.last_at < session.ended_at - CARRIED_FROM:
            self.anchor = session
        return self


def spells(answers: Iterable[Answer], sessions: Iterable[Session], usual: int) -> list[Spell]:
    """The spells of one symptom, from its answers and the sessions, each in order of time."""
    found: list[Spell] = []
    spell: Spell | None = None
    latest: Session | None = None
    ahead = deque(sessions)
    for observation, value in answers:
        while ahead and ahead[0].ended_at <= observation.at:
            latest = ahead.popleft()
            spell = spell and spell.meet(latest)
        present = value > usual
        if latest and present and not spell and observation.at <= latest.ended_at + FOLLOW_UP:
            spell = Spell(latest)
            found.append(spell)
        if latest and spell:
            spell = spell.see(observation, value, present, latest)
    if spell and ahead:
        spell.meet(ahead[0])
    return found
