"""Writing down how one feels, reading it again, putting it right."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.paginator import Paginator
from django.db import IntegrityError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_POST

from diary import mailbox, reports
from diary.actions import entries
from diary.actions.diaries import StaleEdit
from diary.actions.entries import Logged
from diary.forms.entries import AmendForm, EntryForm
from diary.permissions import (
    visible_entries,
    visible_flags,
    visible_practices,
    visible_readers,
    visible_sessions,
)
from diary.reports import BEFORE_EVIDENCE, in_order, is_expected, is_hard, numbers, session_before
from diary.typed import asks_json
from diary.views import SignedIn, for_patients
from diary.wording import day_of

PAGE = 20


@for_patients
def list(request: SignedIn) -> HttpResponse:
    now, deleted = timezone.now(), request.GET.get("show") == "deleted"
    rows = visible_entries(request.user, now).filter(withdrawn_at__isnull=not deleted).latest_first()
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "entries/list.html", {"page": page, "deleted": deleted})


@for_patients
@cache_control(private=True, no_cache=True)  # kept for Back only: the same form is the same entry
def add(request: SignedIn) -> HttpResponse:
    """Show the form, or log what it says: a red flag is answered at once, in this response."""
    now = timezone.now()
    if request.method != "POST":
        return render(request, "entries/add.html", {"form": as_today_asks(request, now)})
    form = EntryForm(request.POST, now=now, person=request.user)
    if asks_json(request):
        return replay(request, form, now)
    if is_anothers(request):
        return refuse(request, form, now)
    if not form.is_valid():
        form = as_today_asks(request, now, request.POST)
        form.is_valid()
        return render(request, "entries/add.html", {"form": form} | numbers_to_call(request, form, now))
    return answer(request, form, logged(request, form, now), now)


def as_today_asks(request: SignedIn, now: datetime, data: Any = None) -> EntryForm:
    """Return a form that asks what Today's does: what is still there, and what was done of what was advised."""
    form = EntryForm(data, now=now, person=request.user)
    form.ask_again(reports.to_ask_again(reports.latest(request.user, now), now))
    form.advise(reports.standing(request.user, now).advised)
    return form


def replay(request: SignedIn, form: EntryForm, now: datetime) -> JsonResponse:
    """Log what waited on a device for the network, and say so to its script; never for another person than its writer.

    201 for a new entry, 200 for one that was known, 401 for another person, 409 with both where its id was used for
    something else, 422 with what is wrong.
    """
    if is_anothers(request):
        return JsonResponse({"error": "another person"}, status=401)
    if not form.is_valid():
        return JsonResponse({"error": "invalid", "fields": form.errors}, status=422)
    said = logged(request, form, now)
    entry = said.entry
    if differs(said, form):
        if not newly_ticked(form, entry):
            both = {"saved": entries.plain(entries.said(entry)), "typed": entries.plain(form.answers)}
            return JsonResponse({"error": "differs", "id": str(entry.pk)} | both, status=409)
        entry = put_first(request, entry, form, now)
    page = "entries-advice" if entry.red_flags else "entries-saved"
    return JsonResponse(
        {"id": str(entry.pk), "url": reverse(page, args=[entry.pk])}, status=201 if said.created else 200
    )


def is_anothers(request: SignedIn) -> bool:
    """Tell whether a form says that somebody else opened it, who was signed in in this browser before."""
    return request.POST.get("who", str(request.user.pk)) != str(request.user.pk)


def refuse(request: SignedIn, form: EntryForm, now: datetime) -> HttpResponse:
    """Keep nothing of what another person wrote; what they ticked is answered all the same."""
    form.is_valid()
    return render(request, "entries/refused.html", {"form": form} | numbers_to_call(request, form, now), status=403)


def differs(said: Logged, form: EntryForm) -> bool:
    """Tell whether an entry that was known already says something else than what is sent now."""
    return not said.created and not form.repeats(said.entry, first_values(said.entry))


def newly_ticked(form: EntryForm, entry: Any) -> set[str]:
    return set(form.ticked) - set(entry.red_flags)


def logged(request: SignedIn, form: EntryForm, now: datetime) -> Logged:
    try:
        return entries.log(by=request.user, now=now, id=form.cleaned_data["id"], **form.answers)
    except IntegrityError:  # the id is another person's entry: as with any id that is damaged, a new one
        return entries.log(by=request.user, now=now, id=uuid4(), **form.answers)


def answer(request: SignedIn, form: EntryForm, said: Logged, now: datetime) -> HttpResponse:
    entry = said.entry
    if differs(said, form):
        if not newly_ticked(form, entry):
            return render(request, "entries/differs.html", {"entry": entry, "form": form, "now": now})
        entry = put_first(request, entry, form, now)
    if entry.red_flags:
        return advise(request, entry, now)
    return redirect("entries-saved", entry.pk)


def put_first(request: SignedIn, entry: Any, form: EntryForm, now: datetime) -> Any:
    """Keep a red flag without asking which of two texts is meant; the first stays in the history."""
    try:
        return entries.amend(by=request.user, now=now, entry=entry, version=entry.version, **form.answers)
    except StaleEdit:  # withdrawn, or amended this very moment
        return entries.log(by=request.user, now=now, id=uuid4(), **form.answers).entry


