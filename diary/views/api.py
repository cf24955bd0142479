"""For programs: one's own diary, one's flags, and what the whole interface is."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from diary.actions import shares
from diary.permissions import visible_entries, visible_flags, visible_sessions
from diary.programs import rows
from diary.programs.answers import Asked, for_programs, listed, open_to_all, problem
from diary.programs.description import OPENAPI, chapters


@require_safe
@login_not_required
def show(request: HttpRequest) -> HttpResponse:
    """Show the interface to people who write programs."""
    return render(request, "api/show.html", {"chapters": chapters()})


@require_safe
@open_to_all
def openapi(request: HttpRequest) -> HttpResponse:
    return JsonResponse(OPENAPI)


@for_programs("", "own", "shared", "flags")
def me(request: Asked) -> HttpResponse:
    token = request.token
    said = {"role": token.user.role, "time_zone": token.user.time_zone, "scope": token.scope, "token": token.name}
    return JsonResponse(said | {"expires_at": token.expires_at.isoformat()})


@for_programs("patient", "own")
def diary(request: Asked) -> HttpResponse:
    said = rows.document(request.user, request.user, timezone.now())
    if said is None:
        raise Http404
    return JsonResponse(said)


@for_programs("patient", "own")
def entries(request: Asked) -> HttpResponse:
    now = timezone.now()
    standing = visible_entries(request.user, now).standing()
    return listed(request, standing, "observed_at", lambda page: rows.entries(request.user, request.user, page, now))


@for_programs("patient", "own")
def sessions(request: Asked) -> HttpResponse:
    now = timezone.now()
    standing = visible_sessions(request.user, now).standing().select_related("practitioner")
    return listed(request, standing, "ended_at", lambda page: rows.sessions(request.user, request.user, page, now))


@for_programs("", "own", "shared", "flags")
def flags(request: Asked) -> HttpResponse:
    """Give a patient all their flags, a practitioner those that wait for them: each is a look into that diary."""
    now, person = timezone.now(), request.user
    found = visible_flags(person, now).select_related("patient")

    def said(page: list) -> list:
        for patient in {flag.patient for flag in page if flag.patient != person}:
            shares.look(by=person, now=now, patient=patient)
        return [*rows.flags(page)]

    return listed(request, found.on_worklist() if person.is_practitioner else found, "raised_at", said)


@login_not_required
def missing(request: HttpRequest) -> HttpResponse:
    return problem(404, "There is nothing at this address: see /api/v1/openapi.json.")
