"""What I agreed to, in which words and when; saying yes to new words, and taking it back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from diary import consenting
from diary.actions import consents
from diary.permissions import visible_consents, visible_links, visible_shares
from diary.views import SignedIn, for_patients


@for_patients
@never_cache
def show(request: SignedIn) -> HttpResponse:
    person, now = request.user, timezone.now()
    given = [*visible_consents(person, now).latest_first()]
    standing = next((consent for consent in given if consent.withdrawn_at is None), None)
    asked = consenting.current(get_language())
    context = {
        "standing": standing,
        "text": consenting.Agreement(standing.version, standing.language).text if standing else "",
        "asked": None if standing and standing.version >= asked.version else asked,
        "shared": visible_shares(person, now).live(now).exists() or visible_links(person, now).live(now).exists(),
        "earlier": [consent for consent in given if consent is not standing],
    }
    return render(request, "consents/show.html", context)


@for_patients
@require_POST
def agree(request: SignedIn) -> HttpResponse:
    agreed = consenting.named(request.POST.get("agreed", ""), get_language())
    consents.give(by=request.user, now=timezone.now(), agreed=agreed)
    messages.success(request, _("Thank you. You can read it again, and take it back, under “What I agreed to”."))
    return redirect("today-show")


@for_patients
@require_POST
def withdraw(request: SignedIn) -> HttpResponse:
    consents.withdraw(by=request.user, now=timezone.now())
    messages.success(request, _("Taken back. Nobody but you can read your diary now."))
    return redirect("consents-show")
