"""Taking a diary along, and deleting it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from django.db import transaction

from diary.actions import erased, notifications
from diary.actions.audit import record_event
from diary.actions.diaries import hold
from diary.models import Departure, Flag, Level, User
from diary.permissions import can_close_departure, can_leave, can_log, escalation_of, require


@transaction.atomic
def take_along(*, by: User, now: datetime, form: str) -> None:
    """Note that a patient takes everything that is kept of them along, in a form: html, csv, json or fhir."""
    require(can_log(by))
    record_event(by=by, now=now, stream=by.pk, verb="diary-exported", new=form)


class BrokenOff(Exception):
    """The account was closed, or its sessions were ended, while a file of it was on its way."""


def while_open(by: User, parts: Iterable[str]) -> Iterator[str]:
    """Yield the parts of a file that is sent while it is made, each only if the account stands as it stood before.

    Raises BrokenOff otherwise: the connection ends before the file does, and the browser says that it failed.
    """
    stands = User.objects.active().filter(pk=by.pk, role=by.role, password=by.password, session_round=by.session_round)
    for part in chain(parts, [None]):  # the last look is after the last part: of a deleted diary there is no other
        if not stands.all().exists():
            raise BrokenOff
        if part is not None:
            yield part


@transaction.atomic
def erase(*, by: User, now: datetime, named: bool = False) -> None:
    """Delete a patient's account and diary, at once and for good, and on every backup that is ever restored.

    Where something urgent waits for an answer, those who were to give it are told that somebody left, with name and
    address where the patient lets them (`named`); nothing of the diary.
    """
    require(can_leave(by))
    hold(by)
    hold_off(by)
    leave_word(by, named, now=now)
    erased.note(by, by=None, now=now)
    erased.remove(by)


def hold_off(patient: User) -> None:
    """Let nobody name a patient or a flag of theirs until the transaction ends: what was written before is deleted with
    them, what comes after is refused.
    """
    for rows in (Flag.objects.of(patient), User.objects.filter(pk=patient.pk)):
        list(rows.select_for_update().values_list("pk"))


def urgent_of(patient: User) -> Flag | None:
    """Return an urgent flag of a patient that no person has answered; None where there is none."""
    return Flag.objects.of(patient).waiting().filter(level=Level.URGENT).latest_first().first()


def leave_word(patient: User, named: bool, *, now: datetime) -> None:
    flag = urgent_of(patient)
    people = escalation_of(patient.pk, now) if flag else []
    if not people:
        return
    said = {"name": patient.name, "email": patient.email} if named else {}
    departure = Departure.objects.create(left_at=now, **said)
    departure.told.set(people)
    for person in people:
        notifications.queue(to=person, kind="departure", key=departure.pk, now=now)


def pass_on(practitioner: User, to: Iterable[User], *, now: datetime) -> None:
    """Let others see to whoever left while a practitioner who goes was the last to answer them.

    Call it in the transaction in which they go.
    """
    others = User.objects.active().filter(role=User.Role.PRACTITIONER).exclude(pk=practitioner.pk)
    seen = Departure.objects.filter(told__in=others).values("pk")
    for departure in Departure.objects.standing().filter(told=practitioner).exclude(pk__in=seen):
        departure.told.add(*to)
        for person in to:
            notifications.queue(to=person, kind="departure", key=departure.pk, now=now)


@transaction.atomic
def see_to(*, by: User, now: datetime, departure: Departure) -> None:
    """Note that somebody has seen to a person who left; with that the last that was known of them is gone."""
    require(can_close_departure(by, departure, now))
    new = {"closed_at": now, "closed_by": by, "name": "", "email": ""}
    if Departure.objects.standing().filter(pk=departure.pk).update(**new):
        record_event(by=by, now=now, stream=by.pk, verb="departure-closed", subject=departure.pk)
