"""The security headers that Django and django-csp do not send."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

UNUSED = "accelerometer camera display-capture geolocation gyroscope magnetometer microphone payment usb"
POLICY = ", ".join(f"{feature}=()" for feature in UNUSED.split())


def permissions_policy(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: tell browsers that no page here needs a sensor or a camera, and no other site anything from here."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return answer
