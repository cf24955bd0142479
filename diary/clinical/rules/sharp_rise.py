"""R3: sharp increases are to be told at once, during the session."""

from collections.abc import Iterator, Sequence

from diary.clinical.baseline import back_to
from diary.clinical.case import Case
from diary.clinical.diary import REVIEW, Instant, Session
from diary.clinical.finding import Finding
from diary.clinical.observations import FollowUp, Observation
from diary.clinical.rule import Rule
from diary.clinical.thresholds import SHARP_RISE

CODE = "sharp-rise"


def find(case: Case, _: Sequence[Finding]) -> Iterator[Finding]:
    for follow_up in case.follow_ups:
        if _rose_sharply(follow_up.session):
            yield Finding(
                rule=CODE,
                session=follow_up.session.id,
                symptom=None,
                code=None,
                level=REVIEW,
                fired_at=follow_up.session.ended_at,
                evidence=(),
                resolved_at=_resolved_at(follow_up),
            )


def _rose_sharply(session: Session) -> bool:
    if session.sharp_increase:
        return True
    before, after = session.pain_before, session.pain_after
    return before is not None and after is not None and after - before >= SHARP_RISE


def _resolved_at(follow_up: FollowUp) -> Instant | None:
    for observation in follow_up.until_next():
        is_entry_after = observation.id is not None and observation.at > follow_up.session.ended_at
        if is_entry_after and _is_back(observation, follow_up):
            return observation.at
    return follow_up.next.ended_at if follow_up.next else None


def _is_back(observation: Observation, follow_up: FollowUp) -> bool:
    if follow_up.session.pain_before is not None:
        return observation.pain <= back_to(follow_up.session.pain_before)
    if follow_up.baseline:
        return observation.pain <= back_to(follow_up.baseline.value)
    return observation.compared in ("better", "same")


RULE = Rule(
    code=CODE,
    levels=(REVIEW,),
    sources={"rule": "document", "how far it rose": "literature", "when it is over": "ours"},
    find=find,
)
