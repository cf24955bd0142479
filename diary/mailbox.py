"""Messages between patients and practitioners, as their pages read them."""

from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from diary.models import Message, User
from diary.models.prepared import Prepared
from diary.permissions import correspondents, visible_messages
from diary.worklist import LONG_AGO, SOMEBODY


class Thread(NamedTuple):
    """What two people wrote to each other: the other person, the latest message, how many wait to be read.

    `is_open` is false where the share has ended: it can be read by the patient and written by nobody.
    """

    other: User
    latest: Message | None
    unread: int
    is_open: bool


# How many wait, on pages that are asked for all day


def counted(user: User, now: datetime) -> QuerySet[Any, Any]:
    """Return one number, how many messages a practitioner has not opened, or no row where there are none."""
    waiting = visible_messages(user, now).unread_by(user).order_by()
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
    other = "practitioner" if user.is_patient else "patient"
    messages = visible_messages(user, now).select_related("patient", "practitioner").in_order()
    latest = {getattr(message, f"{other}_id"): message for message in messages.latest_of_threads()}
    waiting = dict(messages.unread_by(user).order_by().values_list(other).annotate(number=Count("pk")))
    people = {pk: getattr(message, other) for pk, message in latest.items()}
    may = {person.pk: person for person in correspondents(user, now)} if user.is_patient else people
    return sorted(
        (Thread(one, latest.get(pk), waiting.get(pk, 0), pk in may) for pk, one in (may | people).items()), key=order
    )


def order(thread: Thread) -> tuple[bool, float, str]:
    """Put those who wrote before those who did not, the latest first, then by name."""
    at = thread.latest.sent_at.timestamp() if thread.latest else 0.0
    return thread.latest is None, -at, thread.other.name


def other_of(patient: User, id: int, now: datetime) -> User | None:
    """Return the practitioner of a patient's thread: one who reads the diary now, or wrote or was written to before."""
    written = visible_messages(patient, now).values("practitioner")
    known = Q(pk__in=correspondents(patient, now).values("pk")) | Q(pk__in=written)
    return User.objects.filter(known, pk=id).select_related("practitioner__practice").first()


def between(user: User, other: User, now: datetime) -> QuerySet[Message]:
    """Return what two people wrote to each other, as far as this one may read it, the latest first."""
    patient, practitioner = (user, other) if user.is_patient else (other, user)
    return visible_messages(user, now).between(patient, practitioner).order_by("-sent_at", "-pk")
