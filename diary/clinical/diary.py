"""The diary as the rules read it: what a patient and a practitioner wrote down, and the words they may use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Instant: TypeAlias = int
"""Whole seconds since 1970-01-01T00:00:00Z. Every duration is a difference of two of them."""

HOUR = 3600
DAY = 24 * HOUR

GRADES = ("none", "mild", "moderate", "severe")
"""A grade is its place in this tuple."""
NONE, MILD, MODERATE, SEVERE = range(4)

REACTIONS = ("stiffness", "fatigue", "dizziness", "low_mood", "bruising")
SYMPTOMS = ("soreness", "stiffness", "fatigue", "dizziness", "low_mood")
"""What should settle within two days; not bruising, which lasts longer by nature."""

COMPARED = ("better", "same", "worse")

RED_FLAGS = {
    "breathing": "emergency",
    "saddle": "emergency",
    "legs": "emergency",
    "collapse": "emergency",
    "head": "emergency",
    "fever": "same day",
    "infection": "same day",
    "bleeding": "same day",
}
"""Each code with the advice that belongs to it."""

CONDITIONS = (
    "herniated_disc",
    "nerve_compression",
    "spinal_surgery",
    "bleeding_disorder",
    "blood_thinners",
    "skin_condition",
    "lowered_immunity",
    "lung_disease",
    "pregnancy",
    "allergy",
)

LEVELS = ("notice", "review", "priority", "urgent")
"""Lowest first."""
NOTICE, REVIEW, PRIORITY, URGENT = LEVELS


@dataclass(frozen=True, slots=True)
class Session:
    """A treatment session; its T0 is `ended_at`. Scores are 0-10, None where nobody asked."""

    id: str
    ended_at: Instant
    pain_before: int | None = None
    pain_after: int | None = None
    sharp_increase: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: pain and soreness 0-10, reactions from symptom to grade 0-3. What is absent was not answered."""

    id: str
    observed_at: Instant
    recorded_at: Instant
    pain: int
    soreness: int | None = None
    reactions: Mapping[str, int] = field(default_factory=dict)
    compared: str | None = None
    red_flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intake:
    """What is usual for the patient, and the conditions they live with."""

    usual_pain: int | None = None
    usual_soreness: int | None = None
    usual_reactions: Mapping[str, int] = field(default_factory=dict)
    conditions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Diary:
    """A patient's whole diary. The order of sessions and entries means nothing."""

    time_zone: str = "UTC"
    intake: Intake = field(default_factory=Intake)
    sessions: tuple[Session, ...] = ()
    entries: tuple[Entry, ...] = ()
