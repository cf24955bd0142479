"""Our reaction rates: a practitioner's own, beside what is published. To learn from, not to be ranked by."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from diary import reactions, wording
from diary.views import SignedIn, for_practitioners


@for_practitioners
def show(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    rates, charts = reactions.of_practitioner(request.user, now)
    context = {
        "rates": [(wording.RATES[rate.symptom], wording.STANDS[rate.stands], rate) for rate in rates],
        "charts": [(wording.RATES[chart.symptom], chart) for chart in charts],
        "counted_last": reactions.counted_last(now),
        "sessions": rates[0].sessions,
    }
    return render(request, "rates/show.html", context)
