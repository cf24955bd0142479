"""The diary on one sheet, to print or to hand over."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from diary.forms.reports import ReportForm
from diary.parts.sheets import sheet
from diary.views import SignedIn, for_patients


@for_patients
@never_cache
def show(request: SignedIn) -> HttpResponse:
    person, now = request.user, timezone.now()
    form = ReportForm(request.GET, now=now, zone=person.time_zone)
    return sheet(request, "report/show.html", patient=person, form=form, now=now)
