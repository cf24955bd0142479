"""Practices, for admins: without one no practitioner can be invited, and patients are given its numbers."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from diary.actions import practices
from diary.actions.diaries import StaleEdit
from diary.forms.practices import PracticeForm
from diary.permissions import visible_hooks
from diary.views import SignedIn, for_admins


@for_admins
@never_cache
def list(request: SignedIn) -> HttpResponse:
    return render(request, "practices/list.html", {"practices": visible_hooks(request.user, timezone.now())})


@for_admins
@never_cache
def add(request: SignedIn) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = PracticeForm(sent, initial={"time_zone": request.user.time_zone})
    if not form.is_valid():
        return render(request, "practices/add.html", {"form": form})
    practices.add(by=request.user, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Saved. Practitioners can be invited into it now."))
    return redirect("practices-list")


@for_admins
@never_cache
def amend(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    practice = get_object_or_404(visible_hooks(request.user, now), pk=id)
    form = PracticeForm(request.POST if request.method == "POST" else None, initial=practices.said(practice))
    stale = form.is_valid() and not saved(request, practice, form, now)
    if not form.is_valid() or stale:
        context = {"form": form, "practice": practice, "version": practices.seen(practice), "stale": stale}
        return render(request, "practices/amend.html", context)
    messages.success(request, _("Saved. Patients are given these numbers from now on."))
    return redirect("practices-list")


def saved(request: SignedIn, practice: Any, form: PracticeForm, now: datetime) -> bool:
    """Save what is typed; answer False where another admin has changed the practice since the page was opened."""
    version = request.POST.get("version")
    try:
        practices.amend(by=request.user, now=now, practice=practice, version=version, **form.cleaned_data)
    except StaleEdit:
        return False
    return True
