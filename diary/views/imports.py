"""A diary that is brought along: a file looked at, then taken in as a whole."""

import json
from dataclasses import asdict
from uuid import UUID

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from diary.actions import imports, planning
from diary.actions.imports import TOLD_OF, ChangedMeanwhile, NotAsRead
from diary.forms.imports import JSON, FileForm, ReadingForm
from diary.importing import cells, document, heads, lines, table
from diary.importing.wrongs import Unreadable
from diary.permissions import visible_entries, visible_flags, visible_imports, visible_sessions
from diary.reports import in_order, numbers
from diary.templatetags.exports import TITLES
from diary.views import SignedIn, for_patients

CAP = 30


@for_patients
@never_cache
def add(request: SignedIn) -> HttpResponse:
    now, wrong, status = timezone.now(), None, 200
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if form.is_valid() and not consume(request, action="import"):
        late = _(
            "Please wait a few minutes, then try again; after an hour at the latest it works. "
            "Nothing you saved is lost."
        )
        form.add_error(None, late)
        status = 429
    if form.is_valid():
        try:
            return redirect("imports-show", looked_at(request, form, now).pk)
        except Unreadable as unreadable:
            wrong = unreadable
    waiting = visible_imports(request.user, now).waiting().first()
    done = visible_imports(request.user, now).exclude(taken_at=None)[:CAP]
    context = {"form": form, "wrong": wrong, "waiting": waiting, "done": done, "zone": request.user.time_zone}
    return render(request, "imports/add.html", context, status=status)


def looked_at(request, form, now):
    person, kind = request.user, form.cleaned_data["kind"]
    if kind == JSON:
        found = document.read(form.content(document.BYTES), now)
        text = json.dumps(found.parts)
        return imports.look_at(by=person, now=now, kind=kind, text=text, digest=found.digest, choices=found.others)
    content = form.content(table.BYTES)
    reading = heads.guessed(table.opened(content), person.time_zone)
    return imports.look_at(by=person, now=now, kind=kind, text=table.decoded(content), choices=asdict(reading))


@for_patients
@never_cache
def show(request: SignedIn, id: UUID) -> HttpResponse:
    """Show what taking a file in would do, or has done; how a table is read can be changed here."""
    person, now = request.user, timezone.now()
    taken = get_object_or_404(visible_imports(person, now), pk=id)
    context = {"taken": taken, "zone": person.time_zone}
    if taken.taken_at:
        return render(request, "imports/show.html", context | done(person, taken, now))
    if taken.kind == JSON:
        if request.method == "POST":
            return redirect("imports-show", id)
        others = [(TITLES[key], count) for key, count in taken.choices.items() if key in TITLES]
        made = planning.plan(person, json.loads(taken.text))
        return render(request, "imports/show.html", context | {"plan": made, "others": others})
    return show_table(request, taken, now, context)


def show_table(request, taken, now, context):
    brought = table.of(taken.text)
    reading = heads.Reading(**taken.choices)
    written = [(way, said) for way, (said, _shape) in cells.DATES.items()]
    data = request.POST if request.method == "POST" else None
    kinds = [*heads.FIELDS.items()]
    form = ReadingForm(data, head=brought.head, reading=reading, kinds=kinds, written=written)
    if form.is_valid():
        imports.choose(by=request.user, taken=taken, choices=form.reading)
        return redirect("imports-show", taken.pk)
    rows = lines.read(brought, reading, request.user, now)
    wrong = None
    if not heads.is_enough(reading):
        wrong, rows = Unreadable(_("Say below which column is the pain, and which is the date.")), lines.Rows([])
    elif rows.wrongs:
        wrong = Unreadable(
            _("Some lines cannot be read. Put them right in the file, or change how it is read."), rows.wrongs
        )
    made = planning.plan(request.user, as_parts(rows, reading))
    said = {"form": form, "rows": rows, "wrong": wrong, "plan": made}
    return render(request, "imports/show.html", context | said)


def as_parts(rows, reading):
    return {"entries": rows.entries, "unsaid": lines.unsaid(reading)}


def done(person, taken, now):
    """Return what became of it, and what the rules found in the days of which somebody is told."""
    since = taken.taken_at - TOLD_OF
    raised = visible_flags(person, now).filter(raised_at=taken.taken_at, withdrawn_at=None)
    return {
        "is_equal": taken.digest and taken.digest == taken.result["digest"],
        "flags": [*raised.filter(fired_at__gte=since).latest_first()],
        "older": raised.filter(fired_at__lt=since).count(),
        "numbers": numbers(in_order(visible_sessions(person, now))),
    }


@for_patients
@require_POST
def confirm(request: SignedIn, id: UUID) -> HttpResponse:
    """Take a file in; signs that need care, reported in the last days, are answered at once."""
    person, now = request.user, timezone.now()
    taken = get_object_or_404(visible_imports(person, now), pk=id)
    parts = None if taken.taken_at else parts_of(taken, person, now)
    if parts is None:
        return redirect("imports-show", id)
    try:
        imports.take(by=person, now=now, taken=taken, parts=parts)
    except (ChangedMeanwhile, NotAsRead):
        messages.error(request, _("Your diary changed while the file was taken in, so nothing was. Try it again."))
        return redirect("imports-show", id)
    signs = visible_entries(person, now).filter(imported_at=now, withdrawn_at=None, observed_at__gte=now - TOLD_OF)
    urgent = signs.exclude(red_flags=[]).latest_first().first()
    return redirect("entries-advice", urgent.pk) if urgent else redirect("imports-show", id)


def parts_of(taken, person, now):
    """Return what a file says; None where a line of it cannot be read."""
    if taken.kind == JSON:
        return json.loads(taken.text)
    reading = heads.Reading(**taken.choices)
    rows = lines.read(table.of(taken.text), reading, person, now)
    return None if rows.wrongs or not rows.entries else as_parts(rows, reading)


@for_patients
@require_POST
def withdraw(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    taken = get_object_or_404(visible_imports(request.user, now), pk=id)
    imports.drop(by=request.user, taken=taken)
    messages.success(request, _("Nothing was taken in, and nothing of the file is kept."))
    return redirect("imports-add")
