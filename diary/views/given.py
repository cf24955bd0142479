"""Sessions that a practitioner recorded: put right, taken out, put back. They are recorded on the patient's page."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from diary.actions import sessions
from diary.actions.diaries import StaleEdit
from diary.actions.sessions import SessionAtThatInstant
from diary.forms.sessions import SessionForm
from diary.permissions import can_amend_session, require, visible_sessions
from diary.views import SignedIn, for_practitioners


@for_practitioners
@never_cache
def amend(request: SignedIn, id: UUID) -> HttpResponse:
    now, stands = timezone.now(), None
    session = session_of(request, id, now)
    form = form_of(request.POST if request.method == "POST" else None, session, request, now)
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            sessions.amend(by=request.user, now=now, session=session, version=version, **form.answers)
            messages.success(request, _("Saved."))
            return redirect("patients-show", session.patient_id)
        except SessionAtThatInstant:
            form.refuse_instant()
        except StaleEdit as stale:
            session = stands = stale.current
            data = request.POST.copy()
            data["version"] = stands.version
            form = form_of(data, session, request, now)
    return render(request, "given/amend.html", {"form": form, "session": session, "stands": stands})


def form_of(data: Any, session: Any, request: SignedIn, now: datetime) -> SessionForm:
    return SessionForm(data, now=now, home=request.user.time_zone, session=session)


@for_practitioners
@require_POST
def withdraw(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    sessions.withdraw(by=request.user, now=now, session=session_of(request, id, now))
    return redirect("given-amend", id)


@for_practitioners
@require_POST
def restore(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    session = session_of(request, id, now)
    try:
        sessions.restore(by=request.user, now=now, session=session)
    except SessionAtThatInstant:
        messages.warning(request, _("Another session ended at that very minute. Delete that one first."))
        return redirect("given-amend", id)
    return redirect("patients-show", session.patient_id)


def session_of(request: SignedIn, id: UUID, now: datetime) -> Any:
    own = visible_sessions(request.user, now).filter(recorded_by=request.user).select_related("patient")
    session = get_object_or_404(own, pk=id)
    require(can_amend_session(request.user, session, now))
    return session
