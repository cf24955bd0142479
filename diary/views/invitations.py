"""Inviting patients. The link and the code are shown once, on the page after making them, and never in an address."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from diary.actions import accounts
from diary.actions.accounts import InvitationUsed
from diary.forms.invitations import InvitationForm
from diary.parts.invitations import FRESH, hand_over
from diary.permissions import can_invite, has_hours, is_verified, require, visible_invitations
from diary.views import SignedIn, for_practitioners

PAGE = 100


@for_practitioners
def list(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    page = Paginator(visible_invitations(request.user, now), PAGE).get_page(request.GET.get("page"))
    invitations = [(invitation, invitation.state(now)) for invitation in page]
    may_invite = can_invite(request.user, "patient", now)
    context = {"page": page, "invitations": invitations, "may_invite": may_invite}
    if not may_invite:
        context |= {"verified": is_verified(request.user, now), "no_hours": not has_hours(request.user)}
    return render(request, "invitations/list.html", context)


@for_practitioners
def add(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    require(can_invite(request.user, "patient", now))
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        return hand_over(request, accounts.invite(by=request.user, now=now, role="patient", **form.cleaned_data))
    return render(request, "invitations/add.html", {"form": form})


@never_cache
def show(request: SignedIn, id: object) -> HttpResponse:
    now = timezone.now()
    invitation = get_object_or_404(visible_invitations(request.user, now), pk=id)
    kept = request.session.get(FRESH, {})
    secrets = request.session.pop(FRESH) if kept.get("id") == str(invitation.pk) else None
    join_url = request.build_absolute_uri(reverse("join-show"))
    context = {"invitation": invitation, "secrets": secrets, "state": invitation.state(now), "join_url": join_url}
    context["may_resend"] = can_invite(request.user, invitation.role, now)
    return render(request, "invitations/show.html", context)


@require_POST
def revoke(request: SignedIn, id: object) -> HttpResponse:
    now = timezone.now()
    invitation = get_object_or_404(visible_invitations(request.user, now), pk=id)
    if accounts.revoke_invitation(by=request.user, now=now, invitation=invitation):
        messages.success(request, _("The invitation is revoked: its link and its code open nothing any more."))
    else:
        messages.warning(request, _("This invitation was accepted or revoked meanwhile."))
    return redirect("people-list" if request.user.is_admin else "invitations-list")


@require_POST
def resend(request: SignedIn, id: object) -> HttpResponse:
    """Send a new link with new time; the old one opens nothing any more."""
    now = timezone.now()
    invitation = get_object_or_404(visible_invitations(request.user, now), pk=id)
    try:
        return hand_over(request, accounts.resend(by=request.user, now=now, invitation=invitation))
    except InvitationUsed:
        messages.warning(request, _("This invitation was accepted or revoked meanwhile."))
        return redirect("invitations-show", id)
