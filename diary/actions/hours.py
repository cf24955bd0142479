"""When a practitioner reads, when they are away, and who reads in their place."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from django.db import transaction

from diary import hours
from diary.actions.audit import record_event
from diary.actions.diaries import StaleEdit
from diary.models import Absence, Cover, Opening, Practitioner, User
from diary.permissions import can_set_hours, can_stand_in, require


@transaction.atomic
def save(
    *,
    by: User,
    now: datetime,
    practitioner: User,
    zone: str,
    openings: Sequence[hours.Opening],
    note: str = "",
    version: str | None = None,
) -> None:
    """Replace a practitioner's reading hours; what they were before is in the event.

    `version` is the word of `seen` for what the page showed; raises StaleEdit where other hours stand by now. Sent
    twice, they stand already.
    """
    require(can_set_hours(by, practitioner))
    held = hold(practitioner)
    old, week = said(held), sorted([at.weekday, at.opens, at.closes] for at in openings)
    if version is not None and version != seen(held):
        if old != {"zone": zone, "note": note, "openings": week}:
            raise StaleEdit(held)
        return
    held.openings.all().delete()
    rows = [Opening(practitioner=held, weekday=at.weekday, opens=at.opens, closes=at.closes) for at in openings]
    Opening.objects.bulk_create(rows)
    held.hours_zone, held.hours_note = zone, note
    held.save(update_fields=["hours_zone", "hours_note"])
    record_event(by=by, now=now, stream=held.pk, verb="hours-saved", old=old, new=said(held))


def seen(practitioner: Practitioner) -> str:
    """Return a short word for the reading hours that stand: the same word, the same hours."""
    return sha256(json.dumps(said(practitioner), sort_keys=True).encode()).hexdigest()[:16]


def said(practitioner: Practitioner) -> dict[str, object]:
    openings = [[at.weekday, at.opens, at.closes] for at in Opening.objects.filter(practitioner=practitioner)]
    return {"zone": practitioner.hours_zone, "note": practitioner.hours_note, "openings": openings}


@transaction.atomic
def go_away(
    *,
    by: User,
    now: datetime,
    practitioner: User,
    first_day: date,
    last_day: date | None = None,
    covered_by: User | None = None,
) -> Absence:
    """Note days without reading, and who reads in place of the practitioner on them; said twice, it is noted once."""
    require(can_set_hours(by, practitioner))
    held = hold(practitioner)
    days = {"practitioner": held, "first_day": first_day, "last_day": last_day}
    absence = Absence.objects.filter(**days).first()
    if absence is None:
        absence = Absence.objects.create(**days)
        record_event(by=by, now=now, stream=held.pk, verb="away", subject=absence.pk, new=[first_day, last_day])
    if covered_by:
        starts_at = midnight(first_day, held.hours_zone)
        cover(
            by=by,
            now=now,
            practitioner=practitioner,
            covered_by=covered_by,
            starts_at=starts_at,
            last_day=last_day,
            absence=absence,
        )
    return absence


@transaction.atomic
def come_back(*, by: User, now: datetime, absence: Absence) -> None:
    """End days away today, with what was covered on them; days that were all still to come are struck out."""
    require(can_set_hours(by, absence.practitioner.user))
    hold(absence.practitioner.user)
    found = Absence.objects.filter(pk=absence.pk).first()
    if found is None:  # struck out at this moment, in another tab
        return
    absence = found
    yesterday = day_of(now, absence.practitioner.hours_zone) - hours.DAY
    for standing in absence.covers.all():
        uncover(by=by, now=now, cover=standing)
    record_event(by=by, now=now, stream=absence.practitioner_id, verb="back", subject=absence.pk)
    if absence.first_day > yesterday:
        absence.covers.update(absence=None)
        absence.delete()
    elif absence.last_day is None or absence.last_day > yesterday:
        absence.last_day = yesterday
        absence.save(update_fields=["last_day"])


@transaction.atomic
def cover(
    *,
    by: User,
    now: datetime,
    practitioner: User,
    covered_by: User,
    starts_at: datetime,
    last_day: date | None = None,
    absence: Absence | None = None,
) -> Cover:
    """Let a colleague of the same practice read in a practitioner's place, where their patients allow it.

    It lasts to the end of the last day where the practitioner is, or until it is ended. Named twice, it is one: whoever
    ends it has ended it.
    """
    require(can_set_hours(by, practitioner) and can_stand_in(covered_by, practitioner, now))
    zone = hold(practitioner).hours_zone
    named = {
        "practitioner": practitioner,
        "covered_by": covered_by,
        "absence": absence,
        "ends_at": None if last_day is None else midnight(last_day + hours.DAY, zone),
    }
    if same := Cover.objects.coming(now).filter(**named, starts_at__lte=starts_at).first():
        return same
    made = Cover.objects.create(**named, starts_at=starts_at, named_at=now)
    record_event(by=by, now=now, stream=practitioner.pk, verb="cover-named", subject=made.pk, new=covered_by.name)
    return made


@transaction.atomic
def uncover(*, by: User, now: datetime, cover: Cover) -> None:
    """End a cover: the colleague's next request is answered as if the diaries did not exist."""
    require(can_set_hours(by, cover.practitioner) or by == cover.covered_by)
    ends_at = max(now, cover.starts_at)
    if Cover.objects.coming(now).filter(pk=cover.pk).update(ends_at=ends_at):
        name = cover.covered_by.name
        record_event(by=by, now=now, stream=cover.practitioner_id, verb="cover-ended", subject=cover.pk, old=name)


def hold(practitioner: User) -> Practitioner:
    """Return a practitioner, whose hours nobody else changes until the transaction ends."""
    return Practitioner.objects.select_for_update().get(pk=practitioner.pk)


def midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def day_of(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()
