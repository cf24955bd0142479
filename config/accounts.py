"""How allauth behaves here: by invitation only, tries counted before any hashing, changes told."""

import logging
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from config import staff
from diary import seals, typed
from diary.actions import accounts, reminders, signins
from diary.models import User
from diary.notices import waited_for

log = logging.getLogger(__name__)

TOLD = {
    "account/email/password_changed": "password-changed",
    "account/email/password_set": "password-changed",
    "account/email/password_reset": "password-changed",
    "mfa/email/totp_activated": "second-step-added",
    "mfa/email/webauthn_added": "second-step-added",
    "mfa/email/totp_deactivated": "second-step-removed",
    "mfa/email/webauthn_removed": "second-step-removed",
    "mfa/email/recovery_codes_generated": "recovery-codes-made",
}
"""What allauth tells of, and as which kind of message it leaves through the outbox."""


class AccountAdapter(DefaultAccountAdapter):
    """Accounts by invitation; tries counted in the database; what changes is told by the outbox."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_passwords": _(
            "Too many tries. Wait a few minutes; after many tries, a day. A new password by mail opens it at once, "
            "and so can whoever runs the accounts of your practice."
        ),
        # Of the second step: what opens the first opens nothing here, or a mailbox would be worth any number of codes.
        "too_many_login_attempts": _("Too many tries. Wait a few minutes; after many tries, a day."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse | None:
        """Keep what was typed while signed out, now that the password is right; a second step may still follow."""
        typed.hold(request.session, user.pk, request.POST.get(typed.HELD, ""))
        answer: HttpResponse | None = super().pre_login(request, user, **options)
        return answer

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try, before any password is hashed. A known device has a count of its own and no address's."""
        known, email = devices(request), credentials.get("email", "")
        try:
            self.counted = signins.count_try(now=timezone.now(), email=email, devices=known)
        except signins.TooManyTries:
            raise self.validation_error("too_many_passwords") from None
        self.by_address = None if self.counted.device else consume(request)
        if not self.counted.device and self.by_address is None:
            raise self.validation_error("too_many_passwords")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user is not None:
            signins.take_back(self.counted)
            if self.by_address:
                self.by_address.rollback()
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, with a new session id; the count of a session of staff begins."""
        first = user.last_login is None
        super().login(request, user)
        staff.begin(request.session, timezone.now())
        if not (first or settings.DEMO or str(user.pk) in devices(request)):
            signins.note(now=timezone.now(), user=user, kind="new-device")

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        return remember_device(request, super().post_login(request, user, **kwargs), user)

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Tell of a change through the outbox; of a changed address at the old one, which no account has any more."""
        kind = TOLD.get(template_prefix, "")
        if kind:
            signins.note(now=timezone.now(), user=user, kind=kind)
        else:
            super().send_notification_mail(template_prefix, user, context, email)
        if template_prefix == "account/email/password_reset":
            signins.forget_tries(user)
        if kind.startswith("second-step"):
            end_other_sessions(current.request, user)
        if kind == "password-changed" and current.request.user.is_authenticated:
            stay_here(current.request, user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once what somebody waits for, in the language of whose account it is, else of who asks.

        A mail server in trouble must not tell which addresses it knows.
        """
        language = context["user"].language if "user" in context else get_language()
        try:
            with override(language):
                waited_for.mail(template_prefix.removeprefix("account/email/"), email, context).send()
        except OSError as trouble:  # SMTP's own errors are OSErrors too
            log.warning("a mail could not be handed over (%s)", type(trouble).__name__)


class SecondStepAdapter(DefaultMFAAdapter):
    """Seeds of the second step are sealed with this installation's key."""

    # Said of keys too, where nobody typed a code.
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code or key does not fit. Please try again."),
    }

    def encrypt(self, text: str) -> str:
        return seals.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return a seed; where no key in force opens it, one that no code fits: manage.py doctor counts those."""
        return seals.unseal(encrypted_text) or seals.nobodys()


def consume(request: HttpRequest) -> ratelimit.RateLimitUsage | None:
    return ratelimit.consume(request, app="allauth.account", action="sign_in")


def end_other_sessions(request: HttpRequest, user: User) -> None:
    """Sign a person out elsewhere, and go on here under a new session id: the second step has changed."""
    accounts.end_sessions(user)
    user.refresh_from_db(fields=["session_round"])
    request.session.pop(staff.SECOND_STEP, None)
    update_session_auth_hash(request, user)
    stay_here(request, user)


def stay_here(request: HttpRequest, user: User) -> None:
    """Note this browser under its new session id; what it shows because it is signed in, it goes on showing."""
    UserSession.objects.create_from_request(request)
    before, key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""), request.session.session_key or ""
    if user.is_patient:
        reminders.go_on(by=user, now=timezone.now(), before=before, session_key=key)


# Known devices: a signed cookie of the browsers from which an account was signed in to

DEVICE, WHERE = "device", "/accounts/"
COOKIE = f"__Secure-{DEVICE}" if settings.HTTPS else DEVICE  # for a part of this host only, so it cannot be __Host-
LASTS = timedelta(days=365)
MOST_ACCOUNTS = 8


def devices(request: HttpRequest) -> dict[str, str]:
    """Return the device of each account that was signed in to from this browser, by the account's id."""
    try:
        known: dict[str, str] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=DEVICE, max_age=LASTS)
    except signing.BadSignature:
        return {}
    return known


def remember_device(request: HttpRequest, response: HttpResponse, user: User) -> HttpResponse:
    known = devices(request)
    known[str(user.pk)] = known.pop(str(user.pk), "") or signins.new_device()
    latest = dict(list(known.items())[-MOST_ACCOUNTS:])
    response.set_cookie(
        COOKIE,
        signing.dumps(latest, salt=DEVICE),
        max_age=LASTS,
        path=WHERE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response
