"""For a practice's record system: flags as cards of CDS Hooks."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from diary import reports
from diary.actions import shares
from diary.permissions import visible_flags, visible_patients, visible_sessions
from diary.programs import cards
from diary.programs.answers import Asked, Problem, body_of, for_programs, open_to_all

BIGGEST = 2**63 - 1


@require_safe
@open_to_all
def list(request: HttpRequest) -> HttpResponse:
    return JsonResponse(cards.services())


@for_programs("practitioner", "shared", "flags", method="POST")
def show(request: Asked) -> HttpResponse:
    """Answer a `patient-view` with a card for each flag that waits, the most pressing first; a look like any other."""
    now = timezone.now()
    patient = get_object_or_404(visible_patients(request.user, now), pk=patient_in(body_of(request)))
    shares.look(by=request.user, now=now, patient=patient)
    waiting = visible_flags(request.user, now).of(patient).on_worklist().order_by("-level", "-fired_at", "pk")
    numbers = reports.numbers(reports.in_order(visible_sessions(request.user, now).of(patient)))
    return JsonResponse({"cards": [*cards.cards(waiting, numbers)]})


def patient_in(said: dict) -> int:
    """Return whose chart is opened, from the hook's context. Raises Problem."""
    context = said.get("context")
    id = str(context.get("patientId", "")) if isinstance(context, dict) else ""
    if said.get("hook") != cards.HOOK or not (id.isascii() and id.isdigit() and len(id) < 20 and int(id) <= BIGGEST):
        raise Problem(400, "hook is patient-view, context.patientId a patient's id of this API.")
    return int(id)
