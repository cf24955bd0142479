"""Who deleted their diary while something urgent in it was unanswered."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from diary.actions import leaving
from diary.permissions import visible_departures
from diary.views import SignedIn, for_practitioners


@for_practitioners
@never_cache
def list(request: SignedIn) -> HttpResponse:
    rows = visible_departures(request.user, timezone.now())
    return render(request, "departures/list.html", {"departures": rows})


@for_practitioners
@require_POST
def close(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    departure = get_object_or_404(visible_departures(request.user, now), pk=id)
    leaving.see_to(by=request.user, now=now, departure=departure)
    messages.success(request, _("Noted. Nothing is kept of this person any more."))
    return redirect("departures-list")
