"""For whoever watches the machine: does it answer, and does mail leave?"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from diary.actions import notifications


@login_not_required
@never_cache
def show(request: HttpRequest) -> JsonResponse:
    """Answer 200 with how many seconds the oldest unsent notification has waited, or null; 503 without a database."""
    try:
        waited = notifications.backlog(now=timezone.now())
    except DatabaseError:
        return JsonResponse({"status": "database unreachable", "database": False}, status=503)
    oldest = None if waited is None else int(waited.total_seconds())
    return JsonResponse({"status": "ok", "database": True, "oldest_unsent_seconds": oldest})
