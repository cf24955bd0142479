"""Flags and why, for the patient whose diary raised them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diary import watching
from diary.actions import flags
from diary.actions.life import takes_urgency
from diary.forms.reviews import UrgencyForm
from diary.permissions import correspondents, visible_entries, visible_events, visible_flags, visible_sessions
from diary.reports import in_order, numbers
from diary.views import SignedIn, for_patients

PAGE = 20


@for_patients
def list(request: SignedIn) -> HttpResponse:
    person, now, everything = request.user, timezone.now(), request.GET.get("show") == "all"
    rows = visible_flags(person, now).select_related("handled_by").latest_first()
    page = Paginator(rows if everything else rows.waiting(), PAGE).get_page(request.GET.get("page"))
    answered = not (everything or page) and rows.exists()
    context = {
        "page": page,
        "everything": everything,
        "answered": answered,
        "numbers": numbers(in_order(visible_sessions(person, now))),
    }
    return render(request, "flags/list.html", context)


@for_patients
def show(request: SignedIn, id: UUID) -> HttpResponse:
    person, now = request.user, timezone.now()
    flag = get_object_or_404(
        visible_flags(person, now).select_related("session", "entry", "handled_by", "escalation"), pk=id
    )
    context: dict[str, Any] = {
        "flag": flag,
        "evidence": as_raised(visible_entries(person, now).filter(pk__in=flag.evidence).latest_first(), flag),
        "steps": flag.steps.select_related("by"),
        "numbers": numbers(in_order(visible_sessions(person, now))),
        "reach": watching.reach(flag, [*flag.notifications.all()]),
        "looked": visible_events(person, now).reads().filter(at__gte=flag.raised_at).order_by("-at").first(),
        "readers": correspondents(person, now).select_related("practitioner") if flag.status == "open" else (),
        "now": now,
    }
    return render(request, "flags/show.html", context)


@for_patients
@require_POST
def answer(request: SignedIn, id: UUID) -> HttpResponse:
    """Keep the answer to "Is this urgent for you, or can it wait?", and go back to where it was asked."""
    now = timezone.now()
    flag = get_object_or_404(visible_flags(request.user, now).asked_of_patients(), pk=id)
    form = UrgencyForm(request.POST)
    if form.is_valid() and takes_urgency(flag):
        flags.say_urgency(by=request.user, now=now, flag=flag, urgency=form.cleaned_data["urgency"])
        messages.success(request, _("Your answer stands beside the flag on the practice's list."))
    entry = form.cleaned_data.get("entry")
    return redirect("entries-saved", entry) if entry else redirect("flags-show", id)


def as_raised(entries: Any, flag: Any) -> Any:
    """Give each entry `then`, what it said when the flag was raised on it; None where it was not part of that."""
    then = {said["id"]: said for said in flag.inputs.get("entries", ())}
    for entry in entries:
        entry.then = then.get(str(entry.pk))
    return entries
