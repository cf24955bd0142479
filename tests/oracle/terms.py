"""What the rules speak of: observations, follow-ups, runs, baselines, rises, findings (sections 1 to 4)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from .reading import Entry, Session, Written

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600  # seconds
DOUBLED_WITHIN = 15 * MINUTE
FOLLOWED_FOR = 14 * DAY
SETTLED_AFTER = 48 * HOUR
LOOKED_BACK = 8 * DAY
FIRM_BUCKETS = 3
LOW_BASELINE = 2
ROOM = 8  # the highest baseline above which a rise can still be read from the score
LEVELS = ("notice", "review", "priority", "urgent")  # section 3, lowest first


@dataclass(frozen=True, eq=False)  # each is itself alone
class Observation:
    """Section 1: an entry, or the later of doubled ones; without an id, a session's `pain_after`."""

    id: str | None
    at: int
    pain: int
    answers: dict[str, int] = field(default_factory=dict)
    compared: str | None = None


@dataclass
class Finding:
    """Section 4, "A finding has". `by` is the observation that fired, for the rules that look back at it."""

    rule: str
    level: str
    fired_at: int
    evidence: list[str]
    session: str | None = None
    symptom: str | None = None
    code: str | None = None
    resolved_at: int | None = None
    by: Observation | None = None

    def open_at(self, at: int) -> bool:
        """R2: "fired_at <= observed_at < resolved_at, or not resolved"."""
        return self.fired_at <= at and (self.resolved_at is None or at < self.resolved_at)


@dataclass(frozen=True)
class Baseline:
    value: float
    provisional: bool


class Diary:
    """A diary as the rules see it: sessions by instant, observations in order."""

    def __init__(self, written: Written):
        self.now = written.now
        self.sessions = written.sessions
        self.entries = written.entries
        self.usual_pain = written.usual_pain
        self.usual = written.usual
        self.conditions = written.conditions
        self.from_entries = undoubled(written.entries)
        self.observations = in_order(after_sessions(written.sessions), self.from_entries)

    def next_session(self, at: int) -> Session | None:
        return next((each for each in self.sessions if each.at > at), None)

    def latest_session(self, at: int) -> Session | None:
        return next((each for each in reversed(self.sessions) if each.at <= at), None)

    def follow_up(self, session: Session) -> list[Observation]:
        """Section 1, "follow-up of S"."""
        until = self.next_session(session.at)
        return [
            each
            for each in self.observations
            if session.at <= each.at <= session.at + FOLLOWED_FOR and (until is None or each.at < until.at)
        ]

    def after(self, observation: Observation) -> list[Observation]:
        """Return all observations of the diary that follow this one, across follow-ups."""
        return self.observations[self.observations.index(observation) + 1 :]

    def between(self, first: Observation, last: Observation) -> list[Observation]:
        """Return the first and what follows it, up to and without the last."""
        return self.observations[self.observations.index(first) : self.observations.index(last)]


def undoubled(entries: list[Entry]) -> list[Observation]:
    """Section 1, "doubled entries": the later stands for both, with what it leaves open filled from the earlier."""
    made: list[Observation] = []
    for entry in entries:
        answers, compared = entry.answers, entry.compared
        if made and entry.at - made[-1].at <= DOUBLED_WITHIN:
            earlier = made.pop()
            answers, compared = {**earlier.answers, **answers}, compared or earlier.compared
        made.append(Observation(entry.id, entry.at, entry.pain, answers, compared))
    return made


def after_sessions(sessions: list[Session]) -> list[Observation]:
    """Section 1: `pain_after` is an observation of pain at `T0(S)`, with nothing else answered and no id."""
    return [Observation(None, each.at, each.pain_after) for each in sessions if each.pain_after is not None]


def in_order(of_sessions: list[Observation], of_entries: list[Observation]) -> list[Observation]:
    """At one instant a session's `pain_after` stands before the entries."""
    return sorted(of_sessions + of_entries, key=lambda each: (each.at, each.id is not None))


# Runs (section 1): consecutive observations that all satisfy a condition.

Condition = Callable[[Observation], bool]


def run_ending(observations: list[Observation], holds: Condition) -> list[Observation]:
    """Return the longest run that ends at the last of the observations given; empty where that one does not hold."""
    run: list[Observation] = []
    for each in reversed(observations):
        if not holds(each):
            break
        run.insert(0, each)
    return run


