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
from diary.actions.shares import AlreadyShared, NoReadingHours, UnknownCode
from diary.forms.shares import GrantForm
from diary.hours import is_away
from diary.permissions import (
    covers_of,
    visible_credentials,
    visible_events,
    visible_links,
    visible_readers,
    visible_shares,
)
from diary.views import SignedIn, for_patients

PAGE = 20


@for_patients
@never_cache
def list(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    rows = visible_shares(request.user, now).select_related("practitioner__practitioner")
    looks = visible_events(request.user, now).by_others(request.user.pk).order_by("-at", "-pk")
    context = {
        "live": with_readers(request.user, rows.live(now), now),
        "now": now,
        "ended": rows.ended(now)[:PAGE],
        "links": those_that_open_first(visible_links(request.user, now), now),
        "page": Paginator(looks, PAGE).get_page(request.GET.get("page")),
        "zone": request.user.time_zone,
    }
    return render(request, "shares/list.html", context)


def those_that_open_first(links: Any, now: datetime) -> Any:
    """Return every link that opens something, so that each can be ended, and then the latest of those that do not."""
    live = [*links.live(now)]
    return [*live, *links.exclude(pk__in=[link.pk for link in live])[:PAGE]]


def with_readers(user: Any, live: Any, now: datetime) -> Any:
    """Return live shares with who stands in, each named one with its `reader`, None where they cannot read now.

    `credential` is the checked one of a practitioner whom the patient named by code.
    """
    known = {credential.practitioner_id: credential for credential in visible_credentials(user, now)}
    readers = {reader.pk: reader for reader in visible_readers(user, now)}
    covers = [*covers_of(user.pk, now)]
    shares = [*live]
    for share in shares:
        share.reader = readers.get(share.practitioner_id) if share.named else None
        share.credential = known.get(share.practitioner_id)
        share.away = share.reader and is_away(share.reader.hours, now)
        share.covers = [cover.covered_by.name for cover in covers if cover.practitioner_id == share.practitioner_id]
    return shares


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
    except NoReadingHours:
        form.refuse_without_hours()
    except AlreadyShared:
        form.refuse_again()
    return None


@for_patients
@require_POST
def revoke(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    share = get_object_or_404(visible_shares(request.user, now), pk=id)
    shares.revoke(by=request.user, now=now, share=share)
    messages.success(request, _("Ended. From now on they see nothing of your diary. You can share again below."))
    return redirect("shares-list")


@for_patients
@require_POST
def lend(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    share = get_object_or_404(visible_shares(request.user, now), pk=id)
    shares.let_cover(by=request.user, now=now, share=share, allowed="allowed" in request.POST)
    messages.success(request, _("Saved."))
    return redirect("shares-list")
