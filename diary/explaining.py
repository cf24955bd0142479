"""Why a session was flagged, and why it was not: what each rule can say of it, as data. The words are in `wording`."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from diary.clinical.assess import judge
from diary.clinical.case import Case
from diary.clinical.diary import SYMPTOMS, Diary, Instant
from diary.clinical.not_evaluable import not_evaluable
from diary.clinical.observations import FollowUp, Observation
from diary.clinical.rules import RULES
from diary.clinical.thresholds import SILENT_AFTER
from diary.models import Flag, TreatmentSession, diary_of, instant

FLAGGED, GOING_ON, EXPECTED, WAITING, CLEAR = "flagged", "going-on", "expected", "waiting", "clear"
UNKNOWN = "unknown"


class Answer(NamedTuple):
    """What one rule says of a session.

    `flagged`; `going-on`: what it found after an earlier session was still open after this one; `expected` or
    `waiting`, until an instant; `clear`: it looked and found nothing; or `unknown`, for a reason that `wording` has
    words for.
    """

    rule: str
    state: str
    until: Instant | None = None
    reason: str | None = None


Says = tuple[str, Instant | None, str | None]
CLEARLY: Says = (CLEAR, None, None)
GOES_ON: Says = (GOING_ON, None, None)


def cannot_tell(reason: str) -> Says:
    return UNKNOWN, None, reason


@dataclass(frozen=True)
class Seen:
    """A session as the rules see it, in the diary of its patient."""

    case: Case
    place: int

    @property
    def follow_up(self) -> FollowUp:
        return self.case.follow_ups[self.place]

    @property
    def ended_at(self) -> Instant:
        return self.follow_up.session.ended_at

    @property
    def late_from(self) -> Instant:
        """What is still there after this instant is no longer expected."""
        return self.ended_at + self.case.thresholds.settles_within

    @property
    def is_early(self) -> bool:
        return self.case.now <= self.late_from and not self.is_cut_short

    @property
    def is_cut_short(self) -> bool:
        following = self.follow_up.next
        return following is not None and following.ended_at <= self.late_from

    @cached_property
    def entries(self) -> list[Observation]:
        return [observation for observation in self.follow_up.observations if observation.id is not None]

    @property
    def late_entries(self) -> list[Observation]:
        return [entry for entry in self.entries if entry.at > self.late_from]

    @cached_property
    def cannot(self) -> dict[str, str]:
        """By rule, why it cannot tell about this session; a course is of all sessions."""
        return {
            missing.rule: missing.reason
            for missing in not_evaluable(self.case)
            if missing.session == self.follow_up.session.id or missing.rule == "worsening-course"
        }

    @cached_property
    def going_on(self) -> set[str]:
        """The rules that found something after an earlier session which was still open after this one.

        It is told once, there: of this session they raise nothing, and have looked away from nothing.
        """
        earlier = {session.id for session in self.case.sessions[: self.place]}
        following = self.follow_up.next
        until = following.ended_at if following else self.case.now + 1
        return {
            found.rule
            for found in judge(self.case).findings
            if found.session in earlier and found.fired_at < until
            if found.resolved_at is None or found.resolved_at > self.ended_at
        }

    def answer(self, entry: Observation, symptom: str) -> int | None:
        return entry.soreness if symptom == "soreness" else entry.reactions.get(symptom)

    def is_clear_at_last(self, entries: Sequence[Observation], symptoms: Collection[str]) -> bool:
        """Whether the last answer about each of these symptoms, where there is one, was no more than usual."""
        last = {
            symptom: value
            for entry in entries
            for symptom in symptoms
            if (value := self.answer(entry, symptom)) is not None
        }
        return all(value <= self.case.usual(symptom) for symptom, value in last.items())


def answers(diary: Diary, now: Instant, session: str, flagged: Collection[str]) -> list[Answer]:
    """Return what each rule says of a session, in the order of the rules; of one that does not stand, nothing.

    `flagged` names the rules of which a flag stands for it: what a person was told comes before all else.
    """
    case = Case(diary, now)
    places = {one.id: place for place, one in enumerate(case.sessions)}
    if session not in places:
        return []
    seen = Seen(case, places[session])
    return [
        Answer(rule.code, FLAGGED) if rule.code in flagged else Answer(rule.code, *said(rule.code, seen))
        for rule in RULES
    ]


def said(rule: str, seen: Seen) -> Says:
    """Return what a rule of which no flag stands says; never that all is clear while a flag from before goes on."""
    says = SAY[rule](seen)
    return GOES_ON if says[0] in (CLEAR, EXPECTED) and rule in seen.going_on else says


def explained(session: TreatmentSession, flags: Iterable[Flag], now: datetime) -> list[tuple[Answer, list[Flag]]]:
    """Return what each rule says of a session, with those of its flags that stand."""
    standing = [flag for flag in flags if flag.withdrawn_at is None]
    told = answers(diary_of(session.patient), instant(now), str(session.pk), {flag.rule for flag in standing})
    return [(answer, [flag for flag in standing if flag.rule == answer.rule]) for answer in told]


def lingering_reaction(seen: Seen) -> Says:
    if seen.is_early:
        return EXPECTED, seen.late_from, None
    if seen.is_cut_short:
        return cannot_tell("next-session")
    answered = [entry for entry in seen.entries if any(seen.answer(entry, one) is not None for one in SYMPTOMS)]
    if not answered:
        return cannot_tell("no-reaction-answered")
    late = [entry for entry in answered if entry.at > seen.late_from]
    left = {one for one in SYMPTOMS if all(seen.answer(entry, one) is None for entry in late)}
    return CLEARLY if seen.is_clear_at_last(answered, left) else cannot_tell("no-late-answer")


def severe_pain(seen: Seen) -> Says:
    if not seen.entries:
        return cannot_tell("no-entry")
    reason = seen.cannot.get("severe-pain")
    return cannot_tell(reason) if reason else CLEARLY


def sharp_rise(seen: Seen) -> Says:
    session = seen.follow_up.session
    return cannot_tell("no-scores") if session.pain_before is None or session.pain_after is None else CLEARLY


def escalating_pain(seen: Seen) -> Says:
    if seen.is_early:
        return EXPECTED, seen.late_from, None
    if seen.is_cut_short:
        return cannot_tell("next-session")
    if not seen.late_entries:
        return cannot_tell("no-late-entry")
    reason = seen.cannot.get("escalating-pain")
    return cannot_tell(reason) if reason else CLEARLY


def worsening_course(seen: Seen) -> Says:
    multiple = seen.case.thresholds.multiple_sessions
    if seen.place + 1 < multiple:
        return cannot_tell("too-few-sessions")
    if seen.is_early:
        return WAITING, seen.late_from, None
    if reason := seen.cannot.get("worsening-course"):
        return cannot_tell(reason)
    so_far = [one for one in seen.case.settled_levels if one.ended_at <= seen.ended_at]
    if not so_far or so_far[-1].ended_at < seen.ended_at:
        return cannot_tell("no-settled-rating")
    return cannot_tell("no-settled-level") if len(so_far) < multiple else CLEARLY


def red_flag(seen: Seen) -> Says:
    return CLEARLY if seen.entries else cannot_tell("no-entry")


def marked_bruising(seen: Seen) -> Says:
    answered = any("bruising" in entry.reactions for entry in seen.entries)
    return CLEARLY if answered else cannot_tell("no-bruising-answered")


def silence(seen: Seen) -> Says:
    until, following = seen.ended_at + SILENT_AFTER, seen.follow_up.next
    answered = [entry for entry in seen.entries if entry.soreness is not None]
    came_again = following is not None and following.ended_at <= until
    if came_again or any(seen.late_from < entry.at <= until for entry in answered):
        return CLEARLY
    early = [entry for entry in answered if entry.at <= until]
    if early and seen.is_clear_at_last(early, ("soreness",)):
        return CLEARLY
    return (WAITING, until, None) if seen.case.now < until else cannot_tell("silent")


SAY: dict[str, Callable[[Seen], Says]] = {
    "lingering-reaction": lingering_reaction,
    "severe-pain": severe_pain,
    "sharp-rise": sharp_rise,
    "escalating-pain": escalating_pain,
    "worsening-course": worsening_course,
    "red-flag": red_flag,
    "marked-bruising": marked_bruising,
    "silence": silence,
}
