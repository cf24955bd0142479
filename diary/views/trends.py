"""How it went over time, for the patient."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from diary import charts
from diary.forms.periods import PeriodForm
from diary.permissions import visible_entries, visible_flags, visible_intakes, visible_sessions
from diary.views import SignedIn, for_patients


@for_patients
def show(request: SignedIn) -> HttpResponse:
    person, now = request.user, timezone.now()
    dates = PeriodForm(request.GET, now=now, zone=person.time_zone)
    trend = charts.trend(
        person,
        visible_entries(person, now),
        visible_sessions(person, now),
        visible_flags(person, now),
        intakes=visible_intakes(person, now),
        period=dates.period,
        now=now,
        page=request.GET.get("page"),
    )
    return render(request, "trends/show.html", {"trend": trend, "dates": dates})


@for_patients
@never_cache
def data(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    dates = PeriodForm(request.GET, now=now, zone=request.user.time_zone)
    numbers = charts.series(request.user, request.user, dates.period, now)
    return HttpResponse(numbers, content_type="application/json")
