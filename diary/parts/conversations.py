"""What two people wrote to each other, with the box to answer: the same for a patient and for who treats them."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from diary import mailbox, timetable
from diary.actions import messages
from diary.forms.messages import MessageForm
from diary.hours import is_open
from diary.parts import SignedIn
from diary.permissions import can_write_to

PAGE = 30


def correspond(
    request: SignedIn, other: Any, practitioner: Any, now: datetime, template: str, **context: Any
) -> HttpResponse:
    """Show what two people wrote to each other, or send what is typed, as long as the diary is shared.

    `practitioner` is the one of the two with the practice, whose hours and numbers stand above the box, or for whom a
    colleague answers.
    """
    person, posted = request.user, request.method == "POST"
    form = MessageForm(request.POST) if posted else MessageForm(initial={"id": uuid4()})
    may_write = can_write_to(person, other, now, practitioner.user)
    if posted and form.is_valid() and may_write:
        messages.send(by=person, now=now, to=other, thread=practitioner.user, **form.cleaned_data)
        return redirect(request.get_full_path())
    context |= {"form": form, "is_open": may_write, "other": other, "now": now}
    context |= written(request, other, practitioner, now) | reading(practitioner, person, now)
    is_theirs = person.is_patient or person == practitioner.user  # answered in another's place it stays unread for them
    if is_theirs and context["written"]:
        messages.read(by=person, now=now, other=other, up_to=context["written"][-1].sent_at)
    return render(request, template, context, status=409 if posted and not may_write else 200)


def written(request: SignedIn, other: Any, practitioner: Any, now: datetime) -> dict[str, Any]:
    """Return a page of what was written, the latest; on it the oldest first."""
    patient = request.user if request.user.is_patient else other
    rows = mailbox.with_patient(request.user, patient, now).filter(practitioner=practitioner.pk)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return {"page": page, "written": [*page][::-1]}


def reading(practitioner: Any, person: Any, now: datetime) -> dict[str, Any]:
    """Return when a practitioner reads, on the clock of who asks; `next` only while they do not."""
    hours = practitioner.hours
    return {
        "practice": practitioner.practice,
        "hours": timetable.said(practitioner, person.time_zone),
        "next": "" if is_open(hours, now) else timetable.next_reading(hours, now, person.time_zone),
    }
