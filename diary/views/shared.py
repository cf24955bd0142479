"""For a practitioner's programs: the diaries that they read, each look noted as on a page."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from diary.actions import shares
from diary.permissions import visible_entries, visible_flags, visible_patients, visible_sessions
from diary.programs import rows
from diary.programs.answers import Asked, for_programs, listed

for_shared = for_programs("practitioner", "shared")


def look_at(request: Asked, id: int, now: datetime) -> Any:
    """Return a patient whose diary the token's owner reads, once it is noted that they look."""
    patient = get_object_or_404(visible_patients(request.user, now), pk=id)
    shares.look(by=request.user, now=now, patient=patient)
    return patient


@for_shared
def list(request: Asked) -> HttpResponse:
    now = timezone.now()
    return listed(request, visible_patients(request.user, now), "date_joined", rows.patients, dated=False)


@for_shared
def diary(request: Asked, id: int) -> HttpResponse:
    now = timezone.now()
    said = rows.document(request.user, look_at(request, id, now), now)
    if said is None:
        raise Http404
    return JsonResponse(said)


@for_shared
def entries(request: Asked, id: int) -> HttpResponse:
    now = timezone.now()
    patient = look_at(request, id, now)
    standing = visible_entries(request.user, now).standing().of(patient)
    return listed(request, standing, "observed_at", lambda page: rows.entries(request.user, patient, page, now))


@for_shared
def sessions(request: Asked, id: int) -> HttpResponse:
    now = timezone.now()
    patient = look_at(request, id, now)
    standing = visible_sessions(request.user, now).standing().of(patient).select_related("practitioner")
    return listed(request, standing, "ended_at", lambda page: rows.sessions(request.user, patient, page, now))


@for_programs("practitioner", "shared", "flags")
def flags(request: Asked, id: int) -> HttpResponse:
    now = timezone.now()
    return listed(request, visible_flags(request.user, now).of(look_at(request, id, now)), "raised_at", rows.flags)
