"""Messages between a patient and the practitioners who read the diary: a list for both, a thread for the patient."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from diary import mailbox
from diary.parts.conversations import correspond
from diary.views import SignedIn, for_patients

PAGE = 50


@never_cache
def list(request: SignedIn) -> HttpResponse:
    person, now = request.user, timezone.now()
    if not (person.is_patient or person.is_practitioner):
        raise Http404
    threads = mailbox.threads(person, now)
    context = {"letters": sum(thread.unread for thread in threads), "now": now}
    context["page"] = Paginator(threads, PAGE).get_page(request.GET.get("page"))
    return render(request, "messages/list.html", context)


@for_patients
@never_cache
def show(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    other = mailbox.other_of(request.user, id, now)
    if other is None:
        raise Http404
    return correspond(request, other, other.practitioner, now, "messages/show.html")
