"""Today: where I am, what is usual now, what waits or was answered, and the log form itself."""

from datetime import timedelta

from csp.decorators import csp_update
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control

from diary import consenting, reports
from diary.forms.entries import EntryForm
from diary.readers import next_reading
from diary.views import SignedIn, for_patients

ANSWERED_WITHIN = timedelta(days=4)
BLANK = "'sha256-Nqnn8clbgv+5l0PgxcTOldg8mkMKrFn4TvPL+rYUUGg='"
"""The one script that may stand in the page itself: a blank, which waits for a stylesheet (components/below.html)."""


@for_patients  # type: ignore[arg-type]  # django-csp's decorator knows nobody who has signed in
@csp_update({"script-src": [BLANK]})  # type: ignore[arg-type]
@cache_control(private=True, no_cache=True)  # kept for Back only: the same form is the same entry
def show(request: SignedIn) -> HttpResponse:
    person, now = request.user, timezone.now()
    sessions = reports.own_sessions(person, now)
    session = sessions[-1] if sessions else None
    said = reports.latest(person, now)
    since = now - ANSWERED_WITHIN
    rows = reports.flags_told(person, now, since)
    waiting = [flag for flag in rows if flag.status == "open"]
    told = any(flag.level > 1 for flag in waiting)  # a notice only stands on the chart
    standing = reports.standing(person, now, with_readers=told)
    form = EntryForm(now=now, person=person)
    form.ask_again(reports.to_ask_again(said, now))
    form.advise(standing.advised)
    context = {
        "now": now,
        "session": session,
        "waiting": waiting,
        "answered": [flag for flag in rows if flag.handled_at and flag.handled_at > since],
        "numbers": reports.numbers(sessions),
        "form": form,
        "hard": (bool(said) and reports.is_hard(said[0])) or any(flag.status == "acknowledged" for flag in rows),
        "check_in_at": reports.next_check_in(person, session, said, standing, now),
        "asked": None if (standing.agreed or 0) >= consenting.CURRENT else consenting.current(get_language()),
        "changed": standing.agreed is not None,
        "told_usual": standing.told_usual,
        "unread": standing.unread,
        "letters": standing.letters,
        "next": next_reading(standing.readers, now),
    }
    return render(request, "today/show.html", context)
