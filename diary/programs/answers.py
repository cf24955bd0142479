"""How a program is let in and answered: by a token and never a cookie, in JSON, page by page, problems included."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page

from diary.actions import tokens
from diary.models import Token, User
from diary.permissions import is_secured

LIMIT, MOST = 50, 200
CURSOR = "diary.programs.cursor"  # and the path: a cursor goes on where it was given out
BOUNDS = {"from": "gte", "to": "lt"}
MINUTE = 60
TITLES = {
    400: "Bad request",
    401: "No valid token",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    429: "Too many requests",
}


class Asked(HttpRequest):
    """A request of a program that holds a live token."""

    user: User
    token: Token


View = Callable[..., HttpResponse]


@dataclass
class Problem(Exception):
    """Why a program gets no answer, to be said as a problem document (RFC 9457)."""

    status: int
    detail: str
    allow: str = ""


def problem(status: int, detail: str, allow: str = "") -> HttpResponse:
    """Return the document; `allow` names the methods that an address takes where it was asked with another."""
    said = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail}
    answer = JsonResponse(said, status=status, content_type="application/problem+json")
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="Settle"'
    if allow:
        answer["Allow"] = allow
    if status == 429:
        answer["Retry-After"] = str(MINUTE)
    return answer


def for_programs(role: str, *scopes: str, method: str = "GET") -> Callable[[View], View]:
    """Return a decorator: for a live token of one of these scopes, of somebody in this role ("" for any).

    A cookie opens nothing here, so no other site can make a browser ask; that is what the exemption rests on.
    """

    def decorate(view: View) -> View:
        @login_not_required
        @cache_control(private=True, no_cache=True)
        @conditional_page
        @wraps(view)
        def guarded(request: Asked, *args: object, **kwargs: object) -> HttpResponse:
            try:
                return enter(request, view, (role, scopes, method), *args, **kwargs)
            except Problem as trouble:
                return problem(trouble.status, trouble.detail, trouble.allow)
            except (Http404, PermissionDenied):
                return problem(404, "There is nothing here for you.")

        return csrf_exempt(guarded) if method == "POST" else guarded

    return decorate


def enter(
    request: Asked, view: View, door: tuple[str, tuple[str, ...], str], *args: object, **kw: object
) -> HttpResponse:
    """Answer a program whose token opens this door, in the language of its owner."""
    role, scopes, method = door
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        raise Problem(403, "Use https, and make another token: this one went over the line for all to read.")
    request.token = token = token_of(request)
    request.user = token.user
    count(request, "program", str(token.pk))
    taken = ("GET", "HEAD") if method == "GET" else (method,)
    if request.method not in taken:
        raise Problem(405, f"Use {method}.", ", ".join(taken))
    if role and token.user.role != role:
        raise Http404
    if token.scope not in scopes:
        raise Problem(403, f"This token is for: {token.scope}.")
    tokens.use(token, now=timezone.now())
    with translation.override(token.user.language):
        answer = view(request, *args, **kw)
    patch_vary_headers(answer, ["Authorization"])
    return answer


def token_of(request: HttpRequest) -> Token:
    """Return the token that a request brings; who brings none that is live is counted by address."""
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    token = tokens.opened(text, now=timezone.now()) if kind.lower() == "bearer" and text else None
    if token is None:
        if text:
            count(request, "program_refused")
        raise Problem(401, "Send a token: Authorization: Bearer settle_…")
    if not settings.DEMO and not is_secured(token.user):
        raise Problem(403, "Its owner has no second step at sign-in.")
    return token


def count(request: HttpRequest, action: str, key: str | None = None) -> None:
    """Count a request against the limits that all processes share; reading counts too. Raises Problem."""
    if not ratelimit.consume(request, app="allauth.account", action=action, key=key, limit_get=True):
        raise Problem(429, "Wait a minute.")


# Page by page


def listed(
    request: Asked, rows: QuerySet[Any], order: str, say: Callable[[list[Any]], Iterable[Any]], *, dated: bool = True
) -> HttpResponse:
    """Answer one page of rows, the earliest first by `order` and id, with the address of the next.

    Rows that are `dated` say their moment, so a part of them can be asked for.
    """
    limit, after, span = limit_of(request), cursor_of(request), span_of(request) if dated else {}
    rows = rows.filter(**{f"{order}__{BOUNDS[name]}": moment for name, moment in span.items()})
    if after:
        moment, id = after
        rows = rows.filter(Q(**{f"{order}__gt": moment}) | Q(**{order: moment, "pk__gt": id}))
    found = [*rows.order_by(order, "pk")[: limit + 1]]
    page, more = found[:limit], len(found) > limit
    data = [*say(page)]
    asked = {"limit": limit} | {name: moment.isoformat() for name, moment in span.items()}
    return JsonResponse({"data": data, "next": following(request, page[-1], order, asked) if more else None})


def following(request: Asked, last: Any, order: str, asked: dict[str, Any]) -> str:
    cursor = signing.dumps([getattr(last, order).isoformat(), str(last.pk)], salt=CURSOR + request.path)
    return f"{settings.SITE_URL}{request.path}?{urlencode(asked | {'cursor': cursor})}"


def limit_of(request: HttpRequest) -> int:
    said = request.GET.get("limit", str(LIMIT))
    if not (said.isascii() and said.isdigit() and len(said) <= 3 and 1 <= int(said) <= MOST):
        raise Problem(400, f"limit: a whole number from 1 to {MOST}.")
    return int(said)


def span_of(request: HttpRequest) -> dict[str, datetime]:
    """Return from when and to when rows are asked for, as far as it was said."""
    return {name: moment_of(name, request.GET[name]) for name in BOUNDS if request.GET.get(name)}


def moment_of(name: str, said: str) -> datetime:
    """Return an instant that was sent with its offset; a `+` that nobody encoded arrives as a space."""
    try:
        moment = parse_datetime(said.replace(" ", "+"))
        if moment is not None and is_aware(moment):
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise Problem(400, f"{name}: an instant with its offset, as 2026-03-10T09:00:00Z.")


def cursor_of(request: HttpRequest) -> tuple[datetime, str] | None:
    """Return after which row to go on; a cursor is only ever one that was given out here."""
    said = request.GET.get("cursor", "")
    if not said:
        return None
    try:
        moment, id = signing.loads(said, salt=CURSOR + request.path)
    except signing.BadSignature:
        raise Problem(400, "cursor: take it from `next` as it is.") from None
    return datetime.fromisoformat(moment), id


def body_of(request: HttpRequest, most: int = 100_000) -> dict[str, Any]:
    """Return the JSON object that a program sent. Raises Problem."""
    if int(request.headers.get("Content-Length") or 0) > most:
        raise Problem(400, f"At most {most} bytes.")
    try:
        said = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Problem(400, "Send a JSON object.") from None
    if not isinstance(said, dict):
        raise Problem(400, "Send a JSON object.")
    return said


def open_to_all(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark what says nothing of anybody: anybody may read it, and it changes with a release only."""
    return login_not_required(cache_control(public=True, max_age=3600)(conditional_page(view)))
