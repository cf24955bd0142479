"""The thresholds that a practice may try on past diaries, each inside its safe range. Every other number is fixed."""

from collections.abc import Mapping
from dataclasses import dataclass

from diary.clinical.diary import HOUR
from diary.clinical.thresholds import MULTIPLE_SESSIONS, SETTLES_WITHIN, SEVERE_PAIN


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Under which thresholds a diary is assessed; by default those of the rules."""

    settles_within: int = SETTLES_WITHIN
    severe_pain: int = SEVERE_PAIN
    multiple_sessions: int = MULTIPLE_SESSIONS


RULED = Thresholds()
"""As the rules state them."""

SAFE: Mapping[str, tuple[int, ...]] = {
    "settles_within": tuple(hours * HOUR for hours in (48, 54, 60, 66, 72)),
    "severe_pain": (7, 8),
    "multiple_sessions": (2, 3, 4),
}
"""What may be tried: the widest reading of "a couple of days", the severe end of the scale, "multiple" sessions."""
