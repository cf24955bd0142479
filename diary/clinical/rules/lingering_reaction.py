"""R1: a reaction settles in a day or two and should not outlast a couple of days."""

from collections.abc import Iterator, Sequence

from diary.clinical.case import Case
from diary.clinical.diary import MILD, NOTICE, REVIEW
from diary.clinical.finding import Finding, highest
from diary.clinical.observations import evidence
from diary.clinical.rule import Rule
from diary.clinical.spells import Sighting, Spell
from diary.clinical.thresholds import (
    ALARMING_GRADE,
    FADES_WITHIN,
    FAINT_SORENESS,
    NEEDLED_AGAIN_WITHIN,
)

CODE = "lingering-reaction"
ALARMING_SYMPTOMS = ("dizziness", "low_mood")


def find(case: Case, _: Sequence[Finding]) -> Iterator[Finding]:
    for symptom, spells in case.spells.items():
        for spell in spells:
            yield from _found(symptom, spell, case.thresholds.settles_within)


def _found(symptom: str, spell: Spell, settles_within: int) -> Iterator[Finding]:
    """One finding per spell and symptom, on the session that was the anchor when it first fired."""
    fires = (place for place, sighting in enumerate(spell.sightings) if _fires(symptom, sighting, settles_within))
    first = next(fires, None)
    if first is not None:
        fired = spell.sightings[first]
        yield Finding(
            rule=CODE,
            session=fired.anchor.id,
            symptom=symptom,
            code=None,
            level=highest(_level(symptom, sighting) for sighting in spell.sightings[first:]),
            fired_at=fired.observation.at,
            evidence=evidence([fired.observation]),
            resolved_at=spell.known_at,
        )


def _fires(symptom: str, sighting: Sighting, settles_within: int) -> bool:
    """Two days after a session, or four after the anchor: needling again cannot hide a soreness that never left."""
    at = sighting.observation.at
    return (
        at > sighting.latest.ended_at + settles_within
        or at > sighting.anchor.ended_at + NEEDLED_AGAIN_WITHIN
        or (symptom in ALARMING_SYMPTOMS and sighting.value >= ALARMING_GRADE)
    )


def _level(symptom: str, sighting: Sighting) -> str:
    if symptom == "soreness":
        return NOTICE if _fading(sighting) else REVIEW
    return NOTICE if sighting.value <= MILD else REVIEW


def _fading(sighting: Sighting) -> bool:
    return (
        sighting.value <= FAINT_SORENESS
        and sighting.previous is not None
        and sighting.value < sighting.previous
        and sighting.observation.at <= sighting.latest.ended_at + FADES_WITHIN
    )


RULE = Rule(
    code=CODE,
    levels=(NOTICE, REVIEW),
    sources={
        "rule": "document",
        "two days": "document",
        "through a session": "ours",
        "severe at once": "ours",
        "fading soreness": "ours",
        "when it is over": "ours",
    },
    find=find,
)
