"""What a diary is assessed with: the rules, and two naive ones that a spreadsheet could hold."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, TypeAlias

from diary.clinical.assess import assess
from diary.clinical.diary import REVIEW, Diary, Entry, Instant
from diary.clinical.finding import Finding

Judge: TypeAlias = Callable[[Diary, Instant], Sequence[Finding]]


class Ruler(NamedTuple):
    name: str
    judge: Judge


def rules(diary: Diary, now: Instant) -> Sequence[Finding]:
    return assess(diary, now).findings


def naive(alarms: Callable[[Entry, Entry | None], bool], diary: Diary, now: Instant) -> list[Finding]:
    """One alarm from the first entry that the rule minds to the first that it does not, after the first session."""
    found: list[Finding] = []
    previous: Entry | None = None
    first = min(session.ended_at for session in diary.sessions)
    for entry in diary.entries:
        minded = entry.observed_at >= first and alarms(entry, previous)
        if minded and not (previous and found and found[-1].evidence[-1] == previous.id):
            found.append(Finding("naive", None, None, None, REVIEW, entry.observed_at, (entry.id,), None))
        elif minded:
            last = found.pop()
            found.append(Finding("naive", None, None, None, REVIEW, last.fired_at, (*last.evidence, entry.id), None))
        previous = entry
    return found


def is_severe(entry: Entry, _: Entry | None) -> bool:
    return entry.pain >= 7


def has_risen(entry: Entry, previous: Entry | None) -> bool:
    return previous is not None and entry.pain >= previous.pain + 2


RULERS = (
    Ruler("the rules", rules),
    Ruler("pain 7 or more", partial(naive, is_severe)),
    Ruler("2 more than last time", partial(naive, has_risen)),
)
