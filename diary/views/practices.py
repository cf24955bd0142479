"""Practices, for admins: without one no practitioner can be invited, and patients are given its numbers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from diary.actions import practices
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
    if not form.is_valid():
        return render(request, "practices/amend.html", {"form": form, "practice": practice})
    practices.amend(by=request.user, now=now, practice=practice, **form.cleaned_data)
    messages.success(request, _("Saved. Patients are given these numbers from now on."))
    return redirect("practices-list")
