"""Pages in the language and the time zone of who reads them."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

LANGUAGES = dict(settings.LANGUAGES)


def reader(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Activate the signed-in person's zone and language; anybody else keeps UTC and what the browser asks for."""

    def read(request: HttpRequest) -> HttpResponse:
        person = request.user
        timezone.deactivate()
        if person.is_authenticated:
            activate_zone(person.time_zone)
            activate_language(request, person.language)
        return get_response(request)

    return read


def activate_zone(name: str) -> None:
    try:
        timezone.activate(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a zone that this machine does not know
        return


def activate_language(request: HttpRequest, language: str) -> None:
    # Left active: the locale middleware names it in the answer, and sets it anew at each request.
    if language in LANGUAGES:
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()
