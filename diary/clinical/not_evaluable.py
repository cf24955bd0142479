"""Section 5 of the rules: what cannot be told about a session, never a silent "no"."""

from collections.abc import Iterator

from diary.clinical.case import Case
from diary.clinical.finding import NotEvaluable
from diary.clinical.observations import FollowUp
from diary.clinical.rules import escalating_pain, severe_pain, worsening_course
from diary.clinical.thresholds import TOP_OF_SCALE


def not_evaluable(case: Case) -> Iterator[NotEvaluable]:
    """Ordered by session instant, then rule."""
    for place, follow_up in enumerate(case.follow_ups):
        session = follow_up.session.id
        if reason := _cannot_compare_pain(follow_up):
            yield NotEvaluable(escalating_pain.CODE, session, reason)
            yield NotEvaluable(severe_pain.CODE, session, reason)
        if place == 0 and (reason := _cannot_see_course(case)):
            yield NotEvaluable(worsening_course.CODE, session, reason)


def _cannot_compare_pain(follow_up: FollowUp) -> str | None:
    if follow_up.baseline is None:
        return "no-baseline" if follow_up.observations else None
    if follow_up.baseline.has_room or any(observation.compared for observation in follow_up.observations):
        return None
    return "no-room"


def _cannot_see_course(case: Case) -> str | None:
    multiple = case.thresholds.multiple_sessions
    if len(case.sessions) < multiple:
        return None
    if case.course is None:
        return "no-baseline"
    if worsening_course.worse_from(case.course.value) > TOP_OF_SCALE:
        return "no-room"
    return "no-settled-level" if len(case.settled_levels) < multiple else None
