"""What a made-up patient and practitioner write down of a truth: with gaps, noise and mistakes."""

from collections.abc import Iterator
from math import exp, sqrt
from random import Random

from diary.clinical.diary import DAY, HOUR, RED_FLAGS, Diary, Entry, Instant, Intake, Session
from diary.simulation.parameters import Parameters
from diary.simulation.truth import GRADED, Truth

WEEK = 7 * DAY
WAKING = (8 * HOUR, 22 * HOUR)


class Noise:
    """What the moment adds to the latent pain: a slow wave that forgets itself, and the noise of one reading."""

    def __init__(self, dice: Random, given: Parameters) -> None:
        self.dice = dice
        self.forgets = given.slow_hours * HOUR
        self.slow_sd = given.within_sd * sqrt(given.slow_share)
        self.quick_sd = given.within_sd * sqrt(1 - given.slow_share)
        self.slow = dice.gauss(0, self.slow_sd)
        self.at: Instant | None = None

    def next(self, at: Instant) -> float:
        """The noise at an instant, never before the one asked for last."""
        kept = exp(-(at - self.at) / self.forgets) if self.at is not None else 1.0
        self.slow = kept * self.slow + self.dice.gauss(0, self.slow_sd) * sqrt(1 - kept * kept)
        self.at = at
        return self.slow + self.dice.gauss(0, self.quick_sd)


def written(dice: Random, given: Parameters, truth: Truth) -> Diary:
    """The diary of a truth."""
    conditions = frozenset({"blood_thinners"} if truth.bleeds_easily else ())
    recalled = score(dice.gauss(truth.level, given.intake_sd))
    usual = recalled if dice.random() < given.intake_answered else None
    moments = sorted({*_answered_prompts(dice, given, truth), *_unasked(dice, given, truth)} - {*truth.sessions})
    due = sorted([(at, True) for at in truth.sessions] + [(at, False) for at in moments])
    noise, patient = Noise(dice, given), Patient(dice, given, truth)
    sessions, entries = [], []
    for at, is_session in due:
        pain = truth.pain(at - 1) + noise.next(at)  # a second before: what a session adds shows after it
        if is_session:
            sessions.append(_session(dice, given, truth, at, pain))
        else:
            entries.append(patient.entry(at, pain))
    return Diary("UTC", Intake(usual, None, {}, conditions), tuple(sessions), tuple(entries))


def score(pain: float) -> int:
    return min(10, max(0, round(pain)))


class Patient:
    """Answers the form; remembers what was ticked last, which the form asks about again."""

    def __init__(self, dice: Random, given: Parameters, truth: Truth) -> None:
        self.dice, self.given, self.truth = dice, given, truth
        self.ticked: set[str] = set()
        self.written = 0

    def entry(self, at: Instant, pain: float) -> Entry:
        self.written += 1
        flagged = self.dice.random() < self.given.flag_by_mistake
        return Entry(
            id=f"e{self.written:04}",
            observed_at=at,
            recorded_at=at,
            pain=score(pain),
            soreness=self._soreness(at),
            reactions=dict(self._reactions(at)),
            compared=self._compared(pain),
            red_flags=(self.dice.choice(sorted(RED_FLAGS)),) if flagged else (),
        )

    def _soreness(self, at: Instant) -> int | None:
        answered, mistaken = self.dice.random() < self.given.soreness_answered, self.dice.random()
        value = self.truth.symptom("soreness", at)
        return (value or int(mistaken < self.given.sore_by_mistake)) if answered else None

    def _reactions(self, at: Instant) -> Iterator[tuple[str, int]]:
        for symptom in GRADED:
            grade = self.truth.symptom(symptom, at)
            if grade or symptom in self.ticked:
                yield symptom, grade
            (self.ticked.add if grade else self.ticked.discard)(symptom)

    def _compared(self, pain: float) -> str | None:
        if self.dice.random() >= self.given.compared_answered:
            return None
        off = pain - self.truth.level
        if abs(off) < self.given.compared_from:
            return "same"
        return "worse" if off > 0 else "better"


def _session(dice: Random, given: Parameters, truth: Truth, at: Instant, pain: float) -> Session:
    number = truth.sessions.index(at) + 1
    after = pain - dice.gauss(given.relief, given.relief_sd)
    after += sum(episode.size for episode in truth.episodes if episode.session == at == episode.start)
    if dice.random() >= given.scores_taken:
        return Session(f"s{number:02}", at)
    return Session(f"s{number:02}", at, score(pain), score(after))


def _answered_prompts(dice: Random, given: Parameters, truth: Truth) -> Iterator[Instant]:
    """When the patient answers what the app asks: on joining, then timed from each session until the next."""
    a, b = given.completion * given.completion_spread, (1 - given.completion) * given.completion_spread
    completes = dice.betavariate(a, b) if b else 1.0
    if dice.random() < completes:
        yield truth.sessions[0] - int(dice.uniform(0.25, given.joins_days) * DAY)
    for session, following in zip(truth.sessions, [*truth.sessions[1:], truth.ends], strict=True):
        sore = False
        for at, only_while_sore in _prompts(dice, given, session):
            answers = dice.random() < completes
            if at < following and answers and (sore or not only_while_sore):
                sore = truth.symptom("soreness", at) > 0
                yield at


def _prompts(dice: Random, given: Parameters, session: Instant) -> Iterator[tuple[Instant, bool]]:
    """When each prompt would be answered, and whether it is sent only while the patient is sore."""
    windows = (given.check_in_from, given.check_in_to), (24, given.day_to), (48, given.settled_to), (72, given.sore_to)
    for place, (earliest, latest) in enumerate(windows):
        yield session + int(dice.uniform(earliest, latest) * HOUR), place == len(windows) - 1
    for week in (1, 2):
        yield session + week * WEEK + int(dice.uniform(-4, 4) * HOUR), False


def _unasked(dice: Random, given: Parameters, truth: Truth) -> Iterator[Instant]:
    """Entries that nobody asked for: now and then, and more often on a bad day, while it is bad."""
    start = truth.sessions[0] - int(given.joins_days * DAY)
    for day in range(start - start % DAY, truth.ends - DAY, DAY):
        at = day + dice.randrange(*WAKING)
        bad = [moment for moment in (at, *_worst(dice, truth, day)) if truth.worse_by(moment) >= given.bad_day]
        if dice.random() < (given.entry_on_bad_day if bad else given.entry_on_other_day):
            yield bad[-1] if bad else at


def _worst(dice: Random, truth: Truth, day: Instant) -> Iterator[Instant]:
    """A moment within each flare or aggravation of a day."""
    for episode in truth.episodes:
        start, end = max(episode.start, day), min(episode.end, day + DAY)
        if start < end:
            yield dice.randrange(start, end)
