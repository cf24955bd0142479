"""The one door of the clinical core: what the rules say of a diary at an instant."""

from dataclasses import dataclass

from diary.clinical.adjustable import RULED, Thresholds
from diary.clinical.case import Case
from diary.clinical.diary import Diary, Instant
from diary.clinical.finding import Finding, NotEvaluable
from diary.clinical.not_evaluable import not_evaluable
from diary.clinical.rules import RULES, silence

__all__ = ["RULES_VERSION", "Assessment", "Finding", "NotEvaluable", "assess"]

RULES_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the rules say of a diary at `now`, what they cannot tell, and when the answer changes by itself."""

    rules_version: str
    now: Instant
    findings: tuple[Finding, ...]
    not_evaluable: tuple[NotEvaluable, ...]
    due_at: Instant | None


def assess(diary: Diary, now: Instant, thresholds: Thresholds = RULED) -> Assessment:
    """Assess a valid diary that holds nothing later than `now`."""
    return judge(Case(diary, now, thresholds))


def judge(case: Case) -> Assessment:
    """What the rules say of a case. Of one with a past: what they say since, and nothing of what they cannot tell."""
    findings: list[Finding] = []
    for rule in RULES:
        findings += list(rule.find(case, findings))
    return Assessment(
        RULES_VERSION,
        case.now,
        tuple(sorted(findings, key=_in_order)),
        () if case.past else tuple(not_evaluable(case)),
        silence.due_at(case),
    )


def _in_order(finding: Finding) -> tuple[Instant, str, str, str, str, tuple[str, ...]]:
    """By time and kind; two entries that tell the same red flag at one instant, by their ids."""
    return (
        finding.fired_at,
        finding.rule,
        finding.session or "",
        finding.symptom or "",
        finding.code or "",
        finding.evidence,
    )
