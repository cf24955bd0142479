"""What every template may say about the site itself."""

from django.conf import settings
from django.http import HttpRequest

from diary.demo.people import signins


def site(request: HttpRequest) -> dict[str, object]:
    """`DEMO`: is this the made-up practice? Every page says so, and its login page offers `demo_signins`."""
    return {"DEMO": settings.DEMO, "demo_signins": signins if settings.DEMO else None}
