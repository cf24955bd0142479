"""Who relies on whom, in numbers: what waits while nobody reads it, and what a practitioner would leave behind.

Numbers only. An admin learns how many there are and since when, never whose they are or what is in them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q

from diary import hours
from diary.hours import DAY, Hours, is_away
from diary.models import Absence, Cover, Flag, Practitioner, Share, User
from diary.models.flags import FlagQuerySet
from diary.models.shares import ShareQuerySet
from diary.permissions import can_manage_people, require

Away = Callable[[str], Q]
LONG = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Open flags of one level: how many, since when the longest waits, how many for more than a day."""

    level: int
    number: int
    since: datetime
    for_a_day: int


@dataclass(frozen=True, slots=True)
class Reliance:
    """What rests on one practitioner.

    `only` are the patients of theirs whom nobody else would read, `lending` those of them who allow a colleague;
    `waiting` is what waits for an answer in these diaries, `standing_in` for how many colleagues they read.
    """

    patients: int
    only: int
    lending: int
    waiting: list[Waiting]
    standing_in: int


# Who reads now


def absent(now: datetime) -> list[int]:
    """Return the practitioners whose day, on their own clocks, is one without reading."""
    near = Absence.objects.filter(first_day__lte=now.date() + DAY).ending_from(now.date() - DAY)
    days = near.values_list("practitioner", "practitioner__hours_zone", "first_day", "last_day")
    return [pk for pk, zone, first, last in days if is_away(Hours(zone, away=(hours.Away(first, last),)), now)]


def among(people: Iterable[int]) -> Away:
    """Return the condition, on the reference to a practitioner, that they are one of these people."""
    return lambda reference: Q(**{f"{reference}__in": people})


def on(day: date) -> Away:
    """Return the condition, on the reference to a practitioner, that they do not read on a day of the calendar."""
    days = Absence.objects.filter(first_day__lte=day).ending_from(day)
    return lambda reference: Q(Exists(days.filter(practitioner=OuterRef(reference))))


def attended(shares: ShareQuerySet, now: datetime, away: Away) -> ShareQuerySet:
    """Narrow shares to those under which somebody reads now: their practitioner, or a colleague in their place.

    `away` is the condition under which a practitioner does not read although they may.
    """
    there = Practitioner.objects.readers(now.date()).filter(~away("pk"), pk=OuterRef("practitioner"))
    covers = Cover.objects.in_force(now).filter(~away("covered_by"), practitioner=OuterRef("practitioner"))
    return shares.live(now).filter(Exists(there) | (Q(with_cover=True) & Exists(covers)))


def unread(now: datetime, day: date) -> Q:
    """Return the condition, on a patient's diary, that nobody reads it now although they named somebody.

    Where an address was typed too it says nothing: that must not tell who works here. Days away are days of the
    patient's own calendar here, so that it can be asked in the statement of another question.
    """
    away = on(day)
    shares = Share.objects.filter(patient=OuterRef("patient"))
    named = shares.filter(named=True)
    typed = shares.live(now).filter(named=False)
    return Q(Exists(named.live(now))) & ~Q(Exists(typed)) & ~Q(Exists(attended(named, now, away)))


# What waits


def unattended_flags(now: datetime) -> FlagQuerySet:
    """Return what practitioners are told of, of active patients, that waits while nobody reads the diary."""
    shares = attended(Share.objects.filter(patient=OuterRef("patient")), now, among(absent(now)))
    return Flag.objects.waiting().for_practitioners().filter(~Exists(shares), patient__is_active=True)


def by_level(flags: FlagQuerySet, now: datetime) -> list[Waiting]:
    """Return how many flags wait of each level, the most urgent first."""
    old = Count("pk", filter=Q(raised_at__lt=now - LONG))
    rows = flags.order_by().values("level").annotate(number=Count("pk"), since=Min("raised_at"), for_a_day=old)
    return [Waiting(**row) for row in rows.order_by("-level")]


def unattended(user: User, now: datetime) -> list[Waiting]:
    """Return for an admin what waits while nobody reads it, by level.

    Urgent flags that were passed on to the end are counted elsewhere (`permissions.unattended_since`), not twice.
    """
    if not user.is_admin:
        return []
    return by_level(unattended_flags(now).exclude(escalation__unattended_at__isnull=False), now)


# What rests on one practitioner


def reliance_on(user: User, practitioner: User, now: datetime) -> Reliance:
    """Return for an admin what rests on a practitioner. Raises PermissionDenied for anybody else."""
    require(can_manage_people(user))
    held = Share.objects.live(now).filter(practitioner=practitioner, patient__is_active=True)
    others = Share.objects.filter(patient=OuterRef("patient"))
    only = held.exclude(Exists(attended(others, now, among([*absent(now), practitioner.pk]))))
    flags = Flag.objects.waiting().for_practitioners().filter(patient__in=held.values("patient"))
    covers = Cover.objects.lasting(now).filter(covered_by=practitioner)
    return Reliance(
        patients=held.aggregate(number=Count("patient", distinct=True))["number"],
        only=only.aggregate(number=Count("patient", distinct=True))["number"],
        lending=only.covered().aggregate(number=Count("patient", distinct=True))["number"],
        waiting=by_level(flags, now),
        standing_in=covers.aggregate(number=Count("practitioner", distinct=True))["number"],
    )
