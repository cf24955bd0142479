"""What an assessment is made of."""

from collections.abc import Iterable
from dataclasses import dataclass

from diary.clinical.diary import LEVELS, Instant


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found.

    `session` is null for a red flag; `symptom` and `code` where the rule has one. `evidence` holds the ids of the
    observations that made it fire, in order. `level` is the highest that it reached while open.
    """

    rule: str
    session: str | None
    symptom: str | None
    code: str | None
    level: str
    fired_at: Instant
    evidence: tuple[str, ...]
    resolved_at: Instant | None

    @property
    def state(self) -> str:
        return "open" if self.resolved_at is None else "resolved"

    def open_at(self, instant: Instant) -> bool:
        return self.fired_at <= instant and (self.resolved_at is None or instant < self.resolved_at)


@dataclass(frozen=True, slots=True)
class NotEvaluable:
    """What a rule cannot tell about a session, and why: never a silent "no"."""

    rule: str
    session: str
    reason: str


def highest(levels: Iterable[str]) -> str:
    return max(levels, key=LEVELS.index)
