"""Webhooks: where the system of a practice is told that something waits, and nothing of what or of whom."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from diary.actions import hooks
from diary.forms.hooks import HookForm
from diary.permissions import visible_hooks
from diary.views import SignedIn, for_admins

FRESH = "hook"


@for_admins
@never_cache
def list(request: SignedIn) -> HttpResponse:
    context = {"practices": visible_hooks(request.user, timezone.now()), "secret": request.session.pop(FRESH, None)}
    return render(request, "hooks/list.html", context)


@for_admins
@never_cache
@reauthentication_required
def amend(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    practice = get_object_or_404(visible_hooks(request.user, now), pk=id)
    known = {"url": practice.hook.url} if hasattr(practice, "hook") else {}
    form = HookForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        request.session[FRESH] = hooks.save(by=request.user, now=now, practice=practice, **form.cleaned_data)
        return redirect("hooks-list")
    return render(request, "hooks/amend.html", {"form": form, "practice": practice})


@for_admins
@require_POST
def close(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    hooks.close(by=request.user, now=now, practice=get_object_or_404(visible_hooks(request.user, now), pk=id))
    messages.success(request, _("It is called no more."))
    return redirect("hooks-list")
