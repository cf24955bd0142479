"""Changes to the rules that docs/operating-characteristics.md weighs: none is adopted. Each alters one sentence.

A proposal is what a test sets in the place of one function of a rule, for the length of a run.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from diary.clinical import assess
from diary.clinical.adjustable import RULED
from diary.clinical.baseline import Baseline
from diary.clinical.case import Case
from diary.clinical.diary import NOTICE, REVIEW
from diary.clinical.finding import Finding
from diary.clinical.rules import RULES, lingering_reaction, severe_pain, worsening_course
from diary.clinical.settled import Settled
from diary.clinical.thresholds import ROOM_UP_TO, SETTLES_WITHIN, TOP_OF_SCALE
from diary.simulation import rulers

Put = Callable[..., None]
"""monkeypatch.setattr"""


def fading_is_told(put: Put) -> None:
    """R1: soreness is `review` whenever it fires; a faint one that fades is not left at `notice`."""
    _levels(put, lambda symptom, sighting, level: REVIEW if symptom == "soreness" else level)


def first_faint_is_noticed(put: Put) -> None:
    """R1: a soreness of 1 is `notice` where the spell has no answer before it."""

    def level(symptom, sighting, level):
        return NOTICE if symptom == "soreness" and sighting.value <= 1 and sighting.previous is None else level

    _levels(put, level)


def one_reading_asks_again(put: Put) -> None:
    """R2: form (i) fires no finding; what it saw is a reason to ask the patient again, and form (ii) decides."""
    fires = severe_pain._severe_pain

    def severe(observation, run, baseline, *more):
        fired = fires(observation, run, baseline, *more)
        return fired if baseline is None or len(fired) > 1 else ()

    put(severe_pain, "_severe_pain", severe)


def late_readings_are_confirmed(put: Put) -> None:
    """R2: form (i) fires in the first 48 h only; later a run is needed, and form (ii) and R4 decide."""
    found, fires = severe_pain._found, severe_pain._severe_pain
    until = 0

    def follow(follow_up, *more):
        nonlocal until
        until = follow_up.session.ended_at + SETTLES_WITHIN
        yield from found(follow_up, *more)

    def severe(observation, run, baseline, *more):
        fired = fires(observation, run, baseline, *more)
        return fired if baseline is None or len(fired) > 1 or observation.at <= until else ()

    put(severe_pain, "_found", follow)
    put(severe_pain, "_severe_pain", severe)


def room_at_the_top(put: Put) -> None:
    """R5: a course above 8 has no room for two points: one point above it counts as worse."""
    worse_from = worsening_course.worse_from

    def lower(course: float) -> float:
        return min(TOP_OF_SCALE, course + 1) if course > ROOM_UP_TO else worse_from(course)

    put(worsening_course, "worse_from", lower)


def usual_pain_counts(put: Put) -> None:
    """R5: a provisional course is the mean of the baseline and the intake's usual pain, where it has one."""

    def course(case: Case) -> Baseline | None:
        first, usual = case.follow_ups[0].baseline if case.follow_ups else None, case.diary.intake.usual_pain
        if first is None or usual is None or not first.provisional:
            return first
        return replace(first, value=(first.value + usual) / 2)

    put(Case, "course", property(course))


def their_word_counts(put: Put) -> None:
    """R5: a settled level is not worse where more than half of its answers are `better` or `same`."""
    find, signs = worsening_course.find, worsening_course._signs
    word: dict[str | None, str | None] = {}

    def listening(case: Case, told: Sequence[Finding]) -> Iterator[Finding]:
        word.clear()
        word.update({observation.id: observation.compared for observation in case.observations})
        yield from find(case, told)

    def worded(last_three: Sequence[Settled], course: float) -> Iterator[worsening_course.Sign]:
        heard = [level._replace(value=-1.0) if _is_denied(level, word) else level for level in last_three]
        for sign, _ in signs(heard, course):
            yield sign, last_three

    put(worsening_course, "find", listening)
    put(worsening_course, "_signs", worded)


def four_sessions(put: Put) -> None:
    """R5: "multiple" is four sessions."""
    put(rulers, "assess", partial(assess.assess, thresholds=replace(RULED, multiple_sessions=4)))


def together(*proposals: Callable[[Put], None]) -> Callable[[Put], None]:
    def all_of_them(put: Put) -> None:
        for proposal in proposals:
            proposal(put)

    return all_of_them


def adopt(put: Put, proposal: Callable[[Put], None]) -> None:
    """Put a proposal in place. The rules hold their functions, so the rules are made anew."""
    proposal(put)
    finds = {each.CODE: each.find for each in (lingering_reaction, severe_pain, worsening_course)}
    put(assess, "RULES", tuple(replace(rule, find=finds.get(rule.code, rule.find)) for rule in RULES))


def _levels(put: Put, changed: Callable) -> None:
    before = lingering_reaction._level
    put(lingering_reaction, "_level", lambda symptom, sighting: changed(symptom, sighting, before(symptom, sighting)))


def _is_denied(level: Settled, word: Mapping[str | None, str | None]) -> bool:
    words = [said for id in level.evidence if (said := word[id])]
    return sum(word != "worse" for word in words) * 2 > len(words)
