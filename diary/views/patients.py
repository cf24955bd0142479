"""The patients who let a practitioner read their diary: a list, a chart page, recording a session, messages."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.messages import success
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from diary import mailbox, reports, summarising, wording
from diary.actions import notes, sessions, shares
from diary.forms.messages import PrivateNoteForm
from diary.forms.recording import RecordingForm
from diary.forms.reports import ReportForm
from diary.parts.charts import chart_of, series_of
from diary.parts.conversations import correspond
from diary.parts.sheets import sheet
from diary.parts.words import shared_intake, with_words
from diary.periods import period
from diary.permissions import (
    can_record_session,
    has_hours,
    is_verified,
    read_for,
    require,
    visible_departures,
    visible_entries,
    visible_flags,
    visible_notes_about,
    visible_patients,
    visible_sessions,
    visible_threads,
)
from diary.views import SignedIn, for_practitioners
from diary.wording import level_code

PAGE = 50
ENTRIES = 20
SESSIONS = 10
FLAGS = 20
NOTES = 30
LETTERS = 3  # the latest messages, beside the diary


@for_practitioners
@never_cache
def list(request: SignedIn) -> HttpResponse:
    now, words = timezone.now(), request.GET.get("q", "").replace("\0", "").strip()
    page = Paginator(patients(request.user, now).matching(words), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "words": words,
        "verified": bool(page.object_list) or is_verified(request.user, now),
        "departures": visible_departures(request.user, now).exists(),
        "no_hours": not page.object_list and not has_hours(request.user),
        "now": now,
    }
    return render(request, "patients/list.html", context)


def patients(user, now):
    """Return readable patients by name, each with the last session, the last entry and how many flags are to do."""
    one = {"patient": OuterRef("pk")}
    ended = visible_sessions(user, now).standing().filter(**one).latest_first()
    entry = visible_entries(user, now).standing().filter(**one).latest_first()
    to_do = visible_flags(user, now).on_worklist().filter(**one).order_by().values("patient")
    return (
        visible_patients(user, now)
        .annotate(
            last_session=Subquery(ended.values("ended_at")[:1]),
            last_entry=Subquery(entry.values("observed_at")[:1]),
            last_pain=Subquery(entry.values("pain")[:1]),
            to_do=Subquery(to_do.annotate(number=Count("pk")).values("number")),
        )
        .order_by("name", "pk")
    )


def patient_of(request: SignedIn, id: int, now: datetime) -> Any:
    return get_object_or_404(visible_patients(request.user, now), pk=id)


@for_practitioners
@never_cache
def show(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    return page_of(request, patient_of(request, id, now), now)


def page_of(request, patient, now, form=None):
    """Show a patient's page, with a note that could not be kept as it was typed."""
    shares.look(by=request.user, now=now, patient=patient)
    rows = visible_entries(request.user, now).standing().of(patient).latest_first()
    some = Paginator(rows, ENTRIES).get_page(request.GET.get("entries"))
    context = {
        "patient": patient,
        "now": now,
        "intake": shared_intake(request.user, patient, now),
        "entries_page": some,
        "entries": with_words(request.user, [*some], now),
        **chart_of(request, patient, now),
        **sessions_and_flags(request, patient, now),
        **notes_and_messages(request, patient, now),
        "form": form or PrivateNoteForm(initial={"id": uuid4()}),
    }
    return render(request, "patients/show.html", context)


def notes_and_messages(request, patient, now):
    about = visible_notes_about(request.user, now).of(patient).select_related("author").latest_first()
    own_or_standing = Q(withdrawn_at=None) | Q(author=request.user)
    some = Paginator(about.filter(own_or_standing), NOTES).get_page(request.GET.get("notes"))
    return {
        "notes_page": some,
        "notes": [note for note in some if not note.withdrawn_at],
        "deleted": [note for note in some if note.withdrawn_at],
        "written": mailbox.with_patient(request.user, patient, now)[:LETTERS],
    }


@for_practitioners
@require_POST
@never_cache
def note(request: SignedIn, id: int) -> HttpResponse:
    """Keep a private note, and go back to where the notes stand."""
    now = timezone.now()
    patient, form = patient_of(request, id, now), PrivateNoteForm(request.POST)
    if not form.is_valid():
        return page_of(request, patient, now, form)
    notes.write(by=request.user, now=now, patient=patient, **form.cleaned_data)
    success(request, _("The note is kept."))
    return redirect(reverse("patients-show", args=[id]) + "#notes")


