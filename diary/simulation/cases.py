"""What a truth holds that somebody should be told, and what nobody should: the questions put to a ruler."""

from collections.abc import Iterator
from typing import NamedTuple

from diary.clinical.diary import DAY, HOUR, MODERATE, PRIORITY, REVIEW, SEVERE, Instant
from diary.simulation.truth import SETTLES, SEVERE_PAIN, SEVERE_RISE, Episode, Reaction, Truth

SORE_FOR_LONG = "soreness of 80 h and more"
SORE_A_LITTLE_LONGER = "soreness of 48 to 80 h"
LINGERING_SORENESS = (SORE_FOR_LONG, SORE_A_LITTLE_LONGER)
LINGERING_OTHER = "another lingering or severe reaction"
MARKED_BRUISE = "marked bruise"
SEVERE_AGGRAVATION = "severe aggravation, over in 48 h"
LASTING_AGGRAVATION = "aggravation of more than 48 h"
PROGRESSIVE = "progressive harm, told in any way"
CONFIRMED = "progressive harm, course confirmed"
HARMS = (
    *LINGERING_SORENESS,
    LINGERING_OTHER,
    MARKED_BRUISE,
    SEVERE_AGGRAVATION,
    LASTING_AGGRAVATION,
    PROGRESSIVE,
    CONFIRMED,
)

SORENESS, OTHER, AGGRAVATION, BRUISE = "soreness", "another reaction", "aggravation", "bruise"
EXPECTED = (SORENESS, OTHER, AGGRAVATION, BRUISE)
"""Of these, `BRUISE` is no reaction that settles within two days: it is counted, but not in the bar."""

SEVERE_SORENESS = 7
FOR_LONG = 80 * HOUR
ALARMING = ("dizziness", "low_mood")


LINGERING, SEVERE_RULE, BRUISING, COURSE = "lingering-reaction", "severe-pain", "marked-bruising", "worsening-course"
NAIVE = "naive"
OF_PAIN = (SEVERE_RULE, "sharp-rise", "escalating-pain", COURSE, NAIVE)


class Case(NamedTuple):
    """A stretch of a truth, and the rules that would speak of it.

    `since` is the instant from which somebody should know of it, `start` and `end` where a finding about it may fire.
    `symptom` is null where it is a matter of pain; `level` is the least at which it counts as told.
    """

    kind: str
    rules: tuple[str, ...]
    symptom: str | None
    start: Instant
    since: Instant
    end: Instant
    level: str = REVIEW


def harms(truth: Truth) -> Iterator[Case]:
    """What somebody should be told."""
    for reaction in truth.reactions:
        if is_harm(reaction, truth):
            yield _harmful(reaction)
    for episode in truth.episodes:
        if episode.session is not None and _lasts(episode):
            since = max(episode.start, episode.session + SETTLES)
            yield Case(LASTING_AGGRAVATION, OF_PAIN, None, episode.start, since, episode.end)
        elif episode.session is not None and _is_severe(episode, truth):
            yield Case(SEVERE_AGGRAVATION, OF_PAIN, None, episode.start, episode.start, episode.end)
    if truth.harm:
        start = truth.harm.start
        yield Case(PROGRESSIVE, OF_PAIN, None, start, start, truth.ends)
        yield Case(CONFIRMED, (COURSE,), None, start, start, truth.ends, PRIORITY)


def expected(truth: Truth) -> Iterator[Case]:
    """What nobody should be told: a symptom until the next session or for a fortnight, more pain while it lasts."""
    for reaction in truth.reactions:
        if not is_harm(reaction, truth):
            kind = {"soreness": SORENESS, "bruising": BRUISE}.get(reaction.symptom, OTHER)
            end = min([at for at in truth.sessions if at > reaction.start], default=reaction.start + 14 * DAY)
            rules = (BRUISING if kind == BRUISE else LINGERING,)
            yield Case(kind, rules, reaction.symptom, reaction.start, reaction.start, end)
    for episode in truth.episodes:
        if episode.session is not None and not _lasts(episode) and not _is_severe(episode, truth):
            yield Case(AGGRAVATION, OF_PAIN, None, episode.start, episode.start, episode.end)


def is_harm(reaction: Reaction, truth: Truth) -> bool:
    """What the source document would not call expected: longer than two days, or severe."""
    if reaction.symptom == "bruising":
        return reaction.peak >= (MODERATE if truth.bleeds_easily else SEVERE)
    return _lingers(reaction) or _is_severe_reaction(reaction)


def _harmful(reaction: Reaction) -> Case:
    symptom, start = reaction.symptom, reaction.start
    if symptom == "bruising":
        return Case(MARKED_BRUISE, (BRUISING,), symptom, start, start, reaction.end)
    severe_soreness = symptom == "soreness" and _is_severe_reaction(reaction)
    rules = (LINGERING, SEVERE_RULE) if severe_soreness else (LINGERING,)
    since = start if _is_severe_reaction(reaction) else start + SETTLES
    return Case(_kind(reaction), rules, symptom, start, since, reaction.end)


def _kind(reaction: Reaction) -> str:
    if reaction.symptom != "soreness" or not _lingers(reaction):
        return LINGERING_OTHER
    return SORE_FOR_LONG if reaction.end - reaction.start >= FOR_LONG else SORE_A_LITTLE_LONGER


def _lingers(reaction: Reaction) -> bool:
    return reaction.end - reaction.start > SETTLES


def _is_severe_reaction(reaction: Reaction) -> bool:
    if reaction.symptom == "soreness":
        return reaction.peak >= SEVERE_SORENESS
    return reaction.symptom in ALARMING and reaction.peak >= SEVERE


def _lasts(episode: Episode) -> bool:
    return episode.session is not None and episode.end > episode.session + SETTLES


def _is_severe(episode: Episode, truth: Truth) -> bool:
    return episode.size >= SEVERE_RISE and truth.pain(episode.start) >= SEVERE_PAIN
