"""Measure the hot paths against the floor: one table, ratios to a bare view of the same run."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.urls import path
from django.utils import timezone

from diary.actions import heartbeats
from diary.bench import measure, seed, works
from diary.bench.floor import floor
from diary.models import Entry, Event, User

WIDTHS = (5, 8, 8, 7, 12, 6, 6, 6)
VOID_ABOVE = 1.03  # two floors of one run that differ by more than 3 % make every ratio of it worthless


@dataclass(frozen=True, slots=True)
class Work:
    """One measured request, its gate and what to reach for, as ratios to the floor."""

    name: str
    call: Callable[[], works.Answer]
    gate: float | None = None
    reach: float | None = None
    most_sql: int | None = None


class Command(BaseCommand):
    help = "Measure the hot paths as ratios to a bare view, on a scratch database of the configured engine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rounds", type=int, default=300)
        parser.add_argument("--check", action="store_true", help="exit 1 where a gate is missed")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, rounds: int, check: bool, json: bool, **options: Any) -> None:
        on_loopback()
        with TemporaryDirectory() as folder, scratch_database(folder):
            rows = self.measured(rounds)
        self.stdout.write(as_json(rows) if json else as_table(rows))
        failed = [row["work"] for row in rows if row["verdict"] == "fail" or row["sql"] > (row["most_sql"] or 99)]
        if is_void(rows):
            sys.exit("void: the two floors differ by more than 3 %; run it again on a quieter machine")
        if check and failed:
            sys.exit(f"missed: {', '.join(failed)}")

    def measured(self, rounds: int) -> list[dict[str, Any]]:
        scenery = scene()
        start = timezone.now()
        answers = {work.name: (works.statements(work.call), answered(work)) for work in scenery}
        calls = {work.name: work.call for work in scenery}
        times = measure.run(calls, rounds=rounds, tidy=lambda: tidy(start), tick=self.ticker(rounds))
        floor_times = times[measure.FLOOR]
        return [row(work, *answers[work.name], measure.ratio(times[work.name], floor_times)) for work in scenery]

    def ticker(self, rounds: int) -> Callable[[], None]:
        done = 0

        def tick() -> None:
            nonlocal done
            done += 1
            if self.stderr.isatty() or done == rounds:
                self.stderr.write(f"\r{done}/{rounds} rounds", ending="" if done < rounds else "\n")

        return tick


def scene() -> list[Work]:
    """Fill the scratch database and return what is measured on it."""
    now = timezone.now()
    reader = seed.practitioner(now)
    seed.practice_of(reader, now)
    heartbeats.beat(worker="bench", now=now)
    new, year, decade = seed.patients(reader, 3, now)
    for patient, days in ((new, 14), (year, seed.YEAR), (decade, seed.TEN_YEARS)):
        seed.keep_diary(patient, days, now)
    handler = WSGIHandler()
    caller = {user.pk: works.Caller(handler, works.signed_in(user)) for user in (reader, new, year, decade)}

    def log(patient: User, url: str = "/entries/add/") -> Callable[[], works.Answer]:
        return lambda: caller[patient.pk].post(url, **works.new_entry())

    def get(user: User, url: str) -> Callable[[], works.Answer]:
        return lambda: caller[user.pk].get(url)

    return [
        Work(measure.FLOOR, log(new, "/floor/")),
        Work(measure.FLOOR_AGAIN, log(new, "/floor/")),
        Work("log an entry", log(new), 1.8, 1.3, 9),
        Work("log an entry, ten years", log(decade), None, None, 9),
        Work("Today", get(new, "/today/"), 2.5, 1.6, 6),
        Work("trend data, a year", get(year, "/trends.json?range=all"), 1.3, 1.0, 3),
        Work("trend data, ten years", get(decade, "/trends.json?range=all"), 2.5, 1.5, 3),
        Work("worklist, 50 flagged of 1,000", get(reader, "/worklist/"), 2.5, 1.2, 5),
    ]


@contextmanager
def scratch_database(folder: str) -> Iterator[None]:
    """Put a new database in the place of the configured one; SQLite's in a file, since a commit waits for the disk."""
    real = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = f"{folder}/bench.sqlite3"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(real, verbosity=0)


def on_loopback() -> None:
    """Serve the site as it is, with the floor beside it, to a caller that speaks plain HTTP."""
    settings.ROOT_URLCONF = (path("floor/", floor), *import_module(settings.ROOT_URLCONF).urlpatterns)
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.SECURE_SSL_REDIRECT = False


def answered(work: Work) -> works.Answer:
    """Return a work's answer; one that is an error, or the way to sign in, measures nothing."""
    answer = work.call()
    if answer.status >= 400 or answer.location.startswith("/accounts/"):
        raise CommandError(f"{work.name} is answered with {answer.status} {answer.location}")
    return answer


def tidy(since: datetime) -> None:
    """Keep every diary as long as it was, and the pages those of a site whose worker runs."""
    heartbeats.beat(worker="bench", now=timezone.now())
    Entry.objects.filter(recorded_at__gte=since).delete()
    Event.objects.filter(at__gte=since).delete()


def row(work: Work, sql: int, answer: works.Answer, ratio: measure.Ratio) -> dict[str, Any]:
    numbers = asdict(ratio)
    return {
        "work": work.name,
        "status": answer.status,
        "sql": sql,
        "most_sql": work.most_sql,
        "bytes": answer.compressed,
        "gate": work.gate,
        "reach": work.reach,
        "verdict": ratio.verdict(work.gate),
        **numbers,
    }


def is_void(rows: list[dict[str, Any]]) -> bool:
    again = next(row["wall"] for row in rows if row["work"] == measure.FLOOR_AGAIN)
    return max(again, 1 / again) > VOID_ABOVE


def as_json(rows: list[dict[str, Any]]) -> str:
    return json.dumps({"engine": connection.vendor, "void": is_void(rows), "rows": rows}, indent=1)


def as_table(rows: list[dict[str, Any]]) -> str:
    heads = ("SQL", "bytes", "p50 ms", "ratio", "95 %", "CPU", "gate", "reach")
    return "\n".join([line("work", heads, ""), *(line(row["work"], figures(row), row["verdict"]) for row in rows)])


def figures(row: dict[str, Any]) -> tuple[Any, ...]:
    bounds = f"{row['lower']:.2f}-{row['upper']:.2f}"
    p50, wall, cpu = f"{row['p50'] * 1000:.2f}", f"{row['wall']:.2f}", f"{row['cpu']:.2f}"
    return row["sql"], row["bytes"], p50, wall, bounds, cpu, row["gate"] or "", row["reach"] or ""


def line(name: str, cells: tuple[Any, ...], verdict: str) -> str:
    return (
        f"{name:32}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True)) + f"  {verdict}"
    )
