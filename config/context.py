"""What every template may say about the site itself."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from diary import watching
from diary.demo.people import signins
from diary.permissions import visible_practices
from diary.views import SignedIn


def site(request: HttpRequest) -> dict[str, object]:
    """`DEMO`: is this the made-up practice? Every page says so, and its login page offers `demo_signins`.

    `nobody_is_told` and `practice_to_call` are asked by the templates that need them, and by no other page.
    """

    def nobody_is_told() -> bool:
        return watching.is_silent(timezone.now())

    def practice_to_call() -> Any:
        return visible_practices(cast("SignedIn", request).user, timezone.now()).first()

    said = {"DEMO": settings.DEMO, "demo_signins": signins if settings.DEMO else None}
    return said | {"nobody_is_told": nobody_is_told, "practice_to_call": practice_to_call}
