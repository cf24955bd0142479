"""The chart of a diary, of the period that an address asks for."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse

from diary import charts
from diary.forms.periods import PeriodForm
from diary.parts import SignedIn
from diary.periods import Period
from diary.permissions import shown_to


def chart_of(request: SignedIn, patient: Any, now: datetime, period: Period | None = None) -> dict[str, Any]:
    """Return the chart of a patient whose diary the reader sees, of the period asked for unless one is given."""
    shown, dates = shown_to(request.user, patient, now), PeriodForm(request.GET, now=now, zone=patient.time_zone)
    trend = charts.trend(
        patient,
        shown.entries,
        shown.sessions,
        shown.flags,
        intakes=shown.intakes,
        period=period or dates.period,
        now=now,
        page=request.GET.get("page"),
    )
    return {"trend": trend, "dates": dates}


def series_of(request: SignedIn, patient: Any, now: datetime) -> HttpResponse:
    """Answer with what the browser draws of a patient's entries."""
    dates = PeriodForm(request.GET, now=now, zone=patient.time_zone)
    numbers = charts.series(request.user, patient, dates.period, now)
    return HttpResponse(numbers, content_type="application/json")
