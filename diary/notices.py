"""Composing one message. No clinical detail ever leaves by mail, nor who is treated by whom beyond the invitation."""

import json
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple, Protocol
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import Signer
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, override

from diary import calling
from diary.models import Alert, Departure, Entry, Escalation, Flag, Hook, Invitation, Notification, ReminderPlan, User
from diary.models.flags import FlagQuerySet
from diary.permissions import may_be_told, visible_flags, visible_messages

OFF_SALT = "reminders-off"


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


def no_headers(notification: Notification) -> dict[str, str]:
    return {}


class Kind(NamedTuple):
    """One kind of message in the outbox.

    `says` returns its subject and text, in the language that is active, and names nobody and nothing of a diary;
    `is_wanted` is asked at the moment of sending, for a recipient whose account is active: may they still know of it,
    and has it not been overtaken?
    """

    says: Callable[[Notification], tuple[str, str]]
    is_wanted: Callable[[Notification, datetime], bool]
    headers: Callable[[Notification], dict[str, str]] = no_headers


def is_wanted(notification: Notification, now: datetime) -> bool:
    """Tell whether a message is still to be sent: to nobody who was deactivated, of nothing that is over."""
    return notification.recipient.is_active and KINDS[notification.kind].is_wanted(notification, now)


class Sent(Protocol):
    """What leaves the outbox: handed over, or an OSError or a ValueError says that it was not."""

    def send(self) -> object: ...


def compose(notification: Notification) -> Sent:
    """Return what leaves for a row of the outbox: a mail, or a call to the system of a practice."""
    return Call(notification) if notification.kind == "hook" else mail(notification)


