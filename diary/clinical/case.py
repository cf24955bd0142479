"""A diary prepared for the rules: its observations, follow-ups, baselines and answers, each worked out once."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from diary.clinical.adjustable import RULED, Thresholds
from diary.clinical.baseline import Baseline, baseline
from diary.clinical.diary import SYMPTOMS, Diary, Entry, Instant, Session
from diary.clinical.observations import Answer, FollowUp, Observation, merged
from diary.clinical.past import Past
from diary.clinical.settled import Settled, settled_levels
from diary.clinical.spells import Spell, spells
from diary.clinical.thresholds import BASELINE_REACHES_BACK, FOLLOW_UP, USUAL_ANSWERS

BEGINNING: Instant = -(2**63)


@dataclass(frozen=True)
class Case:
    """One diary at one instant, as every rule sees it."""

    diary: Diary
    now: Instant
    thresholds: Thresholds = RULED
    past: Past | None = None
    """What stands for all that the diary says before `past.until`; what it still holds of that serves baselines."""

    @property
    def since(self) -> Instant:
        """From when on sessions and entries are judged."""
        return self.past.until if self.past else BEGINNING

    @cached_property
    def sessions(self) -> list[Session]:
        return [session for session in self._all_sessions if session.ended_at >= self.since]

    @cached_property
    def _all_sessions(self) -> list[Session]:
        return sorted(self.diary.sessions, key=lambda session: session.ended_at)

    @cached_property
    def observations(self) -> list[Observation]:
        """All observations in order; at the instant at which a session ended, its `pain_after` comes first."""
        observations: list[Observation] = []
        entries = merged(self.diary.entries)
        instants = [entry.observed_at for entry in entries]
        start, settles_within = 0, self.thresholds.settles_within
        for session, following in zip([None, *self._all_sessions], [*self._all_sessions, None], strict=True):
            end = bisect_left(instants, following.ended_at) if following else len(entries)
            _observe(observations, session, entries[start:end], settles_within)
            start = end
        return observations

    @cached_property
    def instants(self) -> list[Instant]:
        return [observation.at for observation in self.observations]

    @cached_property
    def follow_ups(self) -> list[FollowUp]:
        nexts = [*self.sessions[1:], None]
        return [self._follow_up(session, following) for session, following in zip(self.sessions, nexts, strict=False)]

    @property
    def course(self) -> Baseline | None:
        """The baseline of the first session, against which the course of all sessions is seen."""
        if self.past:
            return self.past.course
        return self.follow_ups[0].baseline if self.follow_ups else None

    @cached_property
    def settled_levels(self) -> list[Settled]:
        earlier = self.past.settled if self.past else ()
        return [*earlier, *settled_levels(self.follow_ups, self.thresholds.settles_within)]

    @cached_property
    def answers(self) -> dict[str, list[Answer]]:
        """By symptom, bruising included: the observations that answer it, with their answers, in order."""
        soreness: list[Answer] = []
        answers = {"soreness": soreness}
        for observation in self.observations[bisect_left(self.instants, self.since) :]:
            if observation.soreness is not None:
                soreness.append((observation, observation.soreness))
            for symptom, grade in observation.reactions.items():
                answers.setdefault(symptom, []).append((observation, grade))
        return answers

    def usual(self, symptom: str) -> int:
        """The usual answer: the intake's, else the lower median of the 8 days before the first session, else none."""
        if self.past:
            return self.past.usual[symptom]
        intake = self.diary.intake
        told = intake.usual_soreness if symptom == "soreness" else intake.usual_reactions.get(symptom)
        if told is not None:
            return told
        before = sorted(self._before_the_first_session(symptom))
        return before[(len(before) - 1) // 2] if len(before) >= USUAL_ANSWERS else 0

    @cached_property
    def spells(self) -> dict[str, list[Spell]]:
        """By symptom, in order."""
        answers = {symptom: self.answers.get(symptom, ()) for symptom in SYMPTOMS if self.sessions}
        return {symptom: spells(given, self.sessions, self.usual(symptom)) for symptom, given in answers.items()}

    def _before_the_first_session(self, symptom: str) -> Iterator[int]:
        first = self.sessions[0].ended_at
        for observation, value in self.answers.get(symptom, ()):
            if first - BASELINE_REACHES_BACK <= observation.at < first:
                yield value

    def _follow_up(self, session: Session, following: Session | None) -> FollowUp:
        instants, ended_at = self.instants, session.ended_at
        start = bisect_left(instants, ended_at)
        end = bisect_left(instants, following.ended_at, start) if following else len(instants)
        within = bisect_right(instants, ended_at + FOLLOW_UP, start, end)
        before = self.observations[bisect_left(instants, ended_at - BASELINE_REACHES_BACK, 0, start) : start]
        return FollowUp(
            session,
            following,
            baseline(ended_at, before, session.pain_before, self.diary.intake.usual_pain),
            self.observations[start:within],
            self.observations[within:end],
        )


def _observe(
    observations: list[Observation], session: Session | None, entries: Sequence[Entry], settles_within: int
) -> None:
    """Add what was observed from one session to the next, the session's own `pain_after` before all."""
    if session and session.pain_after is not None:
        place = len(observations)
        observations.append(Observation(session.ended_at, session.pain_after, None, {}, None, None, place, False))
    for place, entry in enumerate(entries, len(observations)):
        observations.append(
            Observation(
                entry.observed_at,
                entry.pain,
                entry.soreness,
                entry.reactions,
                entry.compared,
                entry.id,
                place,
                session is None or entry.observed_at - session.ended_at >= settles_within,
            )
        )
