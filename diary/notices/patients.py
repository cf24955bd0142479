"""What a patient is told: that it is time for an entry, that somebody wrote."""

from datetime import datetime

from django.core.signing import Signer
from django.utils.translation import gettext as _

from diary.models import Entry, Notification, ReminderPlan, User
from diary.notices.site import address
from diary.permissions import visible_messages

OFF_SALT = "reminders-off"


def reminder(notification: Notification, now: datetime) -> tuple[str, str]:
    """Ask a patient for an entry, with the way out."""
    text = _(
        "This is a good moment for a few words in your diary:\n\n%(link)s\n\n"
        "Nobody reads this mailbox. Pause or change reminders: %(change)s\nNo more reminders by mail: %(off)s"
    )
    facts = {"link": address("today-show"), "off": off_link(notification.recipient)}
    facts["change"] = address("reminders-amend")
    return _("A moment for your diary"), text % facts


def off_link(patient: User) -> str:
    """Return the address that turns reminders off without signing in."""
    return address("reminders-stop", Signer(salt=OFF_SALT).sign(str(patient.pk)))


def one_click(notification: Notification) -> dict[str, str]:
    """Return the headers by which a mail program offers to stop these mails itself (RFC 2369, RFC 8058)."""
    off = f"<{off_link(notification.recipient)}>"
    return {"List-Unsubscribe": off, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def wants_reminder(notification: Notification, now: datetime) -> bool:
    """Tell whether reminders by mail are still wanted, and this one now."""
    plan = ReminderPlan.objects.filter(patient=notification.recipient, by_mail=True).select_related("patient").first()
    return plan is not None and is_timely(notification, plan, now)


def is_timely(notification: Notification, plan: ReminderPlan, now: datetime) -> bool:
    """Tell whether a reminder is still of today, outside quiet hours and a pause, and nothing was logged meanwhile."""
    if plan.snoozed_until and plan.snoozed_until > now:
        return False
    habits, day = plan.habits(), notification.key.split()[0]
    logged = Entry.objects.of(plan.patient).filter(recorded_at__gte=notification.created_at).exists()
    return day == str(habits.day(now)) and not habits.is_quiet(now) and not logged


def a_message(notification: Notification, now: datetime) -> tuple[str, str]:
    """Say that somebody wrote, and neither who nor what."""
    facts = {"link": address("messages-list")}
    return _("Settle: there is a message for you"), _("There is a message for you in Settle.\n\n%(link)s") % facts


def wants_message(notification: Notification, now: datetime) -> bool:
    """Tell whether a message is still unread, and its recipient may still read it."""
    waiting = visible_messages(notification.recipient, now).unread_by(notification.recipient)
    return waiting.filter(pk=notification.key).exists()
