"""Treatment sessions, as their patient sees and records them."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from diary.actions import sessions
from diary.actions.diaries import StaleEdit
from diary.actions.sessions import RecordedOtherwise, SessionAtThatInstant
from diary.explaining import GOING_ON, explained
from diary.forms.sessions import SessionForm
from diary.permissions import can_amend_session, require, visible_entries, visible_flags, visible_sessions
from diary.reports import FOLLOW_UP, in_order, numbers
from diary.views import SignedIn, for_patients

PAGE = 20


@for_patients
def list(request: SignedIn) -> HttpResponse:
    now, deleted = timezone.now(), request.GET.get("show") == "deleted"
    rows = visible_sessions(request.user, now).filter(withdrawn_at__isnull=not deleted).latest_first()
    page = Paginator(rows.select_related("practitioner"), PAGE).get_page(request.GET.get("page"))
    first = page.paginator.count - page.start_index() + 1  # the latest has the highest number
    numbered = [(first - place, session) for place, session in enumerate(page)]
    return render(request, "sessions/list.html", {"page": page, "numbered": numbered, "deleted": deleted, "now": now})


@for_patients
@never_cache
def add(request: SignedIn) -> HttpResponse:
    person, now = request.user, timezone.now()
    form = SessionForm(request.POST if request.method == "POST" else None, now=now, home=person.time_zone)
    if form.is_valid():
        try:
            session = sessions.record(by=person, now=now, patient=person, id=form.cleaned_data["id"], **form.answers)
            return redirect("sessions-show", session.pk)
        except SessionAtThatInstant:
            form.refuse_instant()
        except RecordedOtherwise as before:
            return show_both(request, before.current, now)
    return render(request, "sessions/add.html", {"form": form})


@for_patients
@never_cache
def show(request: SignedIn, id: UUID) -> HttpResponse:
    person, now = request.user, timezone.now()
    rows = visible_sessions(person, now)
    session = get_object_or_404(rows.select_related("practitioner", "patient", "recorded_by"), pk=id)
    numbered, flags = numbers(in_order(rows)), flags_of(request, session, now)
    each = explained(session, flags, now)
    context = {
        "session": session,
        "now": now,
        "numbers": numbered,
        "number": numbered.get(session.pk),
        "may_amend": can_amend_session(person, session, now),
        "flags": flags,
        "explained": each,
        "goes_on": any(answer.state == GOING_ON for answer, _told in each),
        "answers": follow_up(request, session, now).standing().count(),
    }
    return render(request, "sessions/show.html", context)


def flags_of(request: SignedIn, session: Any, now: datetime) -> Any:
    """Return the flags about a session, those of a sign that needs care among the entries that follow it.

    Of a deleted entry too: no edit takes such a flag back.
    """
    about = Q(session=session) | Q(entry__in=follow_up(request, session, now))
    return visible_flags(request.user, now).filter(about).select_related("handled_by").latest_first()


def follow_up(request: SignedIn, session: Any, now: datetime) -> Any:
    """Return the entries that tell how a session was followed: up to the next one, at most two weeks."""
    following = visible_sessions(request.user, now).standing().filter(ended_at__gt=session.ended_at)
    later = following.order_by("ended_at").values_list("ended_at", flat=True).first()
    entries = visible_entries(request.user, now).filter(observed_at__gte=session.ended_at)
    entries = entries.filter(observed_at__lte=session.ended_at + FOLLOW_UP)
    return entries.filter(observed_at__lt=later) if later else entries


@for_patients
@never_cache
def amend(request: SignedIn, id: UUID) -> HttpResponse:
    person, now = request.user, timezone.now()
    session = own_session(request, id, now)
    require(can_amend_session(person, session, now))
    data = request.POST if request.method == "POST" else None
    form = SessionForm(data, now=now, home=person.time_zone, session=session)
    if form.is_valid():
        try:
            sessions.amend(by=person, now=now, session=session, version=form.cleaned_data["version"], **form.answers)
            messages.success(request, _("Saved."))
            return redirect("sessions-show", id)
        except SessionAtThatInstant:
            form.refuse_instant()
        except StaleEdit as stale:
            return show_both(request, stale.current, now)
    return render(request, "sessions/amend.html", {"form": form, "session": session})


def show_both(request: SignedIn, current: Any, now: datetime) -> HttpResponse:
    """Show what stands beside what was typed; nothing is replaced until it is sent again with both in sight."""
    data = request.POST.copy()
    home = request.user.time_zone
    if current.withdrawn_at:
        data["id"] = str(uuid4())
        return render(request, "sessions/add.html", {"form": SessionForm(data, now=now, home=home), "gone": True})
    data["version"] = current.version
    form = SessionForm(data, now=now, home=home, session=current)
    return render(request, "sessions/amend.html", {"form": form, "session": current, "stands": current})


def own_session(request: SignedIn, id: UUID, now: datetime) -> Any:
    return get_object_or_404(visible_sessions(request.user, now).select_related("patient"), pk=id)


@for_patients
@require_POST
def withdraw(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    sessions.withdraw(by=request.user, now=now, session=own_session(request, id, now))
    return redirect("sessions-show", id)


@for_patients
@require_POST
def restore(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    try:
        sessions.restore(by=request.user, now=now, session=own_session(request, id, now))
    except SessionAtThatInstant:
        messages.warning(request, _("Another session ended at that very minute. Delete that one first."))
    return redirect("sessions-show", id)
