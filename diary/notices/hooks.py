"""Calls to the system of a practice."""

import json
from datetime import datetime

from diary import calling
from diary.models import Hook, Notification, Practitioner
from diary.notices.site import address, waiting_for


class Call:
    """Says to a practice's own system that something waits: under an id that means nothing elsewhere, signed."""

    def __init__(self, notification: Notification, now: datetime) -> None:
        self.notification, self.now = notification, now

    @property
    def body(self) -> bytes:
        said = {"type": "something-waits", "id": str(self.notification.pk), "link": address("worklist-show")}
        return json.dumps(said).encode()

    def send(self) -> None:
        hook, body = Hook.objects.get(pk=practice_in(self.notification)), self.body
        signed = {"Settle-Signature": calling.signature(hook.secret, int(self.now.timestamp()), body)}
        calling.post(hook.url, body, {"Settle-Delivery": str(self.notification.pk), **signed})


def practice_in(notification: Notification) -> int:
    return int(notification.key.split()[0])


def wants_call(notification: Notification, now: datetime) -> bool:
    """Tell whether a practice is still called for what still waits, and by no later row: one call says it for all.

    Whoever of the practice it waits for: the recipient stood for all of them, and may have left since.
    """
    practice = practice_in(notification)
    later = Notification.objects.unsent().filter(kind="hook", key__startswith=f"{practice} ")
    if later.filter(created_at__gt=notification.created_at).exists():
        return False
    readers = Practitioner.objects.readers(now.date()).filter(practice=practice, practice__hook__isnull=False)
    return any(waiting_for(reader.user, now).exists() for reader in readers.select_related("user"))
