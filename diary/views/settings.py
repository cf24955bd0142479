"""How I am called, and in which language and time zone I read."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from diary.actions import accounts
from diary.forms.settings import SettingsForm
from diary.views import SignedIn


@never_cache
def show(request: SignedIn) -> HttpResponse:
    form = SettingsForm(request.POST if request.method == "POST" else None, person=request.user)
    if form.is_valid():
        accounts.save_settings(by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("settings-show")
    return render(request, "settings/show.html", {"form": form})
