"""Taking a file into a diary: as a whole or not at all, and twice the same as once.

What a file says is taken as it is, its moments too, and marked as taken from a file. Whoever it names is not: a session
that a patient brings along counts for no practitioner here.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.dateparse import parse_datetime

from diary.actions import reminders
from diary.actions.audit import record_event
from diary.actions.diaries import hold, reassess
from diary.exports.document import WHO, digest, row_of, said_by
from diary.models import Amendment, Entry, Import, Intake, TreatmentSession, User
from diary.permissions import can_log, can_take_in, require
from diary.personal import PARTS

TOLD_OF = timedelta(days=7)
"""Flags that fired earlier than this before an import are nobody's news: they stand on the list, and no mail leaves."""
MOMENTS = ("observed_at", "ended_at", "recorded_at", "withdrawn_at", "amended_at", "saved_at")
BATCH = 500

Row = dict[str, Any]


class NotAsRead(Exception):
    """What was written is not what the file says: nothing was taken in."""


class ChangedMeanwhile(Exception):
    """The diary changed while the file was taken in: nothing was."""


@dataclass(frozen=True, slots=True)
class Left:
    """A row that is not taken, and why: `other` (stands here and says something else), `instant` (another session ended
    then), `intake` (was said here already).
    """

    part: str
    id: str
    at: datetime
    why: str


@dataclass(slots=True)
class Plan:
    """What taking in a file would do: rows that are new, how many stand here already, rows that are left.

    `renamed`: ids that somebody else's rows have, and those taken instead; `with_intake`: the background will say what
    the file says.
    """

    new: dict[str, list[Row]]
    intake: Row | None = None
    known: int = 0
    left: list[Left] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    with_intake: bool = False
    unsaid: set[str] = field(default_factory=set)

    @property
    def counts(self) -> dict[str, int]:
        counts = {key: len(rows) for key, rows in self.new.items()}
        return counts | {"intake": int(self.intake is not None), "known": self.known, "left": len(self.left)}

    @property
    def is_empty(self) -> bool:
        return not (self.intake or any(self.new.values()))


@transaction.atomic
def look_at(*, by: User, now: datetime, kind: str, text: str, digest: str = "", choices: Row | None = None) -> Import:
    """Keep a file until it is taken in; one that waits already is dropped for it."""
    require(can_log(by))
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


# What would be done


def plan(by: User, parts: Row) -> Plan:
    """Return what taking in these parts (`exports.document.SAID`) would do to a patient's diary as it stands.

    A row whose id somebody else's row has gets another one, always the same. `unsaid` among the parts names what this
    kind of file does not say of a row: that is not compared with what stands here.
    """
    made = Plan(new={}, unsaid={*parts.get("unsaid", ())})
    for key, model in (("sessions", TreatmentSession), ("entries", Entry)):
        made.new[key] = compared(by, key, model, parts.get(key) or [], made)
    taken = {row["id"] for row in made.new["entries"]}
    amendments = [
        row | {"entry": made.renamed.get(row["entry"], row["entry"])} for row in parts.get("amendments") or []
    ]
    made.new["amendments"] = [row for row in amendments if row["entry"] in taken]
    plan_intake(by, parts.get("intake"), made)
    return made


def compared(by: User, key: str, model: Any, rows: list[Row], made: Plan) -> list[Row]:
    held = model._base_manager.in_bulk([UUID(row["id"]) for row in rows])
    foreign = [row["id"] for row in rows if UUID(row["id"]) in held and held[UUID(row["id"])].patient_id != by.pk]
    made.renamed |= {id: str(uuid5(UUID(id), f"settle {by.pk}")) for id in foreign}
    held |= model._base_manager.in_bulk([UUID(made.renamed[id]) for id in foreign])
    unsaid, written = WHO | made.unsaid, minutes(by) if made.unsaid and key == "entries" else set()
    ended = {*TreatmentSession.objects.standing().of(by).values_list("ended_at", flat=True)}
    new = []
    for row in ({**row, "id": made.renamed.get(row["id"], row["id"])} for row in rows):
        here, at = held.get(UUID(row["id"])), moment(row.get("observed_at") or row["ended_at"])
        if here is not None and same(row_of(part_of(key), here), row, unsaid):
            made.known += 1
        elif here is not None:
            made.left.append(Left(key, row["id"], at, "other"))
        elif here is None and (at.replace(second=0, microsecond=0), row.get("pain")) in written:
            made.known += 1
        elif key == "sessions" and not row["withdrawn_at"] and at in ended:
            made.left.append(Left(key, row["id"], at, "instant"))
        else:
            new.append(row)
    return new


