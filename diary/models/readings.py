"""A patient's rows as the clinical core reads them."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from django.db.models import BigIntegerField, Exists, F, Func, OuterRef, QuerySet, Subquery, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from diary.clinical import diary as clinical
from diary.clinical.assess import RULES_VERSION
from diary.clinical.past import ENTRIES_REACH, SESSIONS_REACH, Past
from diary.models.columns import Column, Row
from diary.models.diaries import Diary
from diary.models.entries import Entry
from diary.models.flags import Flag
from diary.models.intakes import Intake
from diary.models.prepared import Prepared
from diary.models.sessions import TreatmentSession
from diary.models.users import User


class Second(Func):
    """An instant as the rules count it: whole seconds since 1970, UTC."""

    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # Without its fraction, which SQLite would round: 12:00:00.9996 is not yet 12:00:01.
        template = "CAST(STRFTIME('%%%%s', SUBSTR(%(expressions)s, 1, 19)) AS INTEGER)"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # In floating point, as `Minute`: exact to the microsecond for two centuries.
        template = "FLOOR(DATE_PART('epoch', %(expressions)s))::bigint"
        return self.as_sql(compiler, connection, template=template, **context)


Columns: TypeAlias = tuple[Combinable, ...]


def text(column: str) -> Combinable:
    """Return a column as both engines write it, so that a row reads the same from a statement and from a QuerySet."""
    return Cast(column, TextField())


ENTRY: Columns = (
    text("id"),
    Second("observed_at"),
    Second("recorded_at"),
    F("pain"),
    F("soreness"),
    F("compared"),
    text("red_flags"),
    *map(F, clinical.REACTIONS),
)
SESSION: Columns = (text("id"), Second("ended_at"), F("pain_before"), F("pain_after"), F("sharp_increase"))
USUAL = [f"usual_{name}" for name in clinical.REACTIONS]
INTAKE: Columns = (F("usual_pain"), F("usual_soreness"), text("conditions"), *map(F, USUAL))
DIGITS = 32

# Read at every entry that is logged: prepared, they cost a fifth of what the same QuerySets do.
NOBODY = User(pk=-1)


BEGINNING = datetime(1901, 1, 2, tzinfo=UTC)


def held(patient: User) -> QuerySet[Any]:
    """When a diary is due, the past that was closed, and whether it has flags of other rules."""
    rows = Diary.objects.select_for_update().filter(patient=patient)
    others = Flag.objects.filter(patient=OuterRef("pk")).exclude(rules_version=RULES_VERSION)
    return rows.values_list(Second("due_at"), text("past"), Exists(others))


HELD = Prepared(held, patient=NOBODY)


def read_since(patient: User, entered: datetime, treated: datetime) -> QuerySet[Any]:
    """Return one row: the intake, sessions and entries of a patient, each as JSON, and whether there is any flag."""
    sessions = TreatmentSession.objects.standing().filter(ended_at__gte=treated)
    entries = Entry.objects.standing().filter(observed_at__gte=entered)
    return User.objects.filter(pk=patient.pk).values_list(
        all_of(Intake.objects.all(), INTAKE),
        all_of(sessions, SESSION),
        all_of(entries, ENTRY),
        Exists(Flag.objects.filter(patient=OuterRef("pk"))),
    )


def all_of(rows: QuerySet[Any], columns: Columns) -> Subquery:
    """Return the rows of a patient as one text, in no promised order; null where there are none."""
    of_one = rows.filter(patient=OuterRef("pk")).order_by().values("patient")
    return Subquery(of_one.annotate(rows=Column(Row(*columns))).values("rows"))


READ = Prepared(read_since, patient=NOBODY, entered=BEGINNING, treated=BEGINNING + timedelta(days=1))


def diary_of(patient: User, past: Past | None = None) -> clinical.Diary:
    """Return everything standing that the rules read of one patient, or since a past, in one statement."""
    return read(patient, past)[0]


def read(patient: User, past: Past | None = None) -> tuple[clinical.Diary, bool]:
    """Return what `diary_of` does, and whether anything was ever flagged in it.

    Whoever holds the diary reads it after the lock: what PostgreSQL reads beside a row that it waits for is as old as
    the wait.
    """
    since = {"entered": BEGINNING, "treated": BEGINNING}
    if past:
        since = {"entered": moment(past.until - ENTRIES_REACH), "treated": moment(past.until - SESSIONS_REACH)}
    ((*told, flagged),) = READ.rows(patient=patient, **since)
    intakes, sessions, entries = (json.loads(rows or "[]") for rows in told)
    diary = clinical.Diary(
        time_zone=patient.time_zone,
        intake=clinical_intake(*intakes),
        sessions=tuple(map(clinical_session, sessions)),
        entries=tuple(map(clinical_entry, entries)),
    )
    return diary, bool(flagged)


def clinical_entry(row: Sequence[Any]) -> clinical.Entry:
    id, observed_at, recorded_at, pain, soreness, compared, red_flags, *grades = row
    return clinical.Entry(
        id=dashed(id),
        observed_at=observed_at,
        recorded_at=recorded_at,
        pain=pain,
        soreness=soreness,
        reactions=answered(grades),
        compared=compared or None,
        red_flags=() if red_flags == "[]" else tuple(json.loads(red_flags)),
    )


def clinical_session(row: Sequence[Any]) -> clinical.Session:
    id, ended_at, pain_before, pain_after, sharp_increase = row
    return clinical.Session(dashed(id), ended_at, pain_before, pain_after, bool(sharp_increase))


def clinical_intake(row: Sequence[Any] | None = None) -> clinical.Intake:
    """Return what is usual, from a row of `INTAKE`; without one, nothing is known to be."""
    if row is None:
        return clinical.Intake()
    usual_pain, usual_soreness, conditions, *grades = row
    return clinical.Intake(usual_pain, usual_soreness, answered(grades), frozenset(json.loads(conditions)))


def dashed(id: str) -> str:
    """Return an id as it is written everywhere, from the 32 digits that SQLite keeps or as PostgreSQL writes it."""
    return f"{id[:8]}-{id[8:12]}-{id[12:16]}-{id[16:20]}-{id[20:]}" if len(id) == DIGITS else id


def answered(grades: list[int | None]) -> dict[str, int]:
    return {name: grade for name, grade in zip(clinical.REACTIONS, grades, strict=True) if grade is not None}


def moment(instant: int) -> datetime:
    return datetime.fromtimestamp(instant, UTC)


def instant(moment: Any) -> int:
    """Return a moment as the rules count it: whole seconds since 1970, UTC."""
    return int(moment.timestamp())
