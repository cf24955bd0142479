"""When a request cannot be done: what was typed is given back with one button that sends it again."""

import errno
import sys
from typing import Any

from django.db import InterfaceError, InternalError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import get_template

from diary.typed import asks_json, is_own_form, typed_in

RETRY_AFTER = 30  # seconds
READ_ONLY = {
    "type": "about:blank",
    "title": "Forbidden",
    "status": 403,
    "detail": "Nothing can be changed here: use GET.",
}
AN_HOUR = 3600  # seconds
FULL = (errno.ENOSPC, errno.EROFS, errno.EDQUOT)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a valid token. Only to a page of our own is it given back ready to send: a form that
    another site made must not become one press of a button here; nor must what somebody else wrote in this browser."""
    if is_for_programs(request):
        return JsonResponse(READ_ONLY, status=403, content_type="application/problem+json")
    if asks_json(request):
        return JsonResponse({"error": "token"}, status=403)
    typed = typed_in(request) if is_own_form(request) else None
    if typed and request.user.pk and not typed.is_of(request.user.pk):
        typed = None
    return render(request, "403_csrf.html", {"typed": typed}, status=403)


def is_for_programs(request: HttpRequest) -> bool:
    return request.path.startswith("/api/v")


def too_many(request: HttpRequest) -> HttpResponse:
    """Answer what was tried too often. No limit that is told so counts longer than an hour."""
    answer = render(request, "429.html", {"typed": typed_in(request)}, status=429)
    answer["Retry-After"] = str(AN_HOUR)
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    """Answer an exception nobody caught: 503 where the database or the disk is out of reach, otherwise 500."""
    if not out_of_reach(sys.exc_info()[1]):
        return told(request, 500)
    let_go()
    return unavailable(request, RETRY_AFTER)


def unavailable(request: HttpRequest, retry_after: int) -> HttpResponse:
    """Answer what cannot be done now but can after so many seconds."""
    answer = told(request, 503)
    answer["Retry-After"] = str(retry_after)
    return answer


def told(request: HttpRequest, status: int) -> HttpResponse:
    return broken_in_json(status) if asks_json(request) else broken_in_words(request, status)


def let_go() -> None:
    """Connect anew next time: a file that was put back, or another server, is found without a restart."""
    if not connection.in_atomic_block:
        connection.close()


def out_of_reach(error: BaseException | None) -> bool:
    # An InternalError is what PostgreSQL says where it only reads: it stands by for another server.
    if isinstance(error, OperationalError | InterfaceError | InternalError):
        return True
    return isinstance(error, OSError) and error.errno in FULL


def broken_in_json(status: int) -> HttpResponse:
    return JsonResponse({"error": "unavailable" if status == 503 else "broken"}, status=status)


def broken_in_words(request: HttpRequest, status: int) -> HttpResponse:
    """Draw the page without the request: whoever is signed in is in the database, and that may be what is gone."""
    context: dict[str, Any] = {"typed": typed_in(request), "csrf_token": get_token(request)}
    return HttpResponse(get_template(f"{status}.html").render(context), status=status)
