"""The doors: one module a noun; each function fetches, acts, answers."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.contrib.messages import warning
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from diary import charts, mailbox, notices, paper, reporting, timetable, wording
from diary.actions import messages as sending
from diary.actions.accounts import Invited
from diary.clinical.diary import REACTIONS
from diary.forms.messages import MessageForm
from diary.forms.periods import PeriodForm
from diary.forms.reports import ReportForm
from diary.hours import is_open as is_open_at
from diary.permissions import (
    can_write_to,
    visible_entries,
    visible_flags,
    visible_intakes,
    visible_notes,
    visible_sessions,
)

if TYPE_CHECKING:
    from diary.models import User

INVITED = "invited"
MESSAGES = 30


class SignedIn(HttpRequest):
    """A request of somebody who has signed in: LoginRequiredMiddleware lets nobody else reach a page."""

    user: "User"


View = Callable[..., HttpResponse]


def for_role(*roles: str) -> Callable[[View], View]:
    """Return a decorator: for anybody in another role the page does not exist."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: SignedIn, *args: object, **kwargs: object) -> HttpResponse:
            if request.user.role not in roles:
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


for_patients = for_role("patient")
for_practitioners = for_role("practitioner")
for_admins = for_role("admin")
for_those_who_read = for_role("patient", "practitioner")


def hand_over(request: SignedIn, invited: Invited) -> HttpResponse:
    """Mail an invitation's link, and keep link and code in the session until the next page has shown them once.

    Not by the outbox: a row of it would hold the link, of which the database is to know no more than a digest.
    """
    link = request.build_absolute_uri(reverse("join-show", args=[invited.token]))
    try:
        notices.accounts.invitation(invited.invitation, link).send()
    except OSError:  # SMTP's own errors are OSErrors too
        warning(request, _("The mail could not be sent. Pass the link on yourself."))
    request.session[INVITED] = {"id": str(invited.invitation.pk), "link": link, "code": invited.code}
    return redirect("invitations-show", invited.invitation.pk)


def correspond(
    request: SignedIn, other: Any, practitioner: Any, now: datetime, template: str, **context: Any
) -> HttpResponse:
    """Show what two people wrote to each other, or send what is typed, as long as the diary is shared.

    `practitioner` is the one of the two with the practice, whose hours and numbers stand above the box, or for whom a
    colleague answers.
    """
    person, posted = request.user, request.method == "POST"
    form = MessageForm(request.POST) if posted else MessageForm(initial={"id": uuid4()})
    is_open = can_write_to(person, other, now, practitioner.user)
    if posted and form.is_valid() and is_open:
        sending.send(by=person, now=now, to=other, thread=practitioner.user, **form.cleaned_data)
        return redirect(request.get_full_path())
    patient = person if person.is_patient else other
    written = mailbox.with_patient(person, patient, now).filter(practitioner=practitioner.pk)
    page = Paginator(written, MESSAGES).get_page(request.GET.get("page"))
    context |= {"page": page, "written": [*page][::-1], "form": form, "is_open": is_open, "other": other, "now": now}
    own = practitioner.hours
    context |= {
        "practice": practitioner.practice,
        "hours": timetable.said(practitioner, person.time_zone),
        "next": "" if is_open_at(own, now) else timetable.next_reading(own, now, person.time_zone),
    }
    if person in (patient, practitioner.user):
        sending.read(by=person, now=now, other=other)
    return render(request, template, context, status=409 if posted and not is_open else 200)


def shared_intake(user: Any, patient: Any, now: datetime) -> Any:
    """Return what a patient shares of the intake; None where not shared.

    `known` are its conditions, each in words and with what it means here.
    """
    return explained(visible_intakes(user, now).filter(patient=patient).first())


def explained(intake: Any) -> Any:
    """Give an intake `known`, its conditions in words."""
    if intake is not None:
        said, meant = wording.CONDITIONS, wording.FOR_PRACTITIONERS
        intake.known = [(said.get(code, code), meant.get(code, "")) for code in intake.conditions]
    return intake


def chart_of(request: SignedIn, patient: Any, now: datetime) -> dict[str, Any]:
    """Return the chart of a patient whose diary the reader sees, of the period that the address asks for."""
    person, dates = request.user, PeriodForm(request.GET, now=now, zone=patient.time_zone)
    trend = charts.trend(
        patient,
        visible_entries(person, now).of(patient),
        visible_sessions(person, now).of(patient),
        visible_flags(person, now).of(patient),
        intakes=visible_intakes(person, now).filter(patient=patient),
        period=dates.period,
        now=now,
        page=request.GET.get("page"),
    )
    return {"trend": trend, "dates": dates}


def series_of(request: SignedIn, patient: Any, now: datetime) -> HttpResponse:
    """Answer with what the browser draws of a patient's entries, of the period that the address asks for."""
    dates = PeriodForm(request.GET, now=now, zone=patient.time_zone)
    numbers = charts.series(request.user, patient, dates.period, now)
    return HttpResponse(numbers, content_type="application/json")


def told(user: Any, entries: list[Any], now: datetime) -> list[Any]:
    """Give each entry `told`, its note where the patient shares notes, and `also`, what else it reports in words."""
    notes = dict(visible_notes(user, now).filter(pk__in=[entry.pk for entry in entries]).values_list("pk", "note"))
    for entry in entries:
        entry.told, entry.also = notes.get(entry.pk, ""), wording.in_a_row(reported(entry))
    return entries


def reported(entry: Any) -> Iterator[str]:
    """Yield the red flags of an entry, then its reactions with their grade."""
    for code in entry.red_flags:
        yield str(wording.RED_FLAG.get(code, code))
    for symptom in REACTIONS:
        if getattr(entry, symptom):
            grade = getattr(entry, f"get_{symptom}_display")()
            yield _("%(symptom)s: %(grade)s") % {"symptom": wording.SYMPTOM[symptom], "grade": grade}


def sheet(request: SignedIn, template: str, *, patient: Any, form: ReportForm, now: datetime) -> HttpResponse:
    """Show a report, or hand it over as a PDF where that is asked for and can be made."""
    report = reporting.report(reader=request.user, patient=patient, form=form, now=now)
    context = {
        "form": form,
        "report": report,
        "chosen": report.chosen,
        "intake": explained(report.intake),
        "paper": paper.is_available(),
        "query": request.GET.urlencode(),
    }
    if not (paper.is_available() and "pdf" in request.GET):
        return render(request, template, context)
    made = paper.pdf(render_to_string("components/report_alone.html", context, request))
    name = f"settle-{now.astimezone(ZoneInfo(patient.time_zone)):%Y-%m-%d}.pdf"
    return HttpResponse(made, "application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})
