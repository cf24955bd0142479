"""Composing one message. No clinical detail ever leaves by mail, nor who is treated by whom beyond the invitation."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import override

from diary.models import Notification
from diary.notices.accounts import WAY_IN, about_way_in, always, credential, is_expiring, is_unconfirmed, test
from diary.notices.browsers import Push, wants_push
from diary.notices.flags import (
    departure,
    digest,
    escalation,
    has_something_waiting,
    is_unanswered,
    is_unattended,
    is_unseen,
    priority,
    unattended,
    urgent,
)
from diary.notices.hooks import Call, wants_call
from diary.notices.patients import a_message, one_click, reminder, wants_message, wants_reminder


def no_headers(notification: Notification) -> dict[str, str]:
    return {}


def nothing(notification: Notification, now: datetime) -> tuple[str, str]:
    """Return nothing: what is no mail has neither a subject nor a text."""
    return "", ""


class Kind(NamedTuple):
    """One kind of message in the outbox.

    `says` returns its subject and text, in the language that is active, and names nobody and nothing of a diary;
    `is_wanted` is asked at the moment of sending, for a recipient whose account is active: may they still know of it,
    and has it not been overtaken?
    """

    says: Callable[[Notification, datetime], tuple[str, str]]
    is_wanted: Callable[[Notification, datetime], bool]
    headers: Callable[[Notification], dict[str, str]] = no_headers


KINDS = {
    "urgent": Kind(urgent, is_unanswered),
    "priority": Kind(priority, is_unanswered),
    "escalation": Kind(escalation, is_unanswered),
    "unattended": Kind(unattended, is_unattended),
    "digest": Kind(digest, has_something_waiting),
    "test": Kind(test, is_unconfirmed),
    "message": Kind(a_message, wants_message),
    "departure": Kind(departure, is_unseen),
    "credential": Kind(credential, is_expiring),
    "hook": Kind(nothing, wants_call),
    "push": Kind(nothing, wants_push),
    "reminder": Kind(reminder, wants_reminder, one_click),
} | {kind: Kind(about_way_in, always) for kind in WAY_IN}


def is_wanted(notification: Notification, now: datetime) -> bool:
    """Tell whether a message is still to be sent: to nobody who was deactivated, of nothing that is over."""
    return notification.recipient.is_active and KINDS[notification.kind].is_wanted(notification, now)


class Sent(Protocol):
    """What leaves the outbox: handed over, or an OSError or a ValueError says that it was not."""

    def send(self) -> object: ...


NO_MAILS: dict[str, Callable[[Notification], Sent]] = {"hook": Call, "push": Push}


def compose(notification: Notification, now: datetime) -> Sent:
    """Return what leaves for a row of the outbox: a mail, a call to the system of a practice, a word to a browser."""
    return NO_MAILS[notification.kind](notification) if notification.kind in NO_MAILS else mail(notification, now)


def mail(notification: Notification, now: datetime) -> EmailMessage:
    """Return a message of the outbox as it leaves.

    Sent twice it carries one Message-ID, so that a mailbox and a person can tell that it is the same.
    """
    with override(notification.recipient.language):
        subject, text = KINDS[notification.kind].says(notification, now)
    host = urlsplit(settings.SITE_URL).hostname
    headers = {"Message-ID": f"<{notification.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    headers |= KINDS[notification.kind].headers(notification)
    return EmailMessage(subject, text, to=[notification.recipient.email], headers=headers)
