"""The diary without a network: a form that belongs to nobody, the worker that opens it, and what a device remembers."""

from functools import cache
from hashlib import sha256
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache

from diary.clinical.diary import RED_FLAGS
from diary.forms.entries import EntryForm
from diary.permissions import visible_practices
from diary.views import SignedIn, for_patients

ANYBODY: Any = SimpleNamespace(time_zone="UTC")
FILES = ["built/site.css", "built/settle.js", "built/offline.js", "icons/favicon.svg"]
ICONS = [("192", "any"), ("512", "any"), ("512", "maskable")]
LATEST = cache_control(no_cache=True)  # asked for each time: an old worker is an old product


@login_not_required
@LATEST
def show(request: HttpRequest) -> HttpResponse:
    """Show the log form as it is kept on a device: the same for everybody, without a name, an id or a token."""
    return HttpResponse(page())


def page() -> str:
    form = EntryForm(now=timezone.now(), person=ANYBODY, initial={"when": "now"})
    emergency = " ".join(code for code, advice in RED_FLAGS.items() if advice == "emergency")
    return render_to_string("offline/show.html", {"form": form, "emergency": emergency, "keeps": True})


@login_not_required
@LATEST
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the worker; another page, file or language makes it another worker, which the browser then takes."""
    context = {"files": FILES, "version": version(get_language())}
    return render(request, "offline/worker.js", context, content_type="text/javascript; charset=utf-8")


@cache  # asked for at every page that is opened: the same until the site is started anew
def version(language: str) -> str:
    said = [page(), language, *map(static, FILES)]
    return sha256("\n".join(said).encode()).hexdigest()[:12]


@login_not_required
@LATEST
def manifest(request: HttpRequest) -> HttpResponse:
    """Tell a browser how to install the diary as an app."""
    icons = [
        {"src": static(f"icons/app-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size, purpose in ICONS
    ]
    said = {
        "name": "Settle",
        "short_name": "Settle",
        "description": _("A diary of how you feel between treatments."),
        "lang": get_language(),
        "id": "/",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f4f7f6",
        "theme_color": "#0e6470",
        "icons": icons,
    }
    return JsonResponse(said, content_type="application/manifest+json")


@for_patients
@never_cache
def numbers(request: SignedIn) -> HttpResponse:
    """Return the numbers to call, for a device to remember until it has no network."""
    practice = visible_practices(request.user, timezone.now()).first()
    emergency, same_day = (practice.emergency_number, practice.same_day_number) if practice else ("112", "")
    return JsonResponse({"emergency": emergency, "practice": same_day})
