"""Every component on one page, in the demo practice only."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from diary.forms.style import StyleForm
from diary.views import SignedIn


def show(request: SignedIn) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    form = StyleForm(request.POST or None, now=timezone.now(), person=request.user)
    return render(request, "style/show.html", {"form": form})
