"""R5 worsening-course: the settled levels of three sessions against the course (section 4)."""

from dataclasses import dataclass

from .reading import Session
from .terms import (
    DAY,
    LOOKED_BACK,
    SETTLED_AFTER,
    Diary,
    Finding,
    baseline,
    bucket_median,
    highest,
)

JUDGED = 3  # settled levels


@dataclass(frozen=True)
class Settled:
    """The settled level of a session, the instant of its first rating, the entries of its range."""

    session: Session
    level: float
    since: int
    entries: list[str]


def settled_level(diary: Diary, session: Session) -> Settled | None:
    """R5, `settled(S)`; None: no rating."""
    start, following = session.at + SETTLED_AFTER, diary.next_session(session.at)
    until = diary.now + 1 if following is None else following.at
    entries = [o for o in diary.from_entries if start < o.at <= session.at + LOOKED_BACK and o.at < until]
    ratings = [(o.at, o.pain) for o in entries]
    if following and following.pain_before is not None and start < following.at <= session.at + LOOKED_BACK:
        ratings.append((following.at, following.pain_before))
    if not ratings:
        return None
    buckets = [(at - start - 1) // DAY for at, _ in ratings]  # whole seconds: bucket 0 ends with its last
    level = bucket_median(buckets, [pain for _, pain in ratings])
    return Settled(session, level, ratings[0][0], [o.id for o in entries])


def settled_levels(diary: Diary) -> list[Settled]:
    return [level for each in diary.sessions if (level := settled_level(diary, each)) is not None]


def course_of(diary: Diary) -> tuple[float, int] | None:
    """R5: the course, and the rise upon it (points); None: no baseline."""
    base = baseline(diary, diary.sessions[0]) if diary.sessions else None
    return None if base is None else (base.value, 3 if base.value < 2 else 2)


def worsening_course(diary: Diary) -> list[Finding]:
    """R5: one finding for the whole diary is open at a time."""
    course, found = course_of(diary), []
    levels = settled_levels(diary) if course else []
    for place in range(len(levels)):
        last = levels[max(0, place + 1 - JUDGED) : place + 1]
        going = found[-1] if found and found[-1].resolved_at is None else None
        grade = worsening(course, last)
        if going and all(each.level <= course[0] + 1 for each in last[-2:]):
            going.resolved_at = last[-1].since
        elif going and grade:
            going.level = highest([going.level, grade])
        elif grade:
            evidence = [entry for each in last for entry in each.entries]
            found.append(Finding("worsening-course", grade, last[-1].since, evidence, last[-1].session.id))
    return found


def worsening(course: tuple[float, int], last: list[Settled]) -> str | None:
    """R5, *confirmed* and *watch*: the level at the last of three settled levels."""
    usual, by = course
    if len(last) < JUDGED:
        return None
    raised = [each.level >= usual + by for each in last]
    if all(raised):
        return "priority"
    watched = raised[-1] and any(raised[:-1]) and all(each.level >= usual + 1 for each in last)
    return "review" if watched else None
