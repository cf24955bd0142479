"""Many diaries in little time: rows that the database itself makes, for what is measured among a million others."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection
from django.db.models import Field

from diary.bench.seed import DAY, TEN_YEARS
from diary.models import Diary, Entry, Intake, User

A_BATCH = 20
"""Diaries written at once: some seventy thousand entries."""
NUMBERS = {
    "sqlite": "WITH RECURSIVE days(day) AS (SELECT 1 UNION ALL SELECT day + 1 FROM days WHERE day < %s)",
    "postgresql": "WITH days(day) AS (SELECT generate_series(1, %s))",
}
IDS = {"sqlite": "LOWER(HEX(RANDOMBLOB(16)))", "postgresql": "GEN_RANDOM_UUID()"}
MOMENTS = {
    "sqlite": "STRFTIME('%%Y-%%m-%%d %%H:%%M:%%S', %s, '-' || day || ' days')",
    "postgresql": "CAST(%s AS timestamptz) - day * INTERVAL '1 day'",
}


def fill(entries: int, now: datetime) -> Iterator[int]:
    """Write diaries of ten years that nobody here reads, until there are so many entries; yield how many there are."""
    written = Entry.objects.count()
    while written < entries:
        wanted = min(A_BATCH, -(-(entries - written) // TEN_YEARS))
        keep_for_years(strangers(wanted), min(TEN_YEARS, entries - written), now)
        written = Entry.objects.count()
        yield written


def counted() -> None:
    """Let PostgreSQL count what it holds, as it does by itself within a minute; SQLite never does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def strangers(count: int) -> list[User]:
    users = [User(email=f"{uuid4().hex}@bench.example", name="Somebody", role="patient") for _ in range(count)]
    User.objects.bulk_create(users)
    Diary.objects.bulk_create(Diary(patient=user) for user in users)
    Intake.objects.bulk_create(Intake(patient=user) for user in users)
    return users


def keep_for_years(patients: list[User], days: int, now: datetime) -> None:
    """Write an entry a day into each of these diaries, in one statement."""
    fields = Entry._meta.concrete_fields
    moment = connection.ops.adapt_datetimefield_value(now - DAY)
    params = [param for field in fields for param in value_of(field, moment)[1]]
    columns = ", ".join(str(field.column) for field in fields)
    values = ", ".join(value_of(field, moment)[0] for field in fields)
    people = ", ".join(str(patient.pk) for patient in patients)
    insert = f"INSERT INTO diary_entry ({columns})"
    select = f"SELECT {values} FROM days CROSS JOIN diary_user WHERE diary_user.id IN ({people})"  # noqa: S608
    numbers = NUMBERS[connection.vendor]
    written = f"{numbers} {insert} {select}" if connection.vendor == "postgresql" else f"{insert} {numbers} {select}"
    with connection.cursor() as cursor:
        cursor.execute(written, [days, *params])


def value_of(field: "Field[Any, Any]", moment: Any) -> tuple[str, list[Any]]:
    """Return what a column of a made-up entry holds, as SQL and its parameters; what is not said here is empty."""
    if field.name == "id":
        return IDS[connection.vendor], []
    if field.name in ("observed_at", "recorded_at"):
        return MOMENTS[connection.vendor], [moment]
    if field.name == "patient":
        return "diary_user.id", []
    if field.name in ("pain", "soreness"):
        return "day %% 5", []
    empty = field.get_db_prep_save(field.get_default(), connection)
    return "%s", [empty]
