"""A diary week by week: how many entries, and the lowest, middle and highest pain of each."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from statistics import median
from typing import NamedTuple

WEEK = timedelta(days=7)


class Week(NamedTuple):
    """One week from its Monday: the entries counted, their pain (None where nothing was said), its sessions' numbers.

    `middle` is the median: half of the entries were at or below it.
    """

    monday: date
    entries: int
    low: int | None
    middle: float | None
    high: int | None
    sessions: tuple[int, ...]


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weeks(scores: Iterable[tuple[date, int]], sessions: Iterable[tuple[date, int]], last: date) -> list[Week]:
    """Return every week from the first that has an entry (day, pain) or a session (day, number) to that of `last`.

    Weeks without a word are among them: a gap is a gap.
    """
    pain: dict[date, list[int]] = defaultdict(list)
    numbers: dict[date, list[int]] = defaultdict(list)
    for day, score in scores:
        pain[monday(day)].append(score)
    for day, number in sessions:
        numbers[monday(day)].append(number)
    if not (pain or numbers):
        return []
    first = min((*pain, *numbers))
    count = (monday(last) - first) // WEEK + 1
    return [_week(first + place * WEEK, pain, numbers) for place in range(count)]


def _week(start: date, pain: dict[date, list[int]], numbers: dict[date, list[int]]) -> Week:
    said, held = pain.get(start), tuple(numbers.get(start, ()))
    if not said:
        return Week(start, 0, None, None, None, held)
    return Week(start, len(said), min(said), float(median(said)), max(said), held)
