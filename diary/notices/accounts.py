"""What a person is told of their account: an invitation, a test, what was done to it, how long a credential counts."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from diary.models import Alert, Invitation, Notification, User
from diary.notices.site import address


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
    """Return the last day of an invitation where the practice is, else where who invites is."""
    near = invitation.practice or invitation.invited_by
    return date_format(invitation.expires_at.astimezone(ZoneInfo(near.time_zone)), pgettext("date format", "l j F Y"))


def test(notification: Notification, now: datetime) -> tuple[str, str]:
    subject = _("Settle: monthly test, please confirm")
    text = _(
        "This is a test: a mail about something urgent would reach you like this one. "
        "Please confirm that you have read it:\n\n%(link)s"
    )
    return subject, text % {"link": address("alerts-show", notification.key)}


def is_unconfirmed(notification: Notification, now: datetime) -> bool:
    return Alert.objects.filter(pk=UUID(notification.key), confirmed_at=None).exists()


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


def about_way_in(notification: Notification, now: datetime) -> tuple[str, str]:
    """Tell a person what was done to their account, and what to do if it was not them."""
    subject, text = WAY_IN[notification.kind]
    zone = ZoneInfo(notification.recipient.time_zone)
    when = date_format(notification.created_at.astimezone(zone), pgettext("date format", "l j F Y, H:i"))
    link = address("account_reset_password")
    rest = _("If this was you, you need do nothing. If not, choose a new password now:\n\n%(link)s") % {"link": link}
    return str(subject), f"{text % {'when': when}}\n\n{rest}"


def credential(notification: Notification, now: datetime) -> tuple[str, str]:
    """Say until when a credential counts: to its holder, or to an admin without a name."""
    person, day, _stage = notification.key.split()
    facts = {"day": date_format(date.fromisoformat(day), pgettext("date format", "l j F Y"))}
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
    link = address("people-show", person)
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