def mail(notification: Notification) -> EmailMessage:
    """Return a message of the outbox as it leaves.

    Sent twice it carries one Message-ID, so that a mailbox and a person can tell that it is the same.
    """
    with override(notification.recipient.language):
        subject, text = KINDS[notification.kind].says(notification)
    host = urlsplit(settings.SITE_URL).hostname
    headers = {"Message-ID": f"<{notification.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    headers |= KINDS[notification.kind].headers(notification)
    return EmailMessage(subject, text, to=[notification.recipient.email], headers=headers)


def urgent(notification: Notification) -> tuple[str, str]:
    subject = _("Settle: please look at your worklist now")
    text = _("A new entry at the top of your worklist asks for a person at once.\n\n%(link)s")
    return subject, text % {"link": address("worklist-show")}


def priority(notification: Notification) -> tuple[str, str]:
    subject = _("Settle: please look at your worklist today")
    text = _("A new entry on your worklist asks for a person today.\n\n%(link)s")
    return subject, text % {"link": address("worklist-show")}


def escalation(notification: Notification) -> tuple[str, str]:
    subject = _("Settle: nobody has answered yet; please look at your worklist now")
    text = _(
        "An entry at the top of your worklist has waited for another reader, who has not answered. "
        "It is passed on to you: please look at it now.\n\n%(link)s"
    )
    return subject, text % {"link": address("worklist-show")}


def unattended(notification: Notification) -> tuple[str, str]:
    subject = _("Settle: something urgent has no reader")
    text = _(
        "Something urgent has been passed on to everybody who may read it, and nobody has answered. "
        "Please reach a practitioner in person and ask them to look at their worklist now.\n\n%(link)s"
    )
    return subject, text % {"link": address("people-list")}


def digest(notification: Notification) -> tuple[str, str]:
    """Say how much waits on a worklist: a number, and nothing of what it is."""
    count = waiting(notification).count()
    subject = _("Settle: %(count)d on your worklist")
    text = ngettext(
        "%(count)d entry waits on your worklist.\n\n%(link)s",
        "%(count)d entries wait on your worklist.\n\n%(link)s",
        count,
    )
    facts = {"count": count, "link": address("worklist-show")}
    return subject % facts, text % facts


def test(notification: Notification) -> tuple[str, str]:
    subject = _("Settle: monthly test, please confirm")
    text = _(
        "This is a test: a mail about something urgent would reach you like this one. "
        "Please confirm that you have read it:\n\n%(link)s"
    )
    return subject, text % {"link": address("alerts-show", notification.key)}


def address(page: str, *about: str) -> str:
    return settings.SITE_URL + reverse(page, args=about)


def waiting(notification: Notification) -> FlagQuerySet:
    return visible_flags(notification.recipient, notification.due_at).waiting().for_practitioners()


def is_unanswered(notification: Notification, now: datetime) -> bool:
    """Tell whether a flag still waits for a person, and this one may still read the diary it is of."""
    flag = notification.flag
    if flag is None or flag.status != Flag.Status.OPEN:
        return False
    return may_be_told(notification.recipient, flag, now)


def is_unattended(notification: Notification, now: datetime) -> bool:
    left = Escalation.objects.unattended().filter(pk=UUID(notification.key))
    return notification.recipient.is_admin and left.exists()


def is_unconfirmed(notification: Notification, now: datetime) -> bool:
    return Alert.objects.filter(pk=UUID(notification.key), confirmed_at=None).exists()


def has_something_waiting(notification: Notification, now: datetime) -> bool:
    return waiting(notification).exists()


def a_message(notification: Notification) -> tuple[str, str]:
    """Say that somebody wrote, and neither who nor what."""
    facts = {"link": settings.SITE_URL + reverse("messages-list")}
    return _("Settle: there is a message for you"), _("There is a message for you in Settle.\n\n%(link)s") % facts


def wants_message(notification: Notification, now: datetime) -> bool:
    """Tell whether a message is still unread, and its recipient may still read it."""
    waiting = visible_messages(notification.recipient, now).unread_by(notification.recipient)
    return waiting.filter(pk=notification.key).exists()


def departure(notification: Notification) -> tuple[str, str]:
    """Say that somebody left before they were answered, and neither who nor why."""
    text = _("Somebody deleted their diary before anybody had answered what waited in it. Please look now.\n\n%(link)s")
    facts = {"link": settings.SITE_URL + reverse("departures-list")}
    return _("Settle: somebody left before they were answered"), text % facts


def is_unseen(notification: Notification, now: datetime) -> bool:
    told = Departure.objects.standing().filter(told=notification.recipient)
    return told.filter(pk=notification.key).exists()


# Calls to the system of a practice


class Call:
    """Says to a practice's own system that something waits: under an id that means nothing elsewhere, signed."""

    def __init__(self, notification: Notification) -> None:
        self.notification = notification

    @property
    def body(self) -> bytes:
        said = {"type": "something-waits", "id": str(self.notification.pk), "link": address("worklist-show")}
        return json.dumps(said).encode()

    def send(self) -> None:
        hook, body = Hook.objects.get(pk=practice_in(self.notification)), self.body
        signed = {"Settle-Signature": calling.signature(hook.secret, int(time.time()), body)}
        calling.post(hook.url, body, {"Settle-Delivery": str(self.notification.pk), **signed})


def practice_in(notification: Notification) -> int:
    return int(notification.key.split()[0])


def wants_call(notification: Notification, now: datetime) -> bool:
    """Tell whether a practice is still called for what still waits, and by no later row: one call says it for all."""
    practice = practice_in(notification)
    later = Notification.objects.unsent().filter(kind="hook", key__startswith=f"{practice} ")
    if later.filter(created_at__gt=notification.created_at).exists():
        return False
    return Hook.objects.filter(pk=practice).exists() and waiting_now(notification.recipient, now).exists()


def waiting_now(reader: User, now: datetime) -> FlagQuerySet:
    return visible_flags(reader, now).waiting().for_practitioners()


def called(notification: Notification) -> tuple[str, str]:
    """Return nothing: a call has neither a subject nor a text."""
    return "", ""


# Reminders


def reminder(notification: Notification) -> tuple[str, str]:
    """Ask a patient for an entry, with the way out."""
    text = _(
        "This is a good moment for a few words in your diary:\n\n%(link)s\n\n"
        "Nobody reads this mailbox. Pause or change reminders: %(change)s\nNo more reminders by mail: %(off)s"
    )
    facts = {"link": settings.SITE_URL + reverse("today-show"), "off": off_link(notification.recipient)}
    facts["change"] = settings.SITE_URL + reverse("reminders-amend")
    return _("A moment for your diary"), text % facts


def off_link(patient: User) -> str:
    """Return the address that turns reminders off without signing in."""
    return settings.SITE_URL + reverse("reminders-stop", args=[Signer(salt=OFF_SALT).sign(str(patient.pk))])


def one_click(notification: Notification) -> dict[str, str]:
    """Return the headers by which a mail program offers to stop these mails itself (RFC 2369, RFC 8058)."""
    off = f"<{off_link(notification.recipient)}>"
    return {"List-Unsubscribe": off, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def wants_reminder(notification: Notification, now: datetime) -> bool:
    """Tell whether a reminder is still of today, outside quiet hours and a pause, and nothing was logged meanwhile."""
    plan = ReminderPlan.objects.filter(patient=notification.recipient, by_mail=True).select_related("patient").first()
    if plan is None or (plan.snoozed_until and plan.snoozed_until > now):
        return False
    habits = plan.habits()
    logged = Entry.objects.of(plan.patient).filter(recorded_at__gte=notification.created_at).exists()
    return notification.key == str(habits.day(now)) and not habits.is_quiet(now) and not logged


# A person's way in


WAY_IN = {
    "new-device": (
        gettext_lazy("Settle: a new browser signed in"),
        gettext_lazy("Your account was signed in to on %(when)s, from a browser that it was not used with before."),
    ),
    "password-changed": (
        gettext_lazy("Settle: your password was changed"),
        gettext_lazy("The password of your account was changed on %(when)s. Every other browser was signed out."),
    ),
    "second-step-added": (
        gettext_lazy("Settle: a second step was added"),
        gettext_lazy(
            "A second step at sign-in was added to your account on %(when)s. Every other browser was signed out."
        ),
    ),
    "second-step-removed": (
        gettext_lazy("Settle: a second step was removed"),
        gettext_lazy(
            "A second step at sign-in was removed from your account on %(when)s. Other browsers were signed out."
        ),
    ),
    "recovery-codes-made": (
        gettext_lazy("Settle: new recovery codes"),
        gettext_lazy("New recovery codes were made for your account on %(when)s. The old ones no longer work."),
    ),
    "token-added": (
        gettext_lazy("Settle: an app may read in your place"),
        gettext_lazy(
            "An app or a device was given access to your account on %(when)s. It can read, and change nothing."
        ),
    ),
    "role-changed": (
        gettext_lazy("Settle: your role was changed"),
        gettext_lazy("An admin of your practice changed the role of your account on %(when)s. Please sign in again."),
    ),
}
"""What may have been somebody else's doing, and so is told by mail: its subject and its first sentence."""


def about_way_in(notification: Notification) -> tuple[str, str]:
    """Tell a person what was done to their account, and what to do if it was not them."""
    subject, text = WAY_IN[notification.kind]
    zone = ZoneInfo(notification.recipient.time_zone)
    when = date_format(notification.created_at.astimezone(zone), "DATETIME_FORMAT")
    link = settings.SITE_URL + reverse("account_reset_password")
    rest = _("If this was you, you need do nothing. If not, choose a new password now:\n\n%(link)s") % {"link": link}
    return str(subject), f"{text % {'when': when}}\n\n{rest}"


def credential(notification: Notification) -> tuple[str, str]:
    """Say until when a credential counts: to its holder, or to an admin without a name."""
    person, day, _stage = notification.key.split()
    facts = {"day": date_format(date.fromisoformat(day), "DATE_FORMAT")}
    if int(person) == notification.recipient_id:
        subject = _("Settle: your credential counts until %(day)s")
        text = _(
            "After %(day)s you read no diary until an admin of your practice has checked the renewed one. "
            "Renew it with your board, and tell them when that is done.\n\n%(link)s"
        )
        return subject % facts, text % (facts | {"link": settings.SITE_URL})
    subject = _("Settle: a credential counts until %(day)s")
    text = _(
        "A practitioner reads no diary after %(day)s until an admin has checked the renewed credential at its "
        "source.\n\n%(link)s"
    )
    link = settings.SITE_URL + reverse("people-show", args=[person])
    return subject % facts, text % (facts | {"link": link})


def is_expiring(notification: Notification, now: datetime) -> bool:
    """Tell whether that credential is still the latest one, and the recipient its holder or an admin."""
    person, day, _stage = notification.key.split()
    reader = notification.recipient
    if reader.pk != int(person) and not reader.is_admin:
        return False
    last = date.fromisoformat(day)
    return User.objects.expiring(last, last).filter(pk=person).exists()


def always(notification: Notification, now: datetime) -> bool:
    return True


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
    "hook": Kind(called, wants_call),
    "reminder": Kind(reminder, wants_reminder, one_click),
} | {kind: Kind(about_way_in, always) for kind in WAY_IN}
