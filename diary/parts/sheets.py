"""A report of a diary: on the page, or as a PDF."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from diary import paper, reporting
from diary.forms.reports import ReportForm
from diary.parts import SignedIn
from diary.parts.words import explained


def sheet(request: SignedIn, template: str, *, patient: Any, form: ReportForm, now: datetime) -> HttpResponse:
    """Show a report, or hand it over as a PDF where that is asked for and can be made."""
    report, can_print = reporting.report(reader=request.user, patient=patient, form=form, now=now), paper.is_available()
    context = {
        "form": form,
        "report": report,
        "chosen": report.chosen,
        "intake": explained(report.intake),
        "paper": can_print,
        "query": request.GET.urlencode(),
    }
    if not (can_print and "pdf" in request.GET):
        return render(request, template, context)
    made = paper.pdf(render_to_string("components/report_alone.html", context, request))
    name = f"settle-{now.astimezone(ZoneInfo(patient.time_zone)):%Y-%m-%d}.pdf"
    return HttpResponse(made, "application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})
