"""What every template may say about the site itself."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, bool]:
    """`DEMO`: is this the made-up practice? Every page says so."""
    return {"DEMO": settings.DEMO}
