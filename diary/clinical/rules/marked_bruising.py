"""R7: bleeding disorders and bruising."""

from collections.abc import Iterator, Mapping, Sequence

from diary.clinical.case import Case
from diary.clinical.diary import PRIORITY, REVIEW, SEVERE, Instant
from diary.clinical.finding import Finding
from diary.clinical.observations import Answer, FollowUp, evidence
from diary.clinical.rule import Rule
from diary.clinical.thresholds import MARKED, STEP_UP_OVER

CODE = "marked-bruising"
BLEEDS_EASILY = frozenset({"bleeding_disorder", "blood_thinners"})


def find(case: Case, _: Sequence[Finding]) -> Iterator[Finding]:
    if "bruising" in case.answers:
        bleeds_easily = bool(BLEEDS_EASILY & case.diary.intake.conditions)
        for follow_up in case.follow_ups:
            yield from _found(follow_up, bleeds_easily)


def _found(follow_up: FollowUp, bleeds_easily: bool) -> Iterator[Finding]:
    """One finding after another, each from its first sign until an answer of none or mild, or the next session."""
    signs: list[Answer] = []
    ever_since: dict[int, Instant] = {}  # by grade, the first answer of this follow-up
    in_follow_up = len(follow_up.observations)
    for place, observation in enumerate(follow_up.until_next()):
        grade = observation.reactions.get("bruising")
        if grade is None:
            continue
        if grade >= MARKED:
            if place < in_follow_up and _fires(observation.at, grade, ever_since, bleeds_easily):
                signs.append((observation, grade))
        elif signs:
            yield _finding(follow_up, signs, bleeds_easily, observation.at)
            signs = []
        ever_since.setdefault(grade, observation.at)
    if signs:
        yield _finding(follow_up, signs, bleeds_easily, follow_up.next.ended_at if follow_up.next else None)


def _fires(at: Instant, grade: int, ever_since: Mapping[int, Instant], bleeds_easily: bool) -> bool:
    """A marked grade: severe, or easily bleeding, or a step up from an answer at least a day before."""
    stepped_up = any(since <= at - STEP_UP_OVER for lower, since in ever_since.items() if lower < grade)
    return grade >= SEVERE or bleeds_easily or stepped_up


def _finding(follow_up: FollowUp, signs: Sequence[Answer], bleeds_easily: bool, resolved_at: Instant | None) -> Finding:
    fired, _ = signs[0]
    return Finding(
        rule=CODE,
        session=follow_up.session.id,
        symptom=None,
        code=None,
        level=PRIORITY if bleeds_easily and any(grade >= SEVERE for _, grade in signs) else REVIEW,
        fired_at=fired.at,
        evidence=evidence([fired]),
        resolved_at=resolved_at,
    )


RULE = Rule(
    code=CODE,
    levels=(REVIEW, PRIORITY),
    sources={"rule": "document", "conditions": "document", "how marked": "ours", "when it is over": "ours"},
    find=find,
)
