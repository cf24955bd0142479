"""What somebody waits for at a page, and is mailed at once: a way to a new password, a code, a word of an address.

Like every mail it names nobody: an address that was typed may be anybody's.
"""

from collections.abc import Mapping
from typing import Any

from django.core.mail import EmailMessage
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

NOT_YOU = _("If you did not ask for this, you need do nothing.")
TELL = _("If this was you, you need do nothing. If not, tell your practice at once.")
CODE = (
    _("Settle: your code"),
    _("With this code you confirm that this address is yours. Type it into the page that asks for it:\n\n%(code)s"),
    NOT_YOU,
)
SAYS: dict[str, tuple[Promise, Promise, Promise]] = {
    "password_reset_key": (
        _("Settle: choose a new password"),
        _(
            "A new password was asked for, for your account. Choose it here; the link works once, for an hour:\n\n"
            "%(password_reset_url)s"
        ),
        NOT_YOU,
    ),
    "unknown_account": (
        _("Settle: there is no account with this address"),
        _(
            "A new password was asked for, for this address. No account has it: yours may have another. "
            "An account is made by invitation; ask your practice."
        ),
        NOT_YOU,
    ),
    "account_already_exists": (
        _("Settle: this address has an account already"),
        _(
            "This address was typed for another account. It has one already; if it is yours, sign in with it, or "
            "choose a new password:\n\n%(password_reset_url)s"
        ),
        NOT_YOU,
    ),
    "email_confirmation": CODE,
    "email_confirmation_signup": CODE,
    "email_changed": (
        _("Settle: your address was changed"),
        _("Your account has another address from now on. This one signs nobody in any more, and no mail goes here."),
        TELL,
    ),
    "email_deleted": (
        _("Settle: an address was taken off"),
        _("An address that you had not confirmed was taken off your account. This one stays."),
        TELL,
    ),
}
"""What is said under each name that the way in has for it: a subject, what it is about, and what to do otherwise."""


def mail(name: str, to: str, facts: Mapping[str, Any]) -> EmailMessage:
    """Return a message in the active language."""
    subject, text, otherwise = SAYS[name]
    body = f"{text % facts}\n\n{otherwise}"
    return EmailMessage(str(subject), body, to=[to], headers={"Auto-Submitted": "auto-generated"})