def minutes(by: User) -> set[tuple[datetime, int]]:
    """Return the minute and the pain of each entry that stands: a table without ids says no more to know it by."""
    rows = Entry.objects.standing().of(by).values_list("observed_at", "pain")
    return {(at.replace(second=0, microsecond=0), pain) for at, pain in rows}


def plan_intake(by: User, said: Row | None, made: Plan) -> None:
    if not said:
        return
    here = row_of(part_of("intake"), Intake.objects.get(patient=by))
    is_same, is_said = same(here, said, WHO), bool(said["saved_at"])
    made.with_intake = is_same or (is_said and not here["saved_at"])
    if is_said and is_same:
        made.known += 1
    elif made.with_intake and not is_same:
        made.intake = said
    elif is_said:
        made.left.append(Left("intake", "", moment(said["saved_at"]), "intake"))


def part_of(key: str) -> Any:
    return next(part for part in PARTS if part.key == key)


def same(one: Row, other: Row, unsaid: set[str]) -> bool:
    return all(one[name] == other[name] for name in one if name not in unsaid)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# Doing it


def take(*, by: User, now: datetime, taken: Import, parts: Row) -> Plan:
    """Take a file into its patient's diary, with one event; the rules look at all of it.

    Raises NotAsRead, ChangedMeanwhile; then nothing has changed.
    """
    require(can_take_in(by, taken))
    try:
        return take_all(by=by, now=now, taken=taken, parts=parts)
    except IntegrityError:
        raise ChangedMeanwhile from None


@transaction.atomic
def take_all(*, by: User, now: datetime, taken: Import, parts: Row) -> Plan:
    diary = hold(by)
    made = plan(by, parts)
    standing = Import.objects.waiting().filter(pk=taken.pk)
    if not standing.exists():
        return made
    write(by, made, now)
    found = digest(here(by, made))
    if found != digest(there(parts, made)):
        raise NotAsRead
    standing.update(text="", taken_at=now, result=made.counts | {"digest": found})
    record_event(by=by, now=now, stream=by.pk, verb="diary-imported", subject=taken.pk, new=made.counts)
    if not made.is_empty:
        reassess(diary, now=now, told_since=now - TOLD_OF)
        reminders.wake(by, now=now)
    return made


def write(by: User, made: Plan, now: datetime) -> None:
    who = {"patient": by, "imported_at": now}
    sessions = [TreatmentSession(**values(row), **who, recorded_by=by) for row in made.new["sessions"]]
    TreatmentSession.objects.bulk_create(sessions, BATCH)
    Entry.objects.bulk_create([Entry(**values(row), **who) for row in made.new["entries"]], BATCH)
    amended = [{"entry_id": row["entry"]} | values(row) for row in made.new["amendments"]]
    Amendment.objects.bulk_create([Amendment(**row, patient=by, amended_by=by) for row in amended], BATCH)
    if made.intake:
        Intake.objects.filter(patient=by).update(**values(made.intake))


def values(row: Row) -> Row:
    """Return a row of a file as columns, without the people it names."""
    told = {name: value for name, value in row.items() if name not in WHO | {"entry"}}
    return told | {name: parse_datetime(told[name]) for name in MOMENTS if told.get(name)}


# The same content on both sides

ID = {"sessions": "id", "entries": "id", "amendments": "entry"}


def there(parts: Row, made: Plan) -> Row:
    """Return what the file says of what is new here."""
    renamed = made.renamed
    new = {key: {row[name] for row in made.new[key]} for key, name in ID.items()}
    said = {
        key: [row for row in parts.get(key) or [] if renamed.get(row[name], row[name]) in new[key]]
        for key, name in ID.items()
    }
    return said | {"intake": parts.get("intake") if made.with_intake else []}


def here(by: User, made: Plan) -> Row:
    """Return what now stands here of what was new, under the ids that the file has."""
    back = {new: old for old, new in made.renamed.items()}
    new = {key: {row[name] for row in made.new[key]} for key, name in ID.items()}
    said = said_by(by)
    found = {
        key: [row | {name: back.get(row[name], row[name])} for row in said[key] if row[name] in new[key]]
        for key, name in ID.items()
    }
    return found | {"intake": said["intake"] if made.with_intake else []}
