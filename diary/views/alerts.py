"""The monthly test of whether a practitioner is reached: one page, one button."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diary.actions import alerts
from diary.permissions import visible_alerts
from diary.views import SignedIn, for_practitioners


@for_practitioners
def show(request: SignedIn, id: UUID) -> HttpResponse:
    alert = get_object_or_404(visible_alerts(request.user, timezone.now()), pk=id)
    return render(request, "alerts/show.html", {"alert": alert})


@for_practitioners
@require_POST
def confirm(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    alert = get_object_or_404(visible_alerts(request.user, now), pk=id)
    alerts.confirm(by=request.user, now=now, alert=alert)
    messages.success(request, _("Thank you: what cannot wait reaches you."))
    return redirect("worklist-show")
