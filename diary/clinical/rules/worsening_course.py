"""R5: worsening that persists after multiple sessions calls for a medical evaluation."""

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from diary.clinical.case import Case
from diary.clinical.diary import PRIORITY, REVIEW, Instant
from diary.clinical.finding import Finding, highest
from diary.clinical.rule import Rule
from diary.clinical.settled import Settled
from diary.clinical.thresholds import BACK_WITHIN, LEVELS_BACK, LOW_BASELINE, NOISY_RISE, RISE

CODE = "worsening-course"
Sign: TypeAlias = tuple[str, Sequence[Settled]]
"""A level, and the last three settled levels that make it fire."""


def find(case: Case, _: Sequence[Finding]) -> Iterator[Finding]:
    """One finding after another, each from its first sign until two settled levels in a row are back."""
    course = case.course
    if course is None:
        return
    signs: list[Sign] = []
    multiple = case.thresholds.multiple_sessions
    for place, settled in enumerate(case.settled_levels, start=1):
        if signs and _are_back(case.settled_levels[place - LEVELS_BACK : place], course.value):
            yield _finding(signs, resolved_at=settled.first_at)
            signs = []
        elif place >= multiple:
            signs += _signs(case.settled_levels[place - multiple : place], course.value)
    if signs:
        yield _finding(signs, resolved_at=None)


def worse_from(course: float) -> float:
    """The settled level that counts as worse: here the rise is the same, provisional or not."""
    return course + (NOISY_RISE if course < LOW_BASELINE else RISE)


def _signs(last_three: Sequence[Settled], course: float) -> Iterator[Sign]:
    worse = [settled.value >= worse_from(course) for settled in last_three]
    if all(worse):
        yield PRIORITY, last_three
    elif worse[-1] and any(worse[:-1]) and all(settled.value >= course + BACK_WITHIN for settled in last_three):
        yield REVIEW, last_three


def _are_back(levels: Sequence[Settled], course: float) -> bool:
    return all(settled.value <= course + BACK_WITHIN for settled in levels)


def _finding(signs: Sequence[Sign], resolved_at: Instant | None) -> Finding:
    _, fired = signs[0]
    return Finding(
        rule=CODE,
        session=fired[-1].session,
        symptom=None,
        code=None,
        level=highest(level for level, _ in signs),
        fired_at=fired[-1].first_at,
        evidence=tuple(id for settled in fired for id in settled.evidence),
        resolved_at=resolved_at,
    )


RULE = Rule(
    code=CODE,
    levels=(REVIEW, PRIORITY),
    sources={"rule": "document", "three sessions": "ours", "how far it rose": "literature", "when it is over": "ours"},
    find=find,
)
