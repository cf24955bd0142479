"""Measure the hot paths against the floor: one table, ratios to a bare view of the same run."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import import_module
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.urls import path
from django.utils import timezone

from diary import worklist
from diary.actions import heartbeats
from diary.bench import measure, seed, works
from diary.bench.floor import floor
from diary.bench.rows import counted, fill
from diary.models import Entry, Event, Flag, User

WIDTHS = (5, 8, 8, 7, 12, 6, 6, 6)
MAY_GROW = {"log an entry": 1.05, "Today": 1.05, "worklist, 50 flagged of 1,000": 1.10}
THOUSANDS = {"k": 1000, "M": 1_000_000}
VOID_ABOVE = 1.03  # two floors of one run that differ by more than 3 % make every ratio of it worthless
Rows: TypeAlias = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Work:
    """One measured request, its gate and what to reach for, as ratios to the floor or to another work."""

    name: str
    call: Callable[[], works.Answer]
    gate: float | None = None
    reach: float | None = None
    most_sql: int | None = None
    against: str = measure.FLOOR


class Command(BaseCommand):
    help = "Measure the hot paths as ratios to a bare view, on a scratch database of the configured engine."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rounds", type=whole, default=300)
        parser.add_argument("--check", action="store_true", help="exit 1 where a gate is missed")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--rows", type=sizes, default=[], help="entries in the database, e.g. 10k,1M: shows growth")

    def handle(self, *, rounds: int, check: bool, json: bool, rows: list[int], **options: Any) -> None:
        on_loopback()
        with TemporaryDirectory() as folder, scratch_database(folder):
            runs = self.runs(rounds, rows)
        self.stdout.write(as_json(runs) if json else as_text(runs))
        if any(is_void(run) for run in runs.values()):
            sys.exit("void: the two floors differ by more than 3 %; run it again on a quieter machine")
        if check and (failed := missed(runs)):
            sys.exit(f"missed: {', '.join(failed)}")

    def runs(self, rounds: int, sizes: list[int]) -> dict[int, Rows]:
        """Measure the same scene once as it is, or among so many entries at a time, from few to many."""
        scenery = scene()
        if not sizes:
            return {Entry.objects.count(): self.measured(scenery, rounds)}
        return {size: self.among(size, scenery, rounds) for size in sorted(sizes)}

    def among(self, size: int, scenery: list[Work], rounds: int) -> Rows:
        for written in fill(size, timezone.now()):
            self.progress(f"{written:,} of {size:,} entries written", written >= size)
        counted()
        return self.measured(scenery, rounds)

    def progress(self, text: str, done: bool) -> None:
        if self.stderr.isatty() or done:
            self.stderr.write(f"\r{text}", ending="\n" if done else "")

    def measured(self, scenery: list[Work], rounds: int) -> Rows:
        start = timezone.now()
        first = {work.name: answered(work) for work in scenery}  # what is done once a minute is not counted
        counts = {work.name: works.statements(work.call) for work in scenery}
        calls = {work.name: work.call for work in scenery}
        times = measure.run(calls, rounds=rounds, tidy=lambda: tidy(start), tick=self.ticker(rounds))
        return [
            row(work, counts[work.name], first[work.name], measure.ratio(times[work.name], times[work.against]))
            | {"to_floor": measure.wall_ratio(list(zip(times[work.name], times[measure.FLOOR], strict=True)))}
            for work in scenery
        ]

    def ticker(self, rounds: int) -> Callable[[], None]:
        done = 0

        def tick() -> None:
            nonlocal done
            done += 1
            self.progress(f"{done}/{rounds} rounds", done == rounds)

        return tick


def scene() -> list[Work]:
    """Fill the scratch database and return what is measured on it."""
    now = timezone.now()
    reader, veteran, colleague = seed.practice(now)
    seed.practice_of(reader, now)
    seed.tally(veteran, now)
    heartbeats.beat(worker="bench", now=now)
    new, year, decade = seed.patients(reader, 3, now)
    (ill,) = seed.patients(colleague, 1, now)  # whose worklist and rates are not measured
    for patient, days in ((new, 14), (ill, 14), (year, seed.YEAR), (decade, seed.TEN_YEARS)):
        seed.keep_diary(patient, days, now)
    counted()
    handler = WSGIHandler()
    people = (reader, veteran, new, ill, year, decade)
    caller = {user.pk: works.Caller(handler, works.signed_in(user)) for user in people}

    def log(patient: User, url: str = "/entries/add/", **more: Any) -> Callable[[], works.Answer]:
        return lambda: caller[patient.pk].post(url, **works.new_entry(**more))

    def get(user: User, url: str) -> Callable[[], works.Answer]:
        return lambda: caller[user.pk].get(url)

    return [
        Work(measure.FLOOR, log(new, "/floor/")),
        Work(measure.FLOOR_AGAIN, log(new, "/floor/")),
        Work("log an entry", log(new), 1.8, 1.3, 9),
        Work("log an entry, ten years", log(decade), 1.05, 1.02, 9, against="log an entry"),
        Work("log an urgent entry", log(ill, red_flags="saddle"), most_sql=24),
        Work("Today", get(new, "/today/"), 2.5, 1.6, 6),
        Work("trend data, a year", get(year, "/trends.json?range=all"), 1.3, 1.0, 3),
        Work("trend data, ten years", get(decade, "/trends.json?range=all"), 2.5, 1.5, 3),
        Work("worklist, 50 flagged of 1,000", get(reader, "/worklist/"), 2.5, 1.2, 5),
        Work("worklist, first look of a day", anew(get(reader, "/worklist/")), most_sql=5),
        Work("reaction rates, 100,000 sessions", get(veteran, "/rates/"), 4, 2, 6),
    ]


def anew(look: Callable[[], works.Answer]) -> Callable[[], works.Answer]:
    """Return a look at the worklist of a process that has kept nothing of it."""

    def looked() -> works.Answer:
        worklist.stands.cache_clear()
        return look()

    return looked


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
    Flag.objects.filter(raised_at__gte=since).delete()
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


def sizes(text: str) -> list[int]:
    """Return numbers of entries, from "10k,1M"."""
    return [
        whole(part[:-1]) * THOUSANDS[part[-1]] if part[-1:] in THOUSANDS else whole(part) for part in text.split(",")
    ]


def whole(text: str) -> int:
    """Return a number, 1 or more. Raises ValueError."""
    if (number := int(text)) < 1:
        raise ValueError(text)
    return number


def missed(runs: dict[int, Rows]) -> list[str]:
    rows = [row for run in runs.values() for row in run]
    over = [row["work"] for row in rows if row["verdict"] == "fail" or row["sql"] > (row["most_sql"] or 99)]
    return over + [f"{row['work']}, growth" for row in growth(runs) if row["grows"] > row["gate"]]


def growth(runs: dict[int, Rows]) -> list[dict[str, Any]]:
    """Return what each work costs among the most entries against among the fewest, each as a ratio to its floor."""
    few, many = runs[min(runs)], runs[max(runs)]
    pairs = [(one, other) for one, other in zip(few, many, strict=True) if one["work"] in MAY_GROW]
    return [
        {"work": one["work"], "grows": other["to_floor"] / one["to_floor"], "gate": MAY_GROW[one["work"]]}
        for one, other in (pairs if len(runs) > 1 else ())
    ]


def is_void(rows: Rows) -> bool:
    again = next(row["wall"] for row in rows if row["work"] == measure.FLOOR_AGAIN)
    return max(again, 1 / again) > VOID_ABOVE


def as_json(runs: dict[int, Rows]) -> str:
    told = [{"entries": size, "void": is_void(rows), "rows": rows} for size, rows in runs.items()]
    return json.dumps({"engine": connection.vendor, "runs": told, "growth": growth(runs)}, indent=1)


def as_text(runs: dict[int, Rows]) -> str:
    tables = [f"{connection.vendor}, {size:,} entries\n{as_table(rows)}" for size, rows in runs.items()]
    grown = [f"{row['work']:32}{row['grows']:6.2f}  gate {row['gate']}" for row in growth(runs)]
    told = [f"among {max(runs):,} entries against {min(runs):,}", *grown] if grown else []
    return "\n\n".join([*tables, *(["\n".join(told)] if told else [])])


def as_table(rows: Rows) -> str:
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
