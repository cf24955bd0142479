"""A practitioner's private notes: put right, taken away, put back. They are written and read on the patient's page."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from diary.actions import notes
from diary.forms.messages import PrivateNoteForm
from diary.permissions import can_amend_note, require, visible_notes_about
from diary.views import SignedIn, for_practitioners


@for_practitioners
@never_cache
def amend(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    note = note_of(request, id, now)
    require(can_amend_note(request.user, note, now))
    form = PrivateNoteForm(request.POST) if request.method == "POST" else PrivateNoteForm(initial={"body": note.body})
    if form.is_valid():
        notes.amend(by=request.user, now=now, note=note, body=form.cleaned_data["body"])
        messages.success(request, _("Saved."))
        return redirect("patients-show", note.patient_id)
    return render(request, "notes/amend.html", {"form": form, "note": note})


@for_practitioners
@require_POST
def withdraw(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    note = note_of(request, id, now)
    notes.withdraw(by=request.user, now=now, note=note)
    messages.success(request, _("The note is deleted. You can put it back below the notes."))
    return redirect("patients-show", note.patient_id)


@for_practitioners
@require_POST
def restore(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    note = note_of(request, id, now)
    notes.restore(by=request.user, now=now, note=note)
    return redirect("patients-show", note.patient_id)


def note_of(request: SignedIn, id: UUID, now: Any) -> Any:
    return get_object_or_404(visible_notes_about(request.user, now).select_related("patient"), pk=id)