@for_practitioners
@never_cache
def messages(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    patient = patient_of(request, id, now)
    threads = visible_threads(request.user, patient, now).select_related("practitioner__practice")
    whose = request.GET.get("of") or (read_for(request.user, patient, now) or request.user).pk
    if not str(whose).isdecimal():
        raise Http404
    whom = get_object_or_404(threads, pk=whose)
    context = {"in_place_of": None if whom == request.user else whom, "of": request.GET.get("of")}
    return correspond(request, patient, whom.practitioner, now, "patients/messages.html", **context)


@for_practitioners
@never_cache
def summary(request: SignedIn, id: int) -> HttpResponse:
    """Show where a patient stands as plain text, to be copied into the practice's own records."""
    now = timezone.now()
    patient = patient_of(request, id, now)
    shares.look(by=request.user, now=now, patient=patient)
    text = summarising.text(
        patient,
        reader=request.user,
        trend=chart_of(request, patient, now, period("all", now))["trend"],  # what is usual and now is of no period
        sessions=reports.in_order(visible_sessions(request.user, now).of(patient)),
        flags=visible_flags(request.user, now).of(patient).on_worklist().latest_first().select_related("handled_by"),
        intake=shared_intake(request.user, patient, now),
        now=now,
    )
    return render(request, "patients/summary.html", {"patient": patient, "text": text})


@for_practitioners
@never_cache
def data(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    patient = patient_of(request, id, now)
    shares.look(by=request.user, now=now, patient=patient)
    return series_of(request, patient, now)


@for_practitioners
@never_cache
def report(request: SignedIn, id: int) -> HttpResponse:
    """Show the sheet of what is shared; a look into the diary like any other."""
    now = timezone.now()
    patient = patient_of(request, id, now)
    shares.look(by=request.user, now=now, patient=patient)
    form = ReportForm(request.GET, now=now, zone=patient.time_zone)
    return sheet(request, "patients/report.html", patient=patient, form=form, now=now)


def sessions_and_flags(request, patient, now):
    user = request.user
    given = visible_sessions(user, now).of(patient)
    numbers: dict[Any, int] = reports.numbers(reports.in_order(given))
    some = Paginator([*reversed(numbers)], SESSIONS).get_page(request.GET.get("sessions"))
    own_or_here = Q(withdrawn_at__isnull=False, recorded_by=user) | Q(pk__in=[*some])
    rows = [*given.filter(own_or_here).latest_first().select_related("practitioner")]
    raised = visible_flags(user, now).of(patient).latest_first().select_related("handled_by")
    flags = Paginator(raised, FLAGS).get_page(request.GET.get("flags"))
    return {
        "flags_page": flags,
        "sessions_page": some,
        "sessions": [(numbers[session.pk], session) for session in rows if not session.withdrawn_at],
        "withdrawn": [session for session in rows if session.withdrawn_at],
        "flags": [(flag, level_code(flag.level), wording.of(flag, numbers.get(flag.session_id))) for flag in flags],
    }


@for_practitioners
@never_cache
def record(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    patient = patient_of(request, id, now)
    require(can_record_session(request.user, patient, now))
    last = visible_sessions(request.user, now).standing().of(patient).latest_first().first()
    again = last if request.GET.get("as") == "last" else None
    form = RecordingForm(request.POST if request.method == "POST" else None, now=now, by=request.user, again=again)
    if form.is_valid() and recorded(request.user, patient, form, now):
        success(request, _("The session is recorded. Its follow-up is counted from its end."))
        return redirect("patients-show", id)
    return render(request, "patients/record.html", {"form": form, "patient": patient, "last": last, "again": again})


def recorded(user, patient, form, now):
    """Record what the form says; answer False, with the reason, where that instant or the form's id is taken."""
    try:
        sessions.record(by=user, now=now, patient=patient, id=form.cleaned_data["id"], **form.answers)
    except sessions.SessionAtThatInstant:
        form.refuse_instant()
        return False
    except sessions.RecordedOtherwise:
        form.refuse_repeat()
        return False
    return True
