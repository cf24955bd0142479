"""Every entry of a period: as columns for the browser, as rows for what is drawn here."""

import json
from datetime import UTC, datetime
from operator import sub
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.db.models.lookups import Exact, GreaterThan

from diary.models import User
from diary.models.columns import Column, Day, Minute
from diary.models.entries import EntryQuerySet
from diary.models.prepared import LONG_AGO, Prepared
from diary.models.readings import BEGINNING
from diary.periods import DAY, Period
from diary.permissions import visible_entries

LATE = 24 * 60
"""Minutes. An entry recorded longer than this after it was observed is remembered, not felt."""
COLUMNS = ("minutes", "pain", "soreness", "late")
END = datetime(9000, 1, 1, tzinfo=UTC)


def series(user: User, patient: User, period: Period, now: datetime) -> str:
    """Return a patient's entries of a period, as far as this person sees them, as JSON in columns; one statement.

    `minutes`: observed, whole minutes since 1970, each but the first as the difference to the one before (short, and
    half as many bytes on the wire); `pain` and `soreness`: 0-10, null where not answered; `late`: recorded more than
    `LATE` after. The order is the database's own: who reads adds up the minutes, then sorts.
    """
    bounds = {"since": period.since or BEGINNING, "until": period.until or END}
    found = SERIES[User.Role(user.role)].rows(user=user, patient=patient, now=now, **bounds)
    minutes, *others = found[0] if found else ["[]"] * len(COLUMNS)
    columns = [json.dumps(differences(json.loads(minutes)), separators=(",", ":")), *others]
    return "{" + ",".join(f'"{name}":{column}' for name, column in zip(COLUMNS, columns, strict=True)) + "}"


def columns_of(user: User, patient: User, now: datetime, since: datetime, until: datetime) -> QuerySet[Any, Any]:
    """Return one row, of a column each, or none where there is no entry."""
    entries = Period("", since, until).of(visible_entries(user, now).of(patient).standing(), "observed_at")
    columns = map(Column, (Minute("observed_at"), "pain", "soreness", was_late()))
    return (
        entries.order_by().values("patient").annotate(**dict(zip(COLUMNS, columns, strict=True))).values_list(*COLUMNS)
    )


SERIES = {
    role: Prepared(
        columns_of,
        user=User(pk=-1, role=role),
        patient=User(pk=-2),
        now=LONG_AGO,
        since=LONG_AGO - DAY,
        until=LONG_AGO - 2 * DAY,
    )
    for role in (User.Role.PATIENT, User.Role.PRACTITIONER)
}


def was_late() -> Case:
    """Whether an entry was recorded more than `LATE` after it was observed: never on the same day, which most are."""
    same_day = When(Exact(Day("recorded_at"), Day("observed_at")), then=Value(False))
    later = GreaterThan(Minute("recorded_at") - Minute("observed_at"), LATE)
    return Case(same_day, default=later, output_field=BooleanField())


def differences(numbers: list[int]) -> list[int]:
    return [*numbers[:1], *map(sub, numbers[1:], numbers)]


class Reading(NamedTuple):
    """One entry: when it was observed, pain 0-10, soreness 0-10 or None, whether it was written a day or more later."""

    at: datetime
    pain: int
    soreness: int | None
    late: bool


def readings(entries: EntryQuerySet, period: Period) -> list[Reading]:
    """Return the entries of a period, the oldest first, for who draws them here and not in the browser."""
    rows = period.of(entries.standing(), "observed_at").annotate(late=was_late()).order_by("observed_at")
    return [Reading(*row) for row in rows.values_list("observed_at", "pain", "soreness", "late")]
