"""Three methods are spoken here; any other is refused before anything else is looked at, to everybody alike."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

SPOKEN = ("GET", "HEAD", "POST")


def methods(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: answer 405 to a method that no page takes, whether the page is there or not."""

    def answer(request: HttpRequest) -> HttpResponse:
        return get_response(request) if request.method in SPOKEN else HttpResponseNotAllowed(SPOKEN)

    return answer
