"""Deleting my diary: what goes, what stays, and the last question."""

from contextlib import suppress

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from diary.actions import leaving
from diary.actions.diaries import NoDiary
from diary.forms.leaving import LeaveForm
from diary.permissions import escalation_of
from diary.views import SignedIn, for_patients


@for_patients
@never_cache
def erase(request: SignedIn) -> HttpResponse:
    now, posted = timezone.now(), request.method == "POST"
    form = LeaveForm(request.POST if posted else None, person=request.user)
    if posted and form.is_valid():
        with suppress(NoDiary):  # pressed twice: it is gone already
            leaving.erase(by=request.user, now=now, named=form.cleaned_data["named"])
        request.session.flush()
        return redirect("leaving-gone")
    urgent = leaving.urgent_of(request.user)
    context = {"form": form, "urgent": urgent, "told": escalation_of(request.user.pk, now) if urgent else []}
    return render(request, "leaving/erase.html", context)


@login_not_required
def gone(request: HttpRequest) -> HttpResponse:
    return render(request, "leaving/gone.html")
