"""My apps and devices: what reads in my place, until when, and how to end it."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from diary.actions import tokens
from diary.forms.devices import DeviceForm
from diary.permissions import scopes_of, visible_tokens
from diary.views import SignedIn, for_those_who_read

FRESH = "token"


@for_those_who_read
@never_cache
def list(request: SignedIn) -> HttpResponse:
    live = [token for token in visible_tokens(request.user, timezone.now()).live(timezone.now()).select_related("user")]
    context = {"tokens": [token for token in live if tokens.is_sealed(token)], "zone": request.user.time_zone}
    return render(request, "devices/list.html", context | {"secret": request.session.pop(FRESH, None)})


@for_those_who_read
@never_cache
@reauthentication_required
def add(request: SignedIn) -> HttpResponse:
    """Make a token, and show it once: it is kept only as a digest. Whoever sits here proves again who they are."""
    form = DeviceForm(request.POST if request.method == "POST" else None, scopes=scopes_of(request.user))
    if form.is_valid():
        try:
            request.session[FRESH] = tokens.add(by=request.user, now=timezone.now(), **form.answers)
        except tokens.TooManyTokens:
            form.refuse_more(tokens.MOST)
        else:
            return redirect("devices-list")
    return render(request, "devices/add.html", {"form": form})


@for_those_who_read
@require_POST
def revoke(request: SignedIn, id: str) -> HttpResponse:
    now = timezone.now()
    tokens.revoke(by=request.user, now=now, token=get_object_or_404(visible_tokens(request.user, now), pk=id))
    messages.success(request, _("It can read nothing any more."))
    return redirect("devices-list")
