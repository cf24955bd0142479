"""What taking a file into a diary would do, row by row: what is new, what stands here already, what stays out."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from diary.exports.document import WHO, row_of
from diary.models import Entry, Intake, TreatmentSession, User
from diary.personal import PARTS

Row = dict[str, Any]


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
