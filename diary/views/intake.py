"""What is usual for me, and what my practitioner must know."""

from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from diary.actions import intakes
from diary.actions.diaries import StaleEdit
from diary.forms.intake import STEPS, IntakeForm
from diary.permissions import visible_intakes
from diary.views import SignedIn, for_patients


@for_patients
@never_cache
def amend(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    intake = get_object_or_404(visible_intakes(request.user, now))
    form = IntakeForm(request.POST if request.method == "POST" else None, intake=intake)
    stale = form.is_valid() and not saved(request, form, now)
    if form.is_bound and form.is_valid() and not stale:
        messages.success(request, _("Saved."))
        return redirect("intake-amend")
    context = {"form": form, "intake": intake, "wrong": form.wrong(), "stale": stale}
    return render(request, "intake/amend.html", context)


def saved(request: SignedIn, form: IntakeForm, now: datetime) -> bool:
    """Save what is typed; answer False, the form then knowing what stands, where that was changed meanwhile."""
    try:
        intakes.save(by=request.user, now=now, version=request.POST.get("version"), **form.answers)
    except StaleEdit as changed:
        form.intake = changed.current
        return False
    return True


@for_patients
@never_cache
def step(request: SignedIn, step: int) -> HttpResponse:
    """One topic of the way in; each is saved by itself, so that leaving half-way loses nothing."""
    if not 1 <= step <= len(STEPS):
        raise Http404
    now, topic = timezone.now(), STEPS[step - 1]
    intake = get_object_or_404(visible_intakes(request.user, now))
    form = IntakeForm(request.POST if request.method == "POST" else None, intake=intake, only=topic.names)
    stale = form.is_valid() and not saved(request, form, now)
    if form.is_bound and form.is_valid() and not stale:
        return redirect(f"{place(step - 1 if request.POST.get('go') == 'back' else step + 1)}?saved={step}")
    context = {"form": form, "topic": topic, "step": step, "steps": len(STEPS), "stale": stale}
    context |= {"before": place(step - 1) if step > 1 else "", "after": place(step + 1)}
    return render(request, "intake/step.html", context)


def place(step: int) -> str:
    """Return the address of a step; past the last one it is Today."""
    return reverse("intake-step", args=[max(step, 1)]) if step <= len(STEPS) else reverse("today-show")