def span(run: list[Observation]) -> int:
    return run[-1].at - run[0].at if run else 0


def first_run(
    observations: list[Observation],
    holds: Condition,
    long: int,
    also: Callable[[list[Observation]], bool] = lambda run: True,
) -> int | None:
    """Return the instant at which a run reaches a span of `long` seconds (and satisfies `also`), or None."""
    for place, each in enumerate(observations):
        run = run_ending(observations[: place + 1], holds)
        if run and span(run) >= long and also(run):
            return each.at
    return None


def earliest(*instants: int | None) -> int | None:
    return min((each for each in instants if each is not None), default=None)


def highest(levels: Iterable[str]) -> str:
    return max(levels, key=LEVELS.index)


# Section 2.


def baseline(diary: Diary, session: Session) -> Baseline | None:
    """Section 2, 1 to 4. None: no baseline."""
    ratings = ratings_before(diary, session)
    used = [rating for rating in ratings if settled(diary, session, rating[0])] or ratings
    if not used:
        return None if diary.usual_pain is None else Baseline(diary.usual_pain, provisional=True)
    buckets = [(session.at - at) // DAY for at, _ in used]
    return Baseline(bucket_median(buckets, [pain for _, pain in used]), len(set(buckets)) < FIRM_BUCKETS)


def ratings_before(diary: Diary, session: Session) -> list[tuple[int, int]]:
    """Section 2, 1: instants and values."""
    seen = [(o.at, o.pain) for o in diary.observations if session.at - LOOKED_BACK <= o.at < session.at]
    return seen + ([] if session.pain_before is None else [(session.at, session.pain_before)])


def settled(diary: Diary, session: Session, at: int) -> bool:
    """Section 2, 2. Only `pain_before` has the session's own instant."""
    return at == session.at or not any(each.at <= at < each.at + SETTLED_AFTER for each in diary.sessions)


def bucket_median(buckets: list[int], values: list[int]) -> float:
    """Section 2, 3: the median of the buckets' medians."""
    by_bucket = [[v for b, v in zip(buckets, values, strict=True) if b == bucket] for bucket in set(buckets)]
    return median(median(each) for each in by_bucket)


def rise(base: Baseline, observation: Observation) -> int:
    """Section 2: points above the baseline at which this observation counts as risen."""
    unconfirmed = base.provisional and observation.compared != "worse"
    return 3 if base.value < LOW_BASELINE or unconfirmed else 2


def risen(base: Baseline | None, observation: Observation, by: int | None = None) -> bool:
    """Section 2. Without a baseline nothing has risen."""
    if base is None:
        return False
    if base.value > ROOM:
        return observation.compared == "worse" and observation.pain >= min(10, base.value + 1)
    return observation.pain >= min(10, base.value + (rise(base, observation) if by is None else by))


# Section 4, opening: "one finding of a rule and session is open at a time; once resolved the rule can fire again".


@dataclass(frozen=True)
class Ground:
    """Why a rule fires at an observation: the level reached there, what made it fire, and what the end depends on."""

    level: str
    evidence: list[Observation]
    about: Any = None


Judge = Callable[[list[Observation], list[Observation]], Ground | None]
End = Callable[[Observation, Ground], int | None]


def findings_of(rule: str, session: Session, follow_up: list[Observation], judge: Judge, end: End) -> list[Finding]:
    """Go through a follow-up. `judge` is given it up to an observation, and of that what is after a resolution."""
    found: list[Finding] = []
    for place, each in enumerate(follow_up):
        resolved = [earlier.resolved_at for earlier in found if not earlier.open_at(each.at)]
        usable = [o for o in follow_up[: place + 1] if not resolved or o.at > resolved[-1]]
        ground = judge(follow_up[: place + 1], usable) if usable else None
        if ground is None:
            continue
        if found and found[-1].open_at(each.at):
            found[-1].level = highest([found[-1].level, ground.level])
        else:
            found.append(fired(rule, session, each, ground, end(each, ground)))
    return found


def fired(rule: str, session: Session, by: Observation, ground: Ground, resolved_at: int | None) -> Finding:
    evidence = [each.id for each in ground.evidence if each.id is not None]
    return Finding(rule, ground.level, by.at, evidence, session.id, resolved_at=resolved_at, by=by)
