"""Who can read my diary, who looked, and how to end it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from diary.actions import shares
from diary.actions.shares import AlreadyShared, UnknownCode
from diary.forms.shares import GrantForm
from diary.permissions import visible_credentials, visible_events, visible_shares
from diary.views import SignedIn, for_patients

PAGE = 20


@for_patients
@never_cache
def list(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    rows = visible_shares(request.user, now).select_related("practitioner__practitioner")
    live = rows.live(now)
    looks = visible_events(request.user, now).reads().order_by("-at", "-pk")
    context = {
        "live": with_badges(request.user, live, now),
        "ended": rows.exclude(pk__in=live.values("pk")).order_by("-granted_at")[:PAGE],
        "page": Paginator(looks, PAGE).get_page(request.GET.get("page")),
        "zone": request.user.time_zone,
    }
    return render(request, "shares/list.html", context)


def with_badges(user: Any, live: Any, now: datetime) -> Any:
    """Give each share `credential`, the checked one of its practitioner, where the patient named them by code."""
    known = {credential.practitioner_id: credential for credential in visible_credentials(user, now)}
    for share in live:
        share.credential = known.get(share.practitioner_id)
    return live


@for_patients
@never_cache
def grant(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    form = GrantForm(request.POST if request.method == "POST" else None, now=now, zone=request.user.time_zone)
    if form.is_valid() and granted(request, form, now):
        messages.success(request, _("Shared. You can end it here at any time."))
        return redirect("shares-list")
    return render(request, "shares/grant.html", {"form": form})


def granted(request: SignedIn, form: GrantForm, now: datetime) -> Any:
    try:
        return shares.grant(by=request.user, now=now, **form.answers)
    except UnknownCode:
        form.refuse_code()
    except AlreadyShared:
        form.refuse_again()
    return None


@require_POST
@for_patients
def revoke(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    share = get_object_or_404(visible_shares(request.user, now), pk=id)
    shares.revoke(by=request.user, now=now, share=share)
    messages.success(request, _("Ended. From now on they see nothing of your diary. You can share again below."))
    return redirect("shares-list")