def first_values(entry: Any) -> dict[str, Any] | None:
    first = entry.amendments.first()
    return first and first.values


def numbers_to_call(request: SignedIn, form: EntryForm, now: datetime) -> dict[str, Any]:
    return {"practice": visible_practices(request.user, now).first()} if form.ticked else {}


def advise(request: SignedIn, entry: Any, now: datetime) -> HttpResponse:
    context = {
        "entry": entry,
        "practice": visible_practices(request.user, now).first(),
        "readers": visible_readers(request.user, now),
    }
    return render(request, "entries/advice.html", context)


@for_patients
@never_cache
def advice(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    entry = get_object_or_404(visible_entries(request.user, now).exclude(red_flags=[]), pk=id)
    return advise(request, entry, now)


@for_patients
@never_cache
def saved(request: SignedIn, id: UUID) -> HttpResponse:
    person, now = request.user, timezone.now()
    entry = get_object_or_404(visible_entries(person, now), pk=id)
    if entry.withdrawn_at:
        return redirect("entries-show", entry.pk)
    sessions = reports.own_sessions(person, now)
    before, session = session_before(sessions, entry.observed_at), session_before(sessions, now)
    raised, others = reports.flags_of(entry, now)
    goes_on = visible_flags(person, now).only_seen().for_practitioners().exists()
    context = {
        "entry": entry,
        "now": now,
        "session": session,
        "raised": raised,
        "over": all(flag.status != "open" or flag.resolved_at for flag in raised),
        "others": others,
        "numbers": numbers(sessions),
        "day": before and day_of(before.ended_at, entry.observed_at, person.time_zone),
        "hard": is_hard(vars(entry)),
        "expected": is_expected(before, entry) and not goes_on,
        "letters": mailbox.unread_of(person, now),
        "check_in_at": reports.next_check_in(
            person, session, reports.latest(person, now), reports.standing(person, now), now
        ),
        "readers": visible_readers(person, now),
    }
    return render(request, "entries/saved.html", context)


@for_patients
@never_cache
def show(request: SignedIn, id: UUID) -> HttpResponse:
    person, now = request.user, timezone.now()
    entry = get_object_or_404(visible_entries(person, now), pk=id)
    near = visible_flags(person, now).filter(fired_at__gte=entry.observed_at - BEFORE_EVIDENCE)
    flags = [flag for flag in near.latest_first() if str(entry.pk) in flag.evidence]
    context = {
        "entry": entry,
        "history": [(amendment, once(amendment.values)) for amendment in entry.amendments.all()],
        "flags": flags,
        "numbers": numbers(in_order(visible_sessions(person, now))) if flags else {},
    }
    return render(request, "entries/show.html", context)


def once(values: dict[str, Any]) -> dict[str, Any]:
    return values | {"observed_at": parse_datetime(values["observed_at"])}


@for_patients
@never_cache
def at(request: SignedIn, minute: int) -> HttpResponse:
    """Show the entry of a minute since 1970, which is all that a point of a chart knows of it."""
    now = timezone.now()
    entry = visible_entries(request.user, now).standing().in_minute(minute).latest_first().first()
    if entry is None:
        raise Http404
    return redirect("entries-show", entry.pk)


@for_patients
@never_cache
def amend(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    entry = get_object_or_404(visible_entries(request.user, now), pk=id)
    if request.method != "POST":
        form = AmendForm(now=now, person=request.user, entry=entry)
        return redirect("entries-show", id) if entry.withdrawn_at else amend_page(request, form, now)
    form = AmendForm(request.POST, now=now, person=request.user, entry=entry)
    if not form.is_valid():
        return amend_page(request, form, now)
    version, newly = form.cleaned_data["version"], newly_ticked(form, entry)
    sent_twice = version != entry.version  # whoever never saw the first answer is told what to do all the same
    try:
        amended = entries.amend(by=request.user, now=now, entry=entry, version=version, **form.answers)
    except StaleEdit as stale:
        return show_both(request, stale.current, now)
    return advise(request, amended, now) if newly or (sent_twice and form.ticked) else redirect("entries-saved", id)


def amend_page(request: SignedIn, form: AmendForm, now: datetime, **context: Any) -> HttpResponse:
    context |= {"form": form, "entry": form.entry} | numbers_to_call(request, form, now)
    return render(request, "entries/amend.html", context)


def show_both(request: SignedIn, current: Any, now: datetime) -> HttpResponse:
    """Show what stands beside what was typed; nothing is replaced until it is sent again with both in sight."""
    data = request.POST.copy()
    if current.withdrawn_at:
        data["id"] = str(uuid4())
        form = EntryForm(data, now=now, person=request.user)
        return render(request, "entries/add.html", {"form": form, "gone": True} | numbers_to_call(request, form, now))
    data["version"] = current.version
    form = AmendForm(data, now=now, person=request.user, entry=current)
    return amend_page(request, form, now, stands=current)


@for_patients
@require_POST
def withdraw(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    entry = get_object_or_404(visible_entries(request.user, now), pk=id)
    entries.withdraw(by=request.user, now=now, entry=entry)
    return redirect("entries-show", id)


@for_patients
@require_POST
def restore(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    entry = get_object_or_404(visible_entries(request.user, now), pk=id)
    entries.restore(by=request.user, now=now, entry=entry)
    return redirect("entries-show", id)
