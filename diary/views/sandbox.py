"""A practitioner tries other thresholds on past diaries. Nothing is saved and no diary opened: names and flags only."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from diary import comparing, wording
from diary.forms.sandbox import SandboxForm
from diary.views import SignedIn, for_practitioners


@for_practitioners
@never_cache
def show(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    form = SandboxForm(request.GET or None)
    trial = comparing.tried(request.user, form.thresholds, now) if form.is_valid() else None
    context = {
        "form": form,
        "trial": trial,
        "limits": {"patients": comparing.PATIENTS, "entries": comparing.ENTRIES},
        "lines": [line for line in trial.lines if line.before or line.after] if trial else [],
        "differences": [worded(one) for one in trial.differences] if trial else [],
    }
    return render(request, "sandbox/show.html", context)


def worded(one: comparing.Difference) -> dict[str, Any]:
    """Return a difference as the page shows it: whose, which rule, when, and both levels ("" where not flagged)."""
    told = one.pair.either
    rule, _subject, symptom, _code = told.about
    return {
        "patient": one.patient,
        "rule": wording.RULES[rule].name,
        "symptom": wording.SYMPTOM.get(symptom, ""),
        "fired_at": datetime.fromtimestamp(told.fired_at, UTC),
        "before": one.pair.before.level if one.pair.before else "",
        "after": one.pair.after.level if one.pair.after else "",
        "later": moved_to(one.pair),
        "flag": one.flag,
    }


def moved_to(pair: comparing.Pair) -> datetime | None:
    """Return when it would have fired, where that is another moment than it did."""
    if pair.before is None or pair.after is None or pair.before.fired_at == pair.after.fired_at:
        return None
    return datetime.fromtimestamp(pair.after.fired_at, UTC)
