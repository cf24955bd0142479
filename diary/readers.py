"""Who reads a diary, and who of them next: told in one value of another statement, for pages asked for all day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

from django.db.models import F, FilteredRelation, Func, JSONField, Q, QuerySet
from django.db.models.functions import JSONArray

from diary.hours import Away, Hours, Opening, next_opening

NAMED = ("pk", "name", "practitioner__hours_zone")
OPENINGS = tuple(f"practitioner__openings__{name}" for name in ("weekday", "opens", "closes"))
DAYS = ("away__first_day", "away__last_day")
Row: TypeAlias = Sequence[Any]


class InOneList(Func):
    """All rows of a subquery as one list of JSON: they are gathered, not grouped."""

    function = "JSON_GROUP_ARRAY"
    output_field = JSONField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="JSONB_AGG", **context)


def in_one_list(practitioners: QuerySet[Any], since: date) -> QuerySet[Any, Any]:
    """Return one value, the rows of `readers_from`, without the days away that were over on the day `since`.

    A row is an opening with one of the days away; `since` is a day early enough on every clock.
    """
    lasting = Q(practitioner__absences__last_day=None) | Q(practitioner__absences__last_day__gte=since)
    away = FilteredRelation("practitioner__absences", condition=lasting)
    rows = practitioners.annotate(away=away).order_by()
    return rows.annotate(told=InOneList(JSONArray(*map(F, (*NAMED, *OPENINGS, *DAYS))))).values("told")


@dataclass(frozen=True, slots=True)
class Reader:
    """A practitioner who reads a diary, and when."""

    name: str
    hours: Hours


def readers_from(rows: Iterable[Row]) -> list[Reader]:
    told: dict[int, tuple[str, str, dict[Opening, None], dict[Away, None]]] = {}
    for pk, name, zone, weekday, opens, closes, *days in rows:
        _, _, openings, away = told.setdefault(pk, (name, zone, {}, {}))
        openings[Opening(weekday, opens, closes)] = None
        if days[0]:
            away[Away(*(day and date.fromisoformat(day) for day in days))] = None
    return [Reader(name, Hours(zone, tuple(openings), tuple(away))) for name, zone, openings, away in told.values()]


class Reading(NamedTuple):
    """Somebody reads from an instant on, which is now where they read already."""

    reader: Reader
    at: datetime


def next_reading(readers: Iterable[Reader], now: datetime) -> Reading | None:
    """Return who of them reads first from now on; None where nobody is in sight."""
    coming = [Reading(reader, at) for reader in readers if (at := next_opening(reader.hours, now))]
    return min(coming, key=lambda reading: reading.at, default=None)
