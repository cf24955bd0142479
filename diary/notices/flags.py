"""What a practitioner is told of flags, and an admin of those that nobody answers."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diary.models import Departure, Escalation, Flag, Notification
from diary.notices.site import address, waiting_for
from diary.permissions import may_be_told


def urgent(notification: Notification, now: datetime) -> tuple[str, str]:
    subject = _("Settle: please look at your worklist now")
    text = _("A new entry at the top of your worklist asks for a person at once.\n\n%(link)s")
    return subject, text % {"link": address("worklist-show")}


def priority(notification: Notification, now: datetime) -> tuple[str, str]:
    subject = _("Settle: please look at your worklist today")
    text = _("A new entry on your worklist asks for a person today.\n\n%(link)s")
    return subject, text % {"link": address("worklist-show")}


def escalation(notification: Notification, now: datetime) -> tuple[str, str]:
    subject = _("Settle: nobody has answered yet; please look at your worklist now")
    text = _(
        "An entry at the top of your worklist has waited for another reader, who has not answered. "
        "It is passed on to you: please look at it now.\n\n%(link)s"
    )
    return subject, text % {"link": address("worklist-show")}


def unattended(notification: Notification, now: datetime) -> tuple[str, str]:
    subject = _("Settle: something urgent has no reader")
    text = _(
        "Something urgent has been passed on to everybody who may read it, and nobody has answered. "
        "Please reach a practitioner in person and ask them to look at their worklist now.\n\n%(link)s"
    )
    return subject, text % {"link": address("people-list")}


def digest(notification: Notification, now: datetime) -> tuple[str, str]:
    """Say how much waits on a worklist: a number, and nothing of what it is."""
    count = waiting_for(notification.recipient, now).count()
    subject = _("Settle: %(count)d on your worklist")
    text = ngettext(
        "%(count)d entry waits on your worklist.\n\n%(link)s",
        "%(count)d entries wait on your worklist.\n\n%(link)s",
        count,
    )
    facts = {"count": count, "link": address("worklist-show")}
    return subject % facts, text % facts


def departure(notification: Notification, now: datetime) -> tuple[str, str]:
    """Say that somebody left before they were answered, and neither who nor why."""
    text = _("Somebody deleted their diary before anybody had answered what waited in it. Please look now.\n\n%(link)s")
    facts = {"link": address("departures-list")}
    return _("Settle: somebody left before they were answered"), text % facts


def is_unanswered(notification: Notification, now: datetime) -> bool:
    """Tell whether a flag still waits for a person, and this one may still read the diary it is of."""
    flag = notification.flag
    if flag is None or flag.status != Flag.Status.OPEN:
        return False
    return may_be_told(notification.recipient, flag, now)


def is_unattended(notification: Notification, now: datetime) -> bool:
    left = Escalation.objects.unattended().filter(pk=UUID(notification.key.split()[0]))
    return notification.recipient.is_admin and left.exists()


def has_something_waiting(notification: Notification, now: datetime) -> bool:
    return waiting_for(notification.recipient, now).exists()


def is_unseen(notification: Notification, now: datetime) -> bool:
    told = Departure.objects.standing().filter(told=notification.recipient)
    return told.filter(pk=notification.key).exists()
