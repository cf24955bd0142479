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


class Sent(Protocol):
    """What leaves the outbox: handed over, or an OSError or a ValueError says that it was not."""

    def send(self) -> object: ...


Composer = Callable[[Notification, datetime], Sent]


def no_headers(notification: Notification) -> dict[str, str]:
    return {}


def mail(
    says: Callable[[Notification, datetime], tuple[str, str]],
    headers: Callable[[Notification], dict[str, str]] = no_headers,
) -> Composer:
    """Return what composes a mail of a subject and a text; `says` names nobody and nothing of a diary.

    It is asked in the recipient's language. Sent twice a mail carries one Message-ID, so that a mailbox and a person
    can tell that it is the same.
    """

    def composed(notification: Notification, now: datetime) -> EmailMessage:
        with override(notification.recipient.language):
            subject, text = says(notification, now)
        marks = {
            "Message-ID": f"<{notification.pk}@{urlsplit(settings.SITE_URL).hostname}>",
            "Auto-Submitted": "auto-generated",
        }
        to = [notification.recipient.email]
        return EmailMessage(subject, text, to=to, headers=marks | headers(notification))

    return composed


class Kind(NamedTuple):
    """One kind of message in the outbox: what leaves for a row of it, and whether it still should.

    `is_wanted` is asked at the moment of sending, for a recipient whose account is active: may they still know of it,
    and has it not been overtaken?
    """

    compose: Composer
    is_wanted: Callable[[Notification, datetime], bool]


KINDS = {
    "urgent": Kind(mail(urgent), is_unanswered),
    "priority": Kind(mail(priority), is_unanswered),
    "escalation": Kind(mail(escalation), is_unanswered),
    "unattended": Kind(mail(unattended), is_unattended),
    "digest": Kind(mail(digest), has_something_waiting),
    "test": Kind(mail(test), is_unconfirmed),
    "message": Kind(mail(a_message), wants_message),
    "departure": Kind(mail(departure), is_unseen),
    "credential": Kind(mail(credential), is_expiring),
    "hook": Kind(Call, wants_call),
    "push": Kind(Push, wants_push),
    "reminder": Kind(mail(reminder, one_click), wants_reminder),
} | {kind: Kind(mail(about_way_in), always) for kind in WAY_IN}


def is_wanted(notification: Notification, now: datetime) -> bool:
    """Tell whether a message is still to be sent: to nobody who was deactivated, of nothing that is over.

    A call is made to a practice, whoever of it stood for the others.
    """
    is_there = notification.recipient.is_active or notification.kind == "hook"
    return is_there and KINDS[notification.kind].is_wanted(notification, now)


def compose(notification: Notification, now: datetime) -> Sent:
    """Return what leaves for a row of the outbox: a mail, a call to the system of a practice, a word to a browser."""
    return KINDS[notification.kind].compose(notification, now)
