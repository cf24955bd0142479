"""For whoever watches the machine: does it answer, is a worker at work, does mail leave?"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from diary import checkup, watching
from diary.views import SignedIn, for_admins


@login_not_required
@never_cache
def show(request: HttpRequest) -> JsonResponse:
    """Answer 200 while somebody is told what cannot wait; 503 without a database, or with no worker for 90 seconds.

    Ages are whole seconds, null where there is nothing: of the last sign of a worker, of the message due longest.
    """
    now = timezone.now()
    try:
        beat, waited = watching.last_beat(now), watching.oldest_unsent(now)
    except DatabaseError:
        return JsonResponse({"status": "database unreachable", "database": False}, status=503)
    silent = watching.is_silent(now)
    said = {
        "status": "no worker" if silent else "ok",
        "database": True,
        "worker_seconds": None if beat is None else int((now - beat).total_seconds()),
        "oldest_unsent_seconds": None if waited is None else int(waited.total_seconds()),
    }
    return JsonResponse(said, status=503 if silent else 200)


@for_admins
@never_cache
def check(request: SignedIn) -> HttpResponse:
    """Show an admin whether everybody is told what cannot wait, and all is kept: a line each, a remedy where needed."""
    now = timezone.now()
    checks = [question(now) for question in (*checkup.TOLD, *checkup.KEPT)]
    return render(request, "health/check.html", {"now": now, "checks": checks})
