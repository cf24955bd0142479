"""Every component on one page, in the demo practice only."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from diary.demo import components
from diary.forms.periods import PeriodForm
from diary.forms.style import StyleForm
from diary.views import SignedIn


def show(request: SignedIn) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    person, now = request.user, timezone.now()
    context = {
        "form": StyleForm(request.POST or None, now=now, person=person),
        "dates": PeriodForm({}, now=now, zone=person.time_zone),
    }
    return render(request, "style/show.html", context | components.all_made_up(person, now))


def data(request: SignedIn) -> HttpResponse:
    """Answer what the chart of the page draws, as `trends-data` does for a diary."""
    if not settings.DEMO:
        raise Http404
    return HttpResponse(components.columns(timezone.now()), content_type="application/json")
