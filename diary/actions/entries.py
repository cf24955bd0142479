"""Writing down how one feels, and putting it right."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from diary.actions.audit import record_event
from diary.actions.diaries import StaleEdit, hold, reassess
from diary.models import Amendment, Entry, Flag, User
from diary.permissions import can_amend, can_log, require

ANSWERS = (
    "observed_at",
    "zone",
    "offset_minutes",
    "pain",
    "soreness",
    "stiffness",
    "fatigue",
    "dizziness",
    "low_mood",
    "bruising",
    "compared",
    "red_flags",
    "regions",
    "good",
    "aftercare",
    "note",
)


@dataclass(frozen=True, slots=True)
class Logged:
    """What became of an entry: made now or known already, as it then stands; the flags raised."""

    entry: Entry
    created: bool = True
    raised: list[Flag] = field(default_factory=list)


def log(*, by: User, now: datetime, id: UUID, **answers: Any) -> Logged:
    """Log an entry under the id that the browser made; the same id sent again makes no second entry.

    An id that was used for another answer keeps the first: whether the two say the same is asked of the form. Raises
    IntegrityError where the id is of another person's entry, or an answer is outside its range.
    """
    require(can_log(by))
    try:
        return log_new(by=by, now=now, id=id, answers=answers)
    except IntegrityError:
        known = Entry.objects.of(by).filter(pk=id).first()
        if known is None:
            raise
        return Logged(known, created=False)


@transaction.atomic
def log_new(*, by: User, now: datetime, id: UUID, answers: dict[str, Any]) -> Logged:
    diary = hold(by)
    entry = Entry.objects.create(id=id, patient=by, recorded_at=now, **answers)
    record_event(by=by, now=now, stream=by.pk, verb="entry-logged", subject=id)
    return Logged(entry, raised=reassess(diary, now=now, changed=entry.observed_at))


@transaction.atomic
def amend(*, by: User, now: datetime, entry: Entry, version: int, **answers: Any) -> Entry:
    """Replace what an entry says; what it said before is kept.

    A red flag once reported stays on the entry: only a person closes it. Raises StaleEdit where `version` is not the
    one that stands, and what stands is not what is sent, as when it is sent twice.
    """
    require(can_amend(by, entry))
    diary = hold(by)
    standing = Entry.objects.get(pk=entry.pk)
    answers["red_flags"] = sorted({*standing.red_flags, *answers.get("red_flags", standing.red_flags)})
    changed = said(standing) != said(standing) | answers
    if standing.withdrawn_at or (changed and standing.version != version):
        raise StaleEdit(standing)
    before = standing.observed_at
    amended = keep_and_replace(standing, answers, by=by, now=now)
    reassess(diary, now=now, changed=min(before, amended.observed_at))
    return amended


def keep_and_replace(entry: Entry, answers: dict[str, Any], *, by: User, now: datetime) -> Entry:
    before = said(entry)
    for name, answer in answers.items():
        setattr(entry, name, answer)
    if said(entry) == before:
        return entry
    Amendment.objects.create(
        entry=entry, patient=by, version=entry.version, values=plain(before), amended_at=now, amended_by=by
    )
    entry.version += 1
    entry.save()
    record_event(by=by, now=now, stream=by.pk, verb="entry-amended", subject=entry.pk)
    return entry


@transaction.atomic
def withdraw(*, by: User, now: datetime, entry: Entry) -> None:
    """Take an entry out of the diary. It is kept and can be put back; a red flag in it is still seen by a person."""
    set_withdrawn(entry, now, by=by, now=now, verb="entry-withdrawn")


@transaction.atomic
def restore(*, by: User, now: datetime, entry: Entry) -> None:
    """Put a withdrawn entry back."""
    set_withdrawn(entry, None, by=by, now=now, verb="entry-restored")


def set_withdrawn(entry: Entry, at: datetime | None, *, by: User, now: datetime, verb: str) -> None:
    require(can_amend(by, entry))
    diary = hold(by)
    changed = Entry.objects.filter(pk=entry.pk, withdrawn_at__isnull=at is not None).update(withdrawn_at=at)
    if changed:
        entry.withdrawn_at = at
        record_event(by=by, now=now, stream=by.pk, verb=verb, subject=entry.pk)
        standing = Entry.objects.only("observed_at").get(pk=entry.pk)  # it may have been amended since it was fetched
        reassess(diary, now=now, changed=standing.observed_at)


def said(entry: Entry) -> dict[str, Any]:
    """Return an entry's answers, by name."""
    return {name: getattr(entry, name) for name in ANSWERS}


def plain(answers: dict[str, Any]) -> dict[str, Any]:
    return answers | {"observed_at": answers["observed_at"].isoformat()}
