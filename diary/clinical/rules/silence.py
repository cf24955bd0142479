"""R8: keep communicating. Silence is neither a symptom nor a recovery."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from diary.clinical.case import Case
from diary.clinical.diary import NOTICE, Instant
from diary.clinical.finding import Finding
from diary.clinical.observations import FollowUp, evidence
from diary.clinical.rule import Rule
from diary.clinical.thresholds import SILENT_AFTER

CODE = "silence"


def find(case: Case, _: Sequence[Finding]) -> Iterator[Finding]:
    for finding in _silences(case, case.follow_ups):
        if finding.fired_at <= case.now:
            yield finding


def due_at(case: Case) -> Instant | None:
    """The earliest instant after now at which the answer changes if nothing more is entered, or None."""
    newest = case.follow_ups[-1:]  # an earlier one is over: the session after it came in time, or its instant is past
    return next((finding.fired_at for finding in _silences(case, newest) if finding.fired_at > case.now), None)


def _silences(case: Case, follow_ups: Iterable[FollowUp]) -> Iterator[Finding]:
    """The findings of these sessions, those included that have yet to fire."""
    if not case.sessions:
        return
    answers, usual = case.answers["soreness"], case.usual("soreness")
    instants = [observation.at for observation, _ in answers]
    settles_within = case.thresholds.settles_within
    for follow_up in follow_ups:
        ended_at, following = follow_up.session.ended_at, follow_up.next
        start = bisect_left(instants, ended_at)
        settled = bisect_right(instants, ended_at + settles_within, start)
        end = bisect_right(instants, ended_at + SILENT_AFTER, settled)
        last = answers[start:settled][-1:]
        answered = settled < end or any(value <= usual for _, value in last)
        needled_again = following is not None and following.ended_at <= ended_at + SILENT_AFTER
        if not answered and not needled_again:
            ends = [*instants[end : end + 1], *([following.ended_at] if following else [])]
            yield Finding(
                rule=CODE,
                session=follow_up.session.id,
                symptom=None,
                code=None,
                level=NOTICE,
                fired_at=ended_at + SILENT_AFTER,
                evidence=evidence(observation for observation, _ in last),
                resolved_at=min(ends, default=None),
            )


RULE = Rule(
    code=CODE,
    levels=(NOTICE,),
    sources={"rule": "document", "times": "ours", "when it is over": "ours"},
    find=find,
)
