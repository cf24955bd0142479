"""Messages between patients and practitioners, as their pages read them."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from diary.models import Message, User
from diary.models.prepared import LONG_AGO, SOMEBODY, Prepared
from diary.permissions import correspondents, visible_messages


class Thread(NamedTuple):
    """What two people wrote to each other: the other person, the latest message, how many wait to be read.

    `is_open` is false where the share has ended: it can be read by the patient and written by nobody. `practitioner` is
    whose it is, where somebody else reads it in their place.
    """

    other: User
    practitioner: User | None
    latest: Message | None
    unread: int
    is_open: bool


# How many wait, on pages that are asked for all day


def counted(user: User, now: datetime) -> QuerySet[Any, Any]:
    """Return one number, how many messages a practitioner has not opened, or no row where there are none."""
    waiting = visible_messages(user, now).filter(practitioner=user).unread_by(user).order_by()
    return waiting.values("practitioner").annotate(number=Count("pk")).values_list("number")


UNREAD = Prepared(counted, user=SOMEBODY, now=LONG_AGO)


def unread(practitioner: User, now: datetime) -> int:
    return sum(number for (number,) in UNREAD.rows(user=practitioner, now=now))


def unread_of(patient: User, now: datetime) -> int:
    return visible_messages(patient, now).unread_by(patient).count()


# The pages


def threads(user: User, now: datetime) -> list[Thread]:
    """Return a person's threads, the latest first; for a patient also those whom they may write to, by name.

    A practitioner begins a thread on the patient's page: a list of all patients would hide the few who wrote.
    """
    rows = visible_messages(user, now).select_related("patient", "practitioner", "written_by").in_order()
    latest = {(one.patient_id, one.practitioner_id): one for one in rows.latest_of_threads()}
    counts = rows.unread_by(user).order_by().values_list("patient", "practitioner").annotate(number=Count("pk"))
    waiting = {(patient, practitioner): number for patient, practitioner, number in counts}
    may = {(user.pk, one.pk): one for one in correspondents(user, now)} if user.is_patient else {}
    people = may | {pair: one.practitioner if user.is_patient else one.patient for pair, one in latest.items()}
    found = [
        Thread(
            other,
            None if user.pk in pair else latest[pair].practitioner,
            latest.get(pair),
            waiting.get(pair, 0),
            not user.is_patient or pair in may,
        )
        for pair, other in people.items()
    ]
    return sorted(found, key=order)


def order(thread: Thread) -> tuple[bool, float, str]:
    """Put those who wrote before those who did not, the latest first, then by name."""
    at = thread.latest.sent_at.timestamp() if thread.latest else 0.0
    return thread.latest is None, -at, thread.other.name


def other_of(patient: User, id: int, now: datetime) -> User | None:
    """Return the practitioner of a patient's thread: one who reads the diary now, or wrote or was written to before."""
    written = visible_messages(patient, now).values("practitioner")
    known = Q(pk__in=correspondents(patient, now).values("pk")) | Q(pk__in=written)
    return User.objects.filter(known, pk=id).select_related("practitioner__practice").first()


def with_patient(user: User, patient: User, now: datetime) -> QuerySet[Message]:
    """Return what a patient and practitioners wrote to each other, as far as this person reads it, the latest first."""
    rows = visible_messages(user, now).filter(patient=patient).select_related("patient", "practitioner", "written_by")
    return rows.order_by("-sent_at", "-pk")
