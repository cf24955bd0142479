"""Today: where I am, what waits, and the log form itself."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control

from diary.forms.entries import ASKED_AGAIN, EntryForm
from diary.permissions import visible_entries, visible_flags, visible_sessions
from diary.reports import FOLLOW_UP, in_order, numbers
from diary.views import SignedIn, for_patients


@for_patients
@cache_control(private=True, no_cache=True)  # kept for Back only: the same form is the same entry
def show(request: SignedIn) -> HttpResponse:
    person, now = request.user, timezone.now()
    sessions = in_order(visible_sessions(person, now))
    flags = [*visible_flags(person, now).current().order_by("-level", "-fired_at")]
    form = EntryForm(now=now, person=person)
    recent = visible_entries(person, now).standing().filter(observed_at__gt=now - FOLLOW_UP).latest_first()
    form.ask_again(recent.values(*ASKED_AGAIN).first())
    context = {
        "now": now,
        "session": sessions[-1] if sessions else None,
        "flags": flags,
        "numbers": numbers(sessions),
        "form": form,
    }
    return render(request, "today/show.html", context)
