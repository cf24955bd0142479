"""What a browser keeps of a page that somebody saw while signed in: nothing, unless a page says otherwise of itself."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

Answer = Callable[[HttpRequest], HttpResponse]


def keeping(get_response: Answer) -> Answer:
    """Middleware: let no copy stay of what is shown to whoever has signed in, and empty the cache when they leave.

    Of the log form a copy may stay until then: on Back, a browser without scripts gives the typed words back from its
    copy alone (ADR 29).
    """

    def answer(request: HttpRequest) -> HttpResponse:
        was_in = request.user.is_authenticated
        response = get_response(request)
        if was_in and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        if was_in and SESSION_KEY not in request.session:
            response["Clear-Site-Data"] = '"cache"'
        return response

    return answer
