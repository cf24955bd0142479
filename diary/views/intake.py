"""What is usual for me, and what my practitioner must know."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from diary.actions import intakes
from diary.forms.intake import IntakeForm
from diary.permissions import visible_intakes
from diary.views import SignedIn, for_patients


@for_patients
@never_cache
def amend(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    intake = get_object_or_404(visible_intakes(request.user, now))
    form = IntakeForm(request.POST if request.method == "POST" else None, intake=intake)
    if form.is_valid():
        intakes.save(by=request.user, now=now, **form.answers)
        messages.success(request, _("Saved."))
        return redirect("intake-amend")
    return render(request, "intake/amend.html", {"form": form, "intake": intake, "wrong": form.wrong()})
