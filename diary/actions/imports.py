"""Taking a file into a diary: as a whole or not at all, and twice the same as once.

What a file says is taken as it is, its moments too, and marked as taken from a file. Whoever it names is not: a session
that a patient brings along counts for no practitioner here.

All that can be done before the diary is locked is: on SQLite nobody else writes while it is. What was planned is
planned again under the lock, and what was written is read again before it commits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_datetime

from diary.actions import reminders
from diary.actions.audit import record_event
from diary.actions.diaries import hold, reassess
from diary.actions.planning import Plan, part_of, plan
from diary.exports.document import WHO, attributes, digest, plain, row_of
from diary.models import Amendment, Entry, Event, Import, Intake, TreatmentSession, User
from diary.models.ready import Ready
from diary.permissions import can_log, can_take_in, require

TOLD_OF = timedelta(days=7)
"""Flags that fired earlier than this before an import are nobody's news: they stand on the list, and no mail leaves."""
MOMENTS = ("observed_at", "ended_at", "recorded_at", "withdrawn_at", "amended_at", "saved_at")
MODELS: dict[str, Any] = {"sessions": TreatmentSession, "entries": Entry, "amendments": Amendment}
ID = {"sessions": ("id",), "entries": ("id",), "amendments": ("entry", "version")}

Row = dict[str, Any]


class NotAsRead(Exception):
    """What was written is not what the file says: nothing was taken in."""


class ChangedMeanwhile(Exception):
    """The diary changed while the file was taken in: nothing was."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file ready to be taken in: what is planned and after which event, its rows as the database takes them and as
    they are to be read again, and the digest of what is new.
    """

    plan: Plan
    after: int | None
    ready: list[Ready]
    said: dict[str, dict[tuple[Any, ...], list[Any]]]
    digest: str


@transaction.atomic
def look_at(*, by: User, now: datetime, kind: str, text: str, digest: str = "", choices: Row | None = None) -> Import:
    """Keep a file until it is taken in; one that waits already is dropped for it."""
    require(can_log(by))
    hold(by)
    Import.objects.waiting().filter(patient=by).delete()
    return Import.objects.create(patient=by, kind=kind, text=text, digest=digest, choices=choices or {}, made_at=now)


@transaction.atomic
def choose(*, by: User, taken: Import, choices: Row) -> None:
    """Keep how a table that waits is to be read."""
    require(can_take_in(by, taken))
    Import.objects.waiting().filter(pk=taken.pk).update(choices=choices)


@transaction.atomic
def drop(*, by: User, taken: Import) -> None:
    """Take in nothing of a file that waits, and keep nothing of it."""
    require(can_take_in(by, taken))
    Import.objects.waiting().filter(pk=taken.pk).delete()


def let_go(*, now: datetime) -> int:
    """Let go of files that nobody has decided about for a week; return how many."""
    forgotten = Import.objects.forgotten(now)
    return forgotten.delete()[0] if forgotten.exists() else 0


# Doing it


def take(*, by: User, now: datetime, taken: Import, parts: Row) -> Plan:
    """Take a file into its patient's diary, with one event; the rules look at all of it.

    Raises NotAsRead, ChangedMeanwhile; then nothing has changed.
    """
    require(can_take_in(by, taken))
    prepared = prepare(by, parts, now)
    try:
        return take_all(by=by, now=now, taken=taken, parts=parts, prepared=prepared)
    except IntegrityError:
        raise ChangedMeanwhile from None


@transaction.atomic
def take_all(*, by: User, now: datetime, taken: Import, parts: Row, prepared: Prepared) -> Plan:
    diary, made = hold(by), prepared.plan
    standing = Import.objects.waiting().filter(pk=taken.pk)
    if not standing.select_for_update():  # held: who drops it at this moment drops nothing that was taken in
        return made
    if last_event(by) != prepared.after and plan(by, parts) != made:
        raise ChangedMeanwhile
    write(by, prepared)
    if not is_as_read(by, prepared, now):
        raise NotAsRead
    standing.update(text="", taken_at=now, result=made.counts | {"digest": prepared.digest})
    record_event(by=by, now=now, stream=by.pk, verb="diary-imported", subject=taken.pk, new=made.counts)
    if not made.is_empty:
        reassess(diary, now=now, told_since=now - TOLD_OF)
        reminders.wake(by, now=now)
    return made


def last_event(by: User) -> int | None:
    """Return the last thing that happened to a diary: whatever changes it says so in the same transaction."""
    return Event.objects.about(by.pk).order_by("pk").values_list("pk", flat=True).last()


def prepare(by: User, parts: Row, now: datetime) -> Prepared:
    after, made = last_event(by), plan(by, parts)
    own: dict[str, Row] = {
        "sessions": {"patient_id": by.pk, "recorded_by_id": by.pk, "imported_at": now},
        "entries": {"patient_id": by.pk, "imported_at": now},
        "amendments": {"patient_id": by.pk, "amended_by_id": by.pk},
    }
    ready = [Ready(model, (values(row) | own[key] for row in made.new[key])) for key, model in MODELS.items()]
    said = {
        key: {key_of(key, row): [row[name] for name, _ in columns(key)] for row in rows}
        for key, rows in made.new.items()
    }
    return Prepared(made, after, ready, said, digest(there(parts, made)))


def write(by: User, prepared: Prepared) -> None:
    for rows in prepared.ready:
        rows.insert()
    if prepared.plan.intake:
        Intake.objects.filter(patient=by).update(**values(prepared.plan.intake))


def values(row: Row) -> Row:
    """Return a row of a file as columns, without the people it names."""
    told = {("entry_id" if name == "entry" else name): value for name, value in row.items() if name not in WHO}
    return told | {name: parse_datetime(told[name]) for name in MOMENTS if told.get(name)}


# The same content on both sides


def there(parts: Row, made: Plan) -> Row:
    """Return what the file says of what is new here, under the ids that it has."""
    renamed, said = made.renamed, {}
    for key, (name, *_rest) in ID.items():
        new = {row[name] for row in made.new[key]}
        said[key] = [row for row in parts.get(key) or [] if renamed.get(row[name], row[name]) in new]
    return said | {"intake": parts.get("intake") if made.with_intake else []}


def is_as_read(by: User, prepared: Prepared, now: datetime) -> bool:
    """Tell whether what now stands here is what the file says, row by row and answer by answer."""
    for key, said in prepared.said.items():
        found = dict(written(key, by, now)) if said else {}
        if any(found.get(id) != row for id, row in said.items()):
            return False
    if not prepared.plan.intake:
        return True
    intake = row_of(part_of("intake"), Intake.objects.get(patient=by))
    return intake == prepared.plan.intake


def written(key: str, by: User, now: datetime) -> Iterator[tuple[tuple[Any, ...], list[Any]]]:
    """Yield what an import has written, as a file has it but for who it was, each row under its key."""
    names = [name for name, _ in columns(key)]
    as_text = [place for place, name in enumerate(names) if name in MOMENTS or name in ID[key]]
    keys = [names.index(name) for name in ID[key]]
    marked = {"entry__imported_at" if key == "amendments" else "imported_at": now}
    rows = MODELS[key].objects.filter(patient=by, **marked)
    for row in map(list, rows.values_list(*[attribute for _, attribute in columns(key)])):
        for place in as_text:
            row[place] = plain(row[place])
        yield tuple(row[place] for place in keys), row


@cache
def columns(key: str) -> list[tuple[str, str]]:
    part = part_of(key)
    return [(name, attribute) for name, attribute in attributes(part.model, part.exported) if name not in WHO]


def key_of(key: str, row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ID[key])
