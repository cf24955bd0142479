"""Who is told of a flag, in which order, and who reads in whose place."""

from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from diary.hours import is_away
from diary.models import Cover, Flag, Practitioner, Share, User
from diary.models.covers import CoverQuerySet
from diary.models.practices import PractitionerQuerySet
from diary.models.prepared import LONG_AGO, SOMEBODY, Prepared


def read_for(user: User, patient: User, now: datetime) -> User | None:
    """Return for whom a practitioner reads a diary that is not shared with themselves; None where it is."""
    held = [pk for (pk,) in READ_FOR.rows(user=user, patient=patient, now=now)]
    return None if user.pk in held or not held else User.objects.get(pk=held[0])


def shares_read(user: User, patient: User, now: datetime) -> QuerySet[Any, Any]:
    shares = Share.objects.readable_by(user, now).filter(patient=patient, practitioner__isnull=False)
    return shares.values_list("practitioner")


READ_FOR = Prepared(shares_read, user=SOMEBODY, patient=User(pk=-2), now=LONG_AGO)
"""Asked at every look at a diary."""


def holders_of(patient: Any, now: datetime) -> PractitionerQuerySet:
    """Return the verified practitioners with whom a diary is shared, the earliest share first; hours or not.

    Who has not said when they read is told all the same that something waits: saying so then takes a minute.
    """
    live = Share.objects.live(now).filter(patient=patient)
    granted = live.filter(practitioner=OuterRef("pk")).values("granted_at")[:1]
    holders = Practitioner.objects.verified(now.date()).filter(user__in=live.values("practitioner"))
    return holders.annotate(granted_at=Subquery(granted)).order_by("granted_at", "pk")


def covers_of(patient: Any, now: datetime) -> CoverQuerySet:
    """Return who stands in, now and with the patient's leave, for those who hold a share; in the order named."""
    lent = Share.objects.live(now).filter(patient=patient, with_cover=True).values("practitioner")
    covers = Cover.objects.in_force(now).filter(practitioner__in=lent).select_related("covered_by__practitioner")
    return covers.order_by("named_at", "pk")


MARKS = {"patient": SOMEBODY.pk, "now": LONG_AGO}
HOLDERS = Prepared(lambda patient, now: holders_of(patient, now).values_list("pk"), **MARKS)
COVERS = Prepared(lambda patient, now: covers_of(patient, now).values_list("practitioner", "covered_by"), **MARKS)
"""Written once a process: an urgent entry waits for them."""


def told_of(patient_id: int, now: datetime) -> tuple[list[User], list[User]]:
    """Return who is told at once of the flags of a diary, and who after them, in order, each with their hours.

    At once: who holds a share and is there, and who stands in for one who is not. After them: who stands in for those
    who are there, and last the holders who are away.
    """
    holders = [holder for (holder,) in HOLDERS.rows(patient=patient_id, now=now)]
    covers = COVERS.rows(patient=patient_id, now=now)
    who = with_hours([*holders, *(cover for _, cover in covers)])
    there = [holder for holder in holders if not is_away(who[holder].hours, now)]
    in_place = [cover for holder, cover in covers if holder not in there]
    at_once = dict.fromkeys(there + in_place)
    after = dict.fromkeys([*(cover for _, cover in covers), *holders])
    return [who[pk].user for pk in at_once], [who[pk].user for pk in after if pk not in at_once]


def with_hours(practitioners: list[int]) -> dict[int, Practitioner]:
    """Return practitioners by their key."""
    rows = Practitioner.objects.filter(pk__in=practitioners).select_related("user")
    return {row.pk: row for row in rows.prefetch_related("openings", "absences")}


def escalation_of(patient_id: int, now: datetime) -> list[User]:
    """Return the people who may be told of the flags of a diary, in the order in which they are passed on.

    The hours of each are `person.practitioner.hours`; `hours.deadline` says until when to wait before the next.
    """
    at_once, after = told_of(patient_id, now)
    return at_once + after


def notified_of(patient_id: int, now: datetime) -> list[User]:
    """Return who is told at once of the flags of a diary; where everybody is away, all of them."""
    at_once, after = told_of(patient_id, now)
    return at_once or after


def may_be_told(user: User, flag: Flag, now: datetime) -> bool:
    """Tell whether a message about a flag may still go to a person: whoever lost the diary is told nothing more."""
    return user in escalation_of(flag.patient_id, now)
