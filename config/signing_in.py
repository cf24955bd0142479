"""Closed by default; a form sent while signed out is kept in the sign-in page until its writer is back."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.views import login
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse

from diary.typed import HELD, asks_json, typed_in


class LoginRequired(LoginRequiredMiddleware):
    """As Django's, and nothing typed is lost by it."""

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        answer: HttpResponseBase | None = super().process_view(request, view_func, view_args, view_kwargs)
        if answer is None and request.method == "POST" and "held" in request.POST:
            request.session.pop(HELD, None)  # what waited since before the sign-in is on its way
        return answer

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseBase:
        if asks_json(request):
            return JsonResponse({"error": "signed out"}, status=401)
        if request.method == "POST":
            return sign_in_here(request)
        answer: HttpResponseBase = super().handle_no_permission(request, view_func)
        return answer


def sign_in_here(request: HttpRequest) -> HttpResponse:
    """Answer a form with the sign-in page, which carries it on."""
    request.typed = typed_in(request)  # type: ignore[attr-defined]
    request.method, request.POST = "GET", QueryDict()
    request.GET = QueryDict(urlencode({"next": reverse("typed-show")}))
    answer: HttpResponse = login(request).render()
    answer.status_code, request.method = 401, "POST"
    return answer
