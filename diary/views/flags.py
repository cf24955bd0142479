"""Flags and why, for the patient whose diary raised them."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from diary import watching
from diary.permissions import visible_entries, visible_flags, visible_sessions
from diary.reports import in_order, numbers
from diary.views import SignedIn, for_patients

PAGE = 20


@for_patients
def list(request: SignedIn) -> HttpResponse:
    person, now, everything = request.user, timezone.now(), request.GET.get("show") == "all"
    rows = visible_flags(person, now).latest_first()
    page = Paginator(rows if everything else rows.waiting(), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "everything": everything, "numbers": numbers(in_order(visible_sessions(person, now)))}
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
    }
    return render(request, "flags/show.html", context)


def as_raised(entries: Any, flag: Any) -> Any:
    """Give each entry `then`, what it said when the flag was raised on it; None where it was not part of that."""
    then = {said["id"]: said for said in flag.inputs.get("entries", ())}
    for entry in entries:
        entry.then = then.get(str(entry.pk))
    return entries
