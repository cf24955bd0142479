"""What really happens to a made-up patient: what no diary ever holds, and every alarm is judged by."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, log
from random import Random
from statistics import NormalDist

from diary.clinical.diary import DAY, HOUR, MILD, MODERATE, SEVERE, Instant
from diary.simulation.parameters import Parameters

START: Instant = 1_767_571_200
"""2026-01-05T00:00:00Z, a Monday; cohorts need a calendar, and no clock is asked."""
FOLLOWED = 14 * DAY
"""How long a course is followed after its last session."""
SETTLES = 48 * HOUR
"""The source document's two days, stated here again: the truth does not ask the rules what they mean by it."""
SEVERE_PAIN, SEVERE_RISE = 7, 3
GRADED = ("stiffness", "fatigue", "dizziness", "low_mood", "bruising")
QUARTILE = NormalDist().inv_cdf(0.75)


@dataclass(frozen=True, slots=True)
class Reaction:
    """A symptom after a session, highest at its start: soreness 1-10, the others a grade 1-3."""

    symptom: str
    start: Instant
    end: Instant
    peak: int

    def value(self, at: Instant) -> int:
        """Falls evenly, and is above nought until its end."""
        if not self.start <= at < self.end:
            return 0
        return ceil(self.peak * (self.end - at) / (self.end - self.start))


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of more pain: a natural flare (session None), or an aggravation by a session."""

    session: Instant | None
    start: Instant
    end: Instant
    size: float

    def covers(self, at: Instant) -> bool:
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Harm:
    """Pain that each session makes worse, from one session on, up to a total."""

    start: Instant
    step: float
    total: float


@dataclass(frozen=True, slots=True)
class Truth:
    """One patient's course as it is."""

    level: float
    change: float
    sessions: tuple[Instant, ...]
    reactions: tuple[Reaction, ...]
    episodes: tuple[Episode, ...]
    harm: Harm | None
    bleeds_easily: bool

    @property
    def ends(self) -> Instant:
        return self.sessions[-1] + FOLLOWED

    def worse_by(self, at: Instant) -> float:
        """Points that flares, aggravations and harm add."""
        return sum(episode.size for episode in self.episodes if episode.covers(at)) + self._harmed_by(at)

    def pain(self, at: Instant) -> float:
        """The latent pain, before any noise, and not yet bound to the scale."""
        first, last = self.sessions[0], self.sessions[-1]
        progress = min(1.0, max(0.0, (at - first) / (last - first)))
        return self.level + self.change * progress + self.worse_by(at)

    def symptom(self, name: str, at: Instant) -> int:
        return max((each.value(at) for each in self.reactions if each.symptom == name), default=0)

    def _harmed_by(self, at: Instant) -> float:
        if self.harm is None:
            return 0.0
        needled = sum(self.harm.start <= session <= at for session in self.sessions)
        return min(self.harm.total, self.harm.step * needled)


def truth(dice: Random, given: Parameters) -> Truth:
    """Draw one patient's course."""
    sessions = _sessions(dice, given)
    harmed = dice.random() < given.harm
    return Truth(
        level=min(10.0, max(0.0, dice.gauss(given.level_mean, given.level_sd))),
        change=0.0 if harmed else dice.gauss(given.change_mean, given.change_sd),
        sessions=sessions,
        reactions=tuple(reaction for session in sessions for reaction in _reactions(dice, given, session)),
        episodes=(*_flares(dice, given, sessions), *_aggravations(dice, given, sessions)),
        harm=_harm(dice, given, sessions) if harmed else None,
        bleeds_easily=dice.random() < given.blood_thinners,
    )


def lognormal(dice: Random, median: float, sigma: float) -> int:
    """A duration in seconds, from hours."""
    return int(dice.lognormvariate(log(median), sigma) * HOUR)


def _sessions(dice: Random, given: Parameters) -> tuple[Instant, ...]:
    day, sessions = dice.randrange(28), []
    for _ in range(dice.randint(int(given.sessions_fewest), int(given.sessions_most))):
        sessions.append(START + day * DAY + dice.randrange(9 * 60, 18 * 60, 15) * 60)
        drawn = dice.random()
        if drawn < given.weekly:
            day += 7
        else:
            day += dice.choice((3, 4)) if drawn < given.weekly + given.twice_weekly else 14
    return tuple(sessions)


def _reactions(dice: Random, given: Parameters, session: Instant) -> Iterator[Reaction]:
    if dice.random() < given.soreness:
        peak = min(10, max(1, round(dice.gauss(given.soreness_peak, given.soreness_peak_sd))))
        yield Reaction("soreness", session, session + _lasting(dice, given), peak)
    for symptom in GRADED:
        if dice.random() < getattr(given, symptom):
            bruise = symptom == "bruising"
            lasting = lognormal(dice, given.bruising_median, given.reaction_sigma) if bruise else _lasting(dice, given)
            yield Reaction(symptom, session, session + lasting, _grade(dice, given))


def _lasting(dice: Random, given: Parameters) -> int:
    if dice.random() < given.lingering:
        return int(dice.uniform(given.lingering_shortest, given.lingering_longest) * HOUR)
    return lognormal(dice, given.reaction_median, given.reaction_sigma)


def _grade(dice: Random, given: Parameters) -> int:
    drawn = dice.random()
    if drawn < given.severe:
        return SEVERE
    return MODERATE if drawn < given.severe + given.moderate else MILD


def _flares(dice: Random, given: Parameters, sessions: tuple[Instant, ...]) -> Iterator[Episode]:
    sigma = log(given.flare_three_quarters / given.flare_half) / QUARTILE
    at = sessions[0] - FOLLOWED
    while (at := at + int(dice.expovariate(1 / given.flare_every_days) * DAY)) < sessions[-1] + FOLLOWED:
        lasting = min(lognormal(dice, given.flare_half, sigma), int(given.flare_longest * HOUR))
        yield Episode(None, at, at + lasting, max(0.0, dice.gauss(given.flare_size, given.flare_size_sd)))


def _aggravations(dice: Random, given: Parameters, sessions: tuple[Instant, ...]) -> Iterator[Episode]:
    for session in sessions:
        if dice.random() < given.aggravation:
            at_once = dice.random() < given.on_the_table
            start = session + (0 if at_once else 1 + int(dice.random() * given.aggravation_within * HOUR))
            lasting = lognormal(dice, given.aggravation_median, given.aggravation_sigma)
            size = max(0.0, dice.gauss(given.aggravation_size, given.aggravation_size_sd))
            yield Episode(session, start, start + lasting, size)


def _harm(dice: Random, given: Parameters, sessions: tuple[Instant, ...]) -> Harm:
    start = sessions[dice.randrange(max(1, int(len(sessions) * given.harm_starts_by)))]
    return Harm(start, given.harm_step, dice.uniform(given.harm_least, given.harm_most))
