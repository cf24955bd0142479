"""What the sessions of staff hold to: a second step at sign-in, and an end when nobody uses them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from diary.typed import hold, typed_in

Answer = Callable[[HttpRequest], HttpResponse]

IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
NOTED_EVERY = timedelta(minutes=1)
"""A session is written at most so often: the last use is known to the minute, and most pages write nothing."""

BEGAN, USED, SECOND_STEP = "staff-began", "staff-used", "staff-second-step"
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
WAY_THERE = {"account_logout", "account_reauthenticate", "account_email_verification_sent"}


def is_staff(user: Any) -> bool:
    """Tell whether somebody signed in who reads others' diaries or runs the accounts."""
    return user.is_authenticated and not user.is_patient


def begin(session: SessionBase, now: datetime) -> None:
    """Start counting how long a session lasts and lies unused."""
    session[BEGAN] = session[USED] = now.timestamp()


def lifetime(get_response: Answer) -> Answer:
    """Middleware: sign staff out after 30 minutes without a request, and after 12 hours whatever they do."""

    def answer(request: HttpRequest) -> HttpResponse:
        if is_staff(request.user):
            keep_or_end(request, timezone.now())
        return get_response(request)

    return answer


def keep_or_end(request: HttpRequest, now: datetime) -> None:
    session, at = request.session, now.timestamp()
    if USED not in session:
        begin(session, now)
    elif at - session[USED] >= IDLE.total_seconds() or at - session[BEGAN] >= LONGEST.total_seconds():
        logout(request)
        messages.info(request, _("You were signed out, because this browser was not used for a while."))
    elif at - session[USED] >= NOTED_EVERY.total_seconds():
        session[USED] = at


def second_step(get_response: Answer) -> Answer:
    """Middleware: lead staff without a second step to setting one up before anything else. The demo leads nobody.

    What they sent waits in their session, and comes first once they are through.
    """

    def process_view(request: HttpRequest, view: Any, args: object, kwargs: object) -> HttpResponse | None:
        asked = is_staff(request.user) and not settings.DEMO and getattr(view, "login_required", True)
        if not asked or on_the_way(request) or has_second_step(request):
            return None
        if (typed := typed_in(request)) and request.user.pk:
            hold(request.session, request.user.pk, typed.sealed)
        return redirect("mfa_index")

    def answer(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    answer.process_view = process_view  # type: ignore[attr-defined]
    return answer


def on_the_way(request: HttpRequest) -> bool:
    name = (request.resolver_match and request.resolver_match.url_name) or ""
    return name.startswith("mfa_") or name in WAY_THERE


def has_second_step(request: HttpRequest) -> bool:
    """Tell whether a second step is set up; found once, it is not asked for again within the session."""
    if SECOND_STEP not in request.session and get_adapter().is_mfa_enabled(request.user, FACTORS):
        request.session[SECOND_STEP] = True
    return SECOND_STEP in request.session
