"""The outbox: rows written with what they tell, handed over by the worker, marked only once they are sent.

To add a kind of message: write in `notices.KINDS` what leaves for it and when it is still wanted, then call `queue`
inside the transaction of what it tells. Whoever is told needs no other code: sending, waiting, trouble, and a person
who may no longer know are the same for every kind.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Count, F, Q

from diary import calling, hours
from diary.actions.audit import record_event
from diary.models import Escalation, Flag, Level, Notification, Practitioner, Step, Subscription, User
from diary.notices import compose, is_wanted
from diary.notices.browsers import subscription_in
from diary.notices.site import waiting_for

LINGERS = timedelta(hours=1)
LEASE = timedelta(seconds=45)  # with a worker's start and its next look, within a minute of a kill
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=5)
DOUBLINGS = 10
OPENING_AGAIN = ("reopened", "undone")
PATIENCE = timedelta(minutes=10)
REFUSED = 500


# Writing


def queue(
    *, to: User, kind: str, key: object, now: datetime, due_at: datetime | None = None, flag: Flag | None = None
) -> None:
    """Queue one message, due at once unless said otherwise; the same kind and key to the same person is one message.

    `key` is what it is about, such as the local date of a reminder. Call it inside the transaction of what it tells.
    """
    row = Notification(recipient=to, kind=kind, key=str(key), flag=flag, created_at=now, due_at=due_at or now)
    Notification.objects.bulk_create([row], ignore_conflicts=True)


def queue_flags(flags: Iterable[Flag], told: list[User], *, now: datetime) -> None:
    """Queue what practitioners are told of flags: the urgent at once, at any hour; priority as soon as they read; the
    rest once a day, at the start of their reading hours and as a number only.
    """
    # Everywhere in one order: two diaries that count for the same two readers never wait for each other.
    in_order = sorted(told, key=lambda person: person.pk)
    for flag, key in keys_of(flags).items():
        for person in in_order:
            queue_flag(person, flag, key, now)
        queue_calls(told, key, now)


def let_go(flags: Iterable[Flag], person: User, *, before: datetime | None) -> None:
    """Let go of what a person was told of flags before a moment, so that they are told anew."""
    if before:
        Notification.objects.filter(recipient=person, flag__in=flags, created_at__lte=before).delete()


def keys_of(flags: Iterable[Flag]) -> dict[Flag, str]:
    """Return under which key people are told of each flag: another each time it was opened again, so that who was told
    before somebody answered it is told anew.
    """
    again = Step.objects.filter(flag__in=flags, action__in=OPENING_AGAIN).values_list("flag").annotate(Count("pk"))
    times = dict(again)
    return {flag: f"{flag.pk} {times[flag.pk]}" if flag.pk in times else str(flag.pk) for flag in flags}


def queue_flag(person: User, flag: Flag, key: str, now: datetime) -> None:
    reader = person.practitioner.hours
    if flag.level == Level.URGENT:
        queue(to=person, kind="urgent", key=key, flag=flag, now=now)
    elif flag.level == Level.PRIORITY:
        queue(to=person, kind="priority", key=key, flag=flag, now=now, due_at=hours.next_opening(reader, now))
    else:
        count_at(person, hours.next_day_of_reading(reader, now), now)


def queue_calls(people: list[User], key: str, now: datetime) -> None:
    """Queue a call to the system of each practice of those who are told; one of them stands for it.

    The row is of no flag: whether a system was reached says nothing of whether a person was.
    """
    called = Practitioner.objects.filter(user__in=people, practice__hook__isnull=False).order_by("pk")
    for practice, person in dict(called.values_list("practice", "user")).items():
        to = next(one for one in people if one.pk == person)
        queue(to=to, kind="hook", key=f"{practice} {key}", now=now)


def count_at(person: User, opens: datetime, now: datetime) -> None:
    """Queue the one message of a day that says how much waits, for when reading begins on it."""
    day = opens.astimezone(ZoneInfo(person.practitioner.hours.zone)).date()
    queue(to=person, kind="digest", key=day, now=now, due_at=opens)


def count_again(person: User, now: datetime) -> None:
    """Queue the count of the next morning: what nobody handles is counted each day, and where nothing waits it ends."""
    count_at(person, next_morning(person, now), now)


def next_morning(person: User, now: datetime) -> datetime:
    reader = person.practitioner.hours
    opens, here = hours.next_day_of_reading(reader, now), ZoneInfo(reader.zone)
    if opens.astimezone(here).date() == now.astimezone(here).date():  # today's was late
        opens = hours.next_day_of_reading(reader, opens)
    return opens


def count_missing(*, now: datetime) -> int:
    """Queue the count of the next morning to whoever has something waiting for an hour and no count to come by then;
    return to how many.

    They may read it only since it came: it was shared, lent or verified later. Or they were told, and nothing followed.
    Or they read sooner than they had said: back from days away, or at other hours.
    """
    counted = Notification.objects.unsent().filter(kind="digest", due_at__lte=now + hours.DAY).values("recipient")
    readers = Practitioner.objects.verified(now.date()).with_hours().exclude(pk__in=counted)
    since = now - LINGERS
    late = [
        one.user
        for one in readers.select_related("user")
        if waiting_for(one.user, now).filter(raised_at__lte=since).exists() and not is_counted(one.user, now)
    ]
    for reader in late:
        count_again(reader, now)
    return len(late)


def is_counted(person: User, now: datetime) -> bool:
    by = next_morning(person, now)
    return Notification.objects.unsent().filter(recipient=person, kind="digest", due_at__lte=by).exists()


# Handing over


def claim(*, now: datetime, most: int = 20) -> list[Notification]:
    """Take due rows for the length of a lease, what presses before all else, then the longest due first.

    A worker that dies gives them back by doing nothing.
    """
    if not Notification.objects.due(now).exists():
        return []  # and nobody's write has waited for the lock of this look
    return take(now, most)


@transaction.atomic
def take(now: datetime, most: int) -> list[Notification]:
    due = Notification.objects.due(now).select_for_update(of=("self",), skip_locked=True)
    due = due.select_related("recipient", "flag")
    taken = list(due.pressing()[:most]) or list(due[:most])
    ids = [row.pk for row in taken]
    Notification.objects.filter(pk__in=ids).update(held_until=now + LEASE, attempts=F("attempts") + 1)
    return taken


def deliver(row: Notification, *, now: datetime) -> bool:
    """Send, then mark: a worker killed in between sends again and never loses one. Trouble waits longer each time.

    What is wanted no longer, or by somebody who may no longer know, is not sent: the row goes, its event stays.
    """
    if not is_wanted(row, now):
        drop(row, now=now)
        return False
    try:
        compose(row, now).send()
    except (OSError, ValueError) as trouble:  # SMTP's own errors are OSErrors; what no header may hold, a ValueError
        meet(row, trouble, now=now)
        return False
    mark(row, now=now)
    return True


@transaction.atomic
def mark(row: Notification, *, now: datetime) -> None:
    Notification.objects.filter(pk=row.pk).update(sent_at=now, held_until=None, error="")
    if row.kind == "digest":
        count_again(row.recipient, now)


def meet(row: Notification, trouble: Exception, *, now: datetime) -> None:
    if row.kind == "push" and isinstance(trouble, calling.Gone):
        unsubscribe(row, now=now)
    else:
        put_off(row, trouble, now=now)


@transaction.atomic
def unsubscribe(row: Notification, *, now: datetime) -> None:
    """End the reminders of a browser that is not there any more, as its service says."""
    Subscription.objects.filter(pk=subscription_in(row)).delete()
    record_event(by=None, now=now, stream=row.recipient_id, verb="subscription-ended")
    drop(row, now=now)


@transaction.atomic
def put_off(row: Notification, trouble: Exception, *, now: datetime) -> None:
    """Try again later, for as long as it takes; trouble that lasts, or a refusal, is shown to people from then on."""
    wait = min(FIRST_WAIT * 2 ** min(row.attempts, DOUBLINGS), LONGEST_WAIT)
    new: dict[str, object] = {"held_until": now + wait, "error": type(trouble).__name__}
    if row.failed_at is None and (now - row.due_at >= PATIENCE or is_refusal(trouble)):
        new["failed_at"] = now
        record_event(by=None, now=now, stream=row.recipient_id, verb="notification-failed", subject=row.key)
    Notification.objects.filter(pk=row.pk).update(**new)
    if row.flag_id and "failed_at" in new:
        hasten(row.flag_id, row.key, now)


def hasten(flag_id: UUID, key: str, now: datetime) -> None:
    """Wait for nobody who could not be told: a flag of which every message has failed is passed on at once."""
    of_flag = Notification.objects.filter(flag=flag_id, key=key)
    if not of_flag.filter(Q(sent_at__isnull=False) | Q(failed_at=None)).exists():
        Escalation.objects.filter(pk=flag_id, due_at__gt=now).update(due_at=now)


def is_refusal(trouble: Exception) -> bool:
    """Tell whether a mail server said no for good, or the address is one that no message can carry."""
    if isinstance(trouble, SMTPRecipientsRefused):
        return all(code >= REFUSED for code, _ in trouble.recipients.values())
    return isinstance(trouble, ValueError) or (
        isinstance(trouble, SMTPResponseException) and trouble.smtp_code >= REFUSED
    )


@transaction.atomic
def drop(row: Notification, *, now: datetime) -> None:
    record_event(by=None, now=now, stream=row.recipient_id, verb="notification-dropped", subject=row.key)
    Notification.objects.filter(pk=row.pk).delete()
