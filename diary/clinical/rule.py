"""What a rule is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from diary.clinical.case import Case
from diary.clinical.finding import Finding

Find: TypeAlias = Callable[[Case, Sequence[Finding]], Iterable[Finding]]
"""From a case, and what the rules before it found, to the rule's own findings."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its levels, lowest first; `sources` says, part by part, what it rests on.

    That is "document", "literature" or "ours".
    """

    code: str
    levels: tuple[str, ...]
    sources: Mapping[str, str]
    find: Find

    @property
    def highest(self) -> str:
        return self.levels[-1]
