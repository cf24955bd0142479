"""A sheet of the diary for a second reader who has no account: made, ended, and opened by its link.

The secret stands in the address that is handed over and nowhere else: the page there carries it on in the body of a
form, its answer comes under an address without it, and no page tells the next where it came from but for the site.
"""

from functools import wraps
from uuid import UUID

from allauth.core.ratelimit import consume, respond_429
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from diary import drawing, reporting
from diary.actions import links
from diary.forms.links import MEANT, LinkForm
from diary.parts.words import explained
from diary.permissions import visible_links
from diary.views import SignedIn, View, for_patients

FRESH = "link"


def untold(view: View) -> View:
    """Keep the address out of what browsers tell other pages, and these pages out of search engines.

    Not `no-referrer`: a browser then hides the origin too, and no form would pass for one of our own.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"], response["X-Robots-Tag"] = "strict-origin", "noindex, nofollow"
        return response

    return answer


# The patient


@for_patients
@never_cache
def add(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    form = LinkForm(request.POST if request.method == "POST" else None, now=now, zone=request.user.time_zone)
    if form.is_valid():
        made = links.make(by=request.user, now=now, **form.answers)
        address = settings.SITE_URL + reverse("links-offer", args=[made.token])
        request.session[FRESH] = {"id": str(made.link.pk), "address": address}
        return redirect("links-show", made.link.pk)
    return render(request, "links/add.html", {"form": form})


@for_patients
@never_cache
def show(request: SignedIn, id: UUID) -> HttpResponse:
    """Show a link with what it shows; its address once, right after it was made."""
    now = timezone.now()
    link = get_object_or_404(visible_links(request.user, now), pk=id)
    fresh = request.session.pop(FRESH, {})
    address = fresh.get("address") if fresh.get("id") == str(link.pk) else None
    is_live = visible_links(request.user, now).live(now).filter(pk=link.pk).exists()
    context = {"link": link, "address": address, "is_live": is_live, "zone": request.user.time_zone, "meant": MEANT}
    context["picture"] = drawing.qr(address) if address else None
    return render(request, "links/show.html", context | (sheet_of(link, now) if is_live else {}))


@for_patients
@require_POST
def revoke(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    link = get_object_or_404(visible_links(request.user, now), pk=id)
    links.revoke(by=request.user, now=now, link=link)
    messages.success(request, _("Ended. From now on the link opens nothing."))
    return redirect("shares-list")


# Whoever has the address


@login_not_required
@require_safe
@never_cache
@untold
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button, the same whatever the secret: previews and mail scanners open addresses too."""
    return render(request, "links/offer.html", {"token": token})


@login_not_required
@never_cache
@untold
def read(request: HttpRequest) -> HttpResponse:
    """Show the sheet to who sends the secret. Expired, ended and unknown are told alike."""
    if request.method != "POST":
        return nothing(request)
    if not consume(request, action="shared_link"):
        return respond_429(request)
    now = timezone.now()
    person = request.user if request.user.is_authenticated else None
    link = links.open_by(request.POST.get("key", ""), by=person, now=now)
    if link is None:
        return nothing(request)
    return render(request, "links/read.html", {"link": link, "zone": link.patient.time_zone} | sheet_of(link, now))


def nothing(request: HttpRequest) -> HttpResponse:
    return render(request, "links/_nothing.html", status=404)


def sheet_of(link, now):
    report = reporting.report_by(link, now)
    left_out = [label for part, (label, _meant) in MEANT.items() if part not in link.parts]
    intake = explained(report.intake)
    return {"report": report, "chosen": report.chosen, "intake": intake, "left_out": left_out}
