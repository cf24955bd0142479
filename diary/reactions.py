"""A practitioner's own reaction rates, as numbers: of the sessions they gave in diaries which they read now."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from diary.clinical.rates import Interval, compare, limits, wilson
from diary.clinical.reported import PUBLISHED, REPORTS
from diary.models import Tallying, User
from diary.models.prepared import LONG_AGO, SOMEBODY, PreparedBytes
from diary.models.tallies import Counts, by_month, by_patient
from diary.permissions import visible_tallies

MONTHS = 12
SOON = timedelta(minutes=5)
"""What is written is counted within two minutes; a longer wait is said."""
DRAWN = ("bruising", "soreness", "dizziness")
"""By month only what is not too rare to be seen there."""
LEFT, RIGHT, TOP, FLOOR = 40, 592, 12, 132  # the picture, in its own units


class Rate(NamedTuple):
    """How often a reaction was reported after sessions where anybody answered about it, and by how many patients."""

    symptom: str
    reported: int
    answered: int
    sessions: int
    interval: Interval
    published: tuple[float, float]
    stands: str
    patients: int
    patients_answered: int
    patients_interval: Interval

    @property
    def share(self) -> float | None:
        return self.reported / self.answered if self.answered else None

    @property
    def completeness(self) -> float | None:
        return self.answered / self.sessions if self.sessions else None


class Month(NamedTuple):
    """One month of one reaction, and between which shares it lies by chance alone."""

    month: date
    reported: int
    answered: int
    share: float | None
    limits: Interval
    x: float
    y: float
    low_y: float
    high_y: float

    @property
    def is_outside(self) -> bool:
        return self.share is not None and not self.limits.low <= self.share <= self.limits.high


class Chart(NamedTuple):
    symptom: str
    centre: float
    centre_y: float
    top: float
    months: list[Month]


def kept_of(user: User, now: datetime) -> QuerySet[Any, Any]:
    return visible_tallies(user, now).rows()


KEPT = PreparedBytes(kept_of, user=SOMEBODY, now=LONG_AGO)


def rates(months: Collection[Counts], people: Counts) -> list[Rate]:
    return [rate(symptom, months, people) for symptom in REPORTS]


def rate(symptom: str, months: Collection[Counts], people: Counts) -> Rate:
    """Return one rate; where fewer than half the sessions have an answer, it is set beside nothing.

    Who answers only when something is there would make every rate a high one.
    """
    reported = sum(month[f"{symptom}_reported"] for month in months)
    answered = sum(month[f"{symptom}_answered"] for month in months)
    sessions = sum(month["sessions"] for month in months)
    by, of = people[f"{symptom}_reported"], people[f"{symptom}_answered"]
    return Rate(
        symptom=symptom,
        reported=reported,
        answered=answered,
        sessions=sessions,
        interval=wilson(reported, answered),
        published=PUBLISHED[symptom],
        stands=compare(reported, answered, *PUBLISHED[symptom]) if answered * 2 >= sessions else "unanswered",
        patients=by,
        patients_answered=of,
        patients_interval=wilson(by, of),
    )


def charts(rates: Sequence[Rate], months: dict[date, Counts]) -> list[Chart]:
    """Return the last twelve months with sessions of each reaction that is drawn."""
    last = [*months.items()][-MONTHS:]
    return [chart(rate, last) for rate in rates if rate.symptom in DRAWN and rate.answered]


def chart(rate: Rate, months: Sequence[tuple[date, Counts]]) -> Chart:
    centre = rate.share or 0.0
    numbers = [
        (month, counts[f"{rate.symptom}_reported"], counts[f"{rate.symptom}_answered"]) for month, counts in months
    ]
    shares = [reported / answered for _, reported, answered in numbers if answered]
    highs = [limits(centre, answered).high for _, _, answered in numbers if answered]
    top = min(1.0, max([0.1, *shares, *highs]))
    step = (RIGHT - LEFT) / max(1, len(numbers))
    placed = [LEFT + step * (place + 0.5) for place in range(len(numbers))]
    drawn = [drawn_month(numbers[place], placed[place], centre, top) for place in range(len(numbers))]
    return Chart(rate.symptom, centre, down(centre, top), top, drawn)


def drawn_month(numbers: tuple[date, int, int], x: float, centre: float, top: float) -> Month:
    month, reported, answered = numbers
    share = reported / answered if answered else None
    by_chance = limits(centre, answered)
    places = (down(share or 0.0, top), down(by_chance.low, top), down(min(by_chance.high, top), top))
    return Month(month, reported, answered, share, by_chance, round(x, 1), *places)


def down(share: float, top: float) -> float:
    return round(FLOOR - (FLOOR - TOP) * share / top, 1)


def of_practitioner(user: User, now: datetime) -> tuple[list[Rate], list[Chart]]:
    """Return the rates and their charts, as last counted."""
    rows = KEPT.rows(user=user, now=now)
    months = by_month(rows)
    found = rates(months.values(), by_patient(rows))
    return found, charts(found, months)


def counted_last(now: datetime) -> datetime | None:
    """Return up to when the diaries are counted, where that is longer ago than it takes; otherwise nothing."""
    at = Tallying.objects.reached().at
    return at if at and now - at > SOON else None
