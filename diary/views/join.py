"""The way in. Opening the page uses nothing up: mail scanners open links too."""

from allauth.account.utils import perform_login
from allauth.core.ratelimit import consume, respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from diary import consenting
from diary.actions import accounts
from diary.actions.shares import AlreadyShared
from diary.forms.join import CodeForm, JoinForm, nearest_zone
from diary.permissions import can_agree, visible_shares

CODE = "spoken-code"


@login_not_required
@never_cache
def show(request: HttpRequest, token: str = "") -> HttpResponse:
    now = timezone.now()
    if "code" in request.POST:
        return take_code(request, now)
    invitation = invitation_of(request, token, now)
    if invitation is None:
        return ask_code(request, CodeForm(), lost=bool(token) or request.method == "POST")
    if request.user.is_authenticated:
        return settle(request, invitation, now)
    if request.method == "POST":
        return join(request, invitation, now)
    return welcome(request, invitation, JoinForm(invitation=invitation, initial=guess(invitation)), now)


def invitation_of(request, token, now):
    if token:
        return accounts.invitation_by_token(token, now=now)
    return accounts.invitation_by_code(request.session.get(CODE, ""), now=now)


def take_code(request, now):
    """Keep a code that opens something in the session: it is no part of any address."""
    if not consume(request, action="spoken_code"):
        return respond_429(request)
    form = CodeForm(request.POST)
    if form.is_valid() and accounts.invitation_by_code(form.cleaned_data["code"], now=now):
        request.session[CODE] = form.cleaned_data["code"]
        return redirect("join-show")
    if form.is_valid():
        form.add_error("code", _("This code opens nothing. Look at each letter again, or ask who invited you."))
    return ask_code(request, form)


def ask_code(request, form, lost=False):
    """Ask for a code. A link is lost alike whether it was used, revoked, is out of date or never was."""
    return render(request, "join/_code.html", {"form": form, "lost": lost}, status=404 if lost else 200)


def settle(request, invitation, now):
    """Ask somebody who keeps a diary here already whether who invites may read it; tell others what to do instead."""
    may_agree = can_agree(request.user, invitation)
    shared = may_agree and shares_with(request.user, invitation.invited_by, now)
    if request.method == "POST" and may_agree and not shared:
        return agree(request, invitation, now)
    context = {"may_agree": may_agree, "shared": shared, "credential": credential_of(invitation.invited_by, now)}
    return render(request, "join/_known.html", {"invitation": invitation, **context})


def agree(request, invitation, now):
    try:
        accounts.agree(by=request.user, now=now, invitation=invitation)
    except (accounts.InvitationUsed, AlreadyShared):  # in another tab, meanwhile
        return redirect(request.path)
    request.session.pop(CODE, None)
    said = _("%(name)s can read your diary from now on. You can end it here at any time.")
    messages.success(request, said % {"name": invitation.invited_by})
    return redirect("shares-list")


def shares_with(patient, practitioner, now):
    return visible_shares(patient, now).live(now).filter(practitioner=practitioner).exists()


def credential_of(inviter, now):
    """Return the checked credential of who invites, None where they have none that counts, or work here no more."""
    if not (inviter.is_practitioner and inviter.is_active):
        return None
    return inviter.practitioner.credentials.valid(now.date()).order_by("-expires_on").first()


def guess(invitation):
    asked = consenting.current(get_language())
    return {
        "name": invitation.name,
        "language": get_language(),
        "time_zone": nearest_zone(invitation),
        "agreed": f"{asked.version}:{asked.language}",
    }


def welcome(request, invitation, form, now, taken=False):
    """Show who invites, with the credential that was checked, what joining means, and the form."""
    context = {
        "invitation": invitation,
        "credential": credential_of(invitation.invited_by, now),
        "asked": consenting.current(get_language()),
        "form": form,
        "taken": taken,
    }
    return render(request, "join/show.html", context)


def join(request, invitation, now):
    form = JoinForm(request.POST, invitation=invitation)
    if not form.is_valid():
        return welcome(request, invitation, form, now)
    try:
        agreed = consenting.named(form.cleaned_data.pop("agreed"), get_language())
        user = accounts.accept(now=now, invitation=invitation, agreed=agreed, **form.cleaned_data)
    except accounts.AddressTaken:
        return welcome(request, invitation, form, now, taken=True)
    except accounts.InvitationUsed:
        return ask_code(request, CodeForm(), lost=True)
    request.session.pop(CODE, None)
    first = reverse("intake-step", args=[1]) if user.is_patient else reverse("home-show")
    return perform_login(request, user, redirect_url=first)
