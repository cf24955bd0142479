"""Messages between a patient and the practitioners who read the diary: a list for both, a thread for the patient."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from diary import mailbox
from diary.permissions import visible_practices
from diary.views import SignedIn, correspond, for_patients


@never_cache
def list(request: SignedIn) -> HttpResponse:
    person, now = request.user, timezone.now()
    if not (person.is_patient or person.is_practitioner):
        raise Http404
    context = {"threads": mailbox.threads(person, now), "now": now}
    if person.is_patient:
        context["practice"] = visible_practices(person, now).first()
    return render(request, "messages/list.html", context)


@for_patients
@never_cache
def show(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    other = mailbox.other_of(request.user, id, now)
    if other is None:
        raise Http404
    return correspond(request, other, other.practitioner, now, "messages/show.html")
