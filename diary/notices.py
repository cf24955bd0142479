"""Composing one message. No clinical detail ever leaves by mail, nor who is treated by whom beyond the invitation."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from diary.models import Flag, Invitation, Level, Notification
from diary.permissions import may_be_told


def invitation(invitation: Invitation, link: str) -> EmailMessage:
    """Return the message that carries an invitation's link to the invited address, in plain text."""
    facts: dict[str, object] = {"by": invitation.invited_by, "practice": invitation.practice, "link": link}
    facts["day"] = last_day(invitation)
    return EmailMessage(_("An invitation to Settle"), invitation_text(facts), to=[invitation.email])


def invitation_text(facts: dict[str, object]) -> str:
    if facts["practice"] is None:
        return (
            _(
                "%(by)s invites you to Settle.\n\nThis link shows who invites you and makes your account. "
                "It works once, until %(day)s:\n\n%(link)s\n\nIf you did not expect this, you need do nothing."
            )
            % facts
        )
    return (
        _(
            "%(by)s of %(practice)s invites you to Settle.\n\nThis link shows who invites you and makes your account. "
            "It works once, until %(day)s:\n\n%(link)s\n\nIf you did not expect this, you need do nothing."
        )
        % facts
    )


def last_day(invitation: Invitation) -> str:
    return date_format(invitation.expires_at, "DATE_FORMAT")


# The outbox


class Kind(NamedTuple):
    """One kind of message in the outbox.

    `says` returns its subject and text, in the language that is active, and names nobody and nothing of a diary;
    `is_wanted` is asked at the moment of sending, for a recipient whose account is active: may they still know of it,
    and has it not been overtaken?
    """

    says: Callable[[Notification], tuple[str, str]]
    is_wanted: Callable[[Notification, datetime], bool]


def is_wanted(notification: Notification, now: datetime) -> bool:
    """Tell whether a message is still to be sent: to nobody who was deactivated, of nothing that is over."""
    return notification.recipient.is_active and KINDS[notification.kind].is_wanted(notification, now)


def compose(notification: Notification) -> EmailMessage:
    """Return a message of the outbox as it leaves.

    Sent twice it carries one Message-ID, so that a mailbox and a person can tell that it is the same.
    """
    with override(notification.recipient.language):
        subject, text = KINDS[notification.kind].says(notification)
    host = urlsplit(settings.SITE_URL).hostname
    headers = {"Message-ID": f"<{notification.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(subject, text, to=[notification.recipient.email], headers=headers)


def attention(notification: Notification) -> tuple[str, str]:
    """Send a practitioner to their worklist."""
    facts = {"link": settings.SITE_URL + reverse("worklist-show")}
    if notification.flag and notification.flag.level == Level.URGENT:
        subject = _("Settle: please look at your worklist now")
        text = _("A new entry at the top of your worklist asks for a person at once.\n\n%(link)s")
    else:
        subject = _("Settle: please look at your worklist today")
        text = _("A new entry on your worklist asks for a person today.\n\n%(link)s")
    return subject, text % facts


def wants_attention(notification: Notification, now: datetime) -> bool:
    """Tell whether a flag still waits for a person, and this one may still read the diary it is of."""
    flag = notification.flag
    if flag is None or flag.status != Flag.Status.OPEN:
        return False
    return may_be_told(notification.recipient, flag, now)


KINDS = {"flag": Kind(attention, wants_attention)}
