"""How it went over time, for the patient."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from diary.parts.charts import chart_of, series_of
from diary.views import SignedIn, for_patients


@for_patients
def show(request: SignedIn) -> HttpResponse:
    return render(request, "trends/show.html", chart_of(request, request.user, timezone.now()))


@for_patients
@never_cache
def data(request: SignedIn) -> HttpResponse:
    return series_of(request, request.user, timezone.now())
