"""Today: where I am, what waits, and the log form itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from diary.forms.entries import EntryForm
from diary.permissions import visible_entries, visible_flags, visible_sessions
from diary.reports import FOLLOW_UP, latest_session, numbers
from diary.views import for_patients


@for_patients
@cache_control(private=True, no_cache=True)  # kept for Back only: the same form is the same entry
def show(request: HttpRequest) -> HttpResponse:
    person, now = request.user, timezone.now()
    sessions = visible_sessions(person, now)
    flags = [*visible_flags(person, now).current().latest_first()]
    form = EntryForm(now=now, person=person)
    form.ask_again(
        visible_entries(person, now).standing().filter(observed_at__gt=now - FOLLOW_UP).latest_first().first()
    )
    context = {
        "now": now,
        "standing": latest_session(sessions),
        "flags": flags,
        "numbers": numbers(sessions) if flags else {},
        "form": form,
    }
    return render(request, "today/show.html", context)
