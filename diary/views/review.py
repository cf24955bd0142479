"""One flag before a practitioner: why it is there, what is known, what was done. Opening it is a read of the diary."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from diary import reports, watching, wording, worklist
from diary.actions import flags, shares
from diary.actions.life import is_undoable
from diary.forms.reviews import ACTS, HandleForm, ReopenForm
from diary.parts.charts import chart_of
from diary.parts.words import shared_intake, with_words
from diary.permissions import can_undo, visible_entries, visible_flags, visible_sessions
from diary.views import SignedIn, for_practitioners

RECENT = 8


@for_practitioners
@never_cache
def show(request: SignedIn, id: object) -> HttpResponse:
    now = timezone.now()
    return page(request, flag_of(request, id, now), now)


@for_practitioners
@require_POST
@never_cache
def handle(request: SignedIn, id: object) -> HttpResponse:
    now = timezone.now()
    flag, form = flag_of(request, id, now), HandleForm(request.POST)
    if not form.is_valid():
        return page(request, flag, now, form=form)
    try:
        flags.handle(by=request.user, now=now, flag=flag, **form.cleaned_data)
    except flags.AlreadyHandled:
        return page(request, flag_of(request, id, now), now, form=form, late=True)
    except flags.HasRisen:
        return page(request, flag_of(request, id, now), now, form=form, risen=True)
    messages.success(request, _("Noted. You can undo this today."))
    return redirect("review-show", id)


@for_practitioners
@require_POST
@never_cache
def reopen(request: SignedIn, id: object) -> HttpResponse:
    now = timezone.now()
    flag, form = flag_of(request, id, now), ReopenForm(request.POST)
    if not form.is_valid():
        return page(request, flag, now, reopening=form)
    try:
        flags.reopen(by=request.user, now=now, flag=flag, **form.cleaned_data)
    except flags.AlreadyHandled:
        messages.info(request, _("Somebody else has reopened it already."))
    except flags.OpenAlready as instead:
        return open_already(request, instead.flag)
    return redirect("review-show", id)


@for_practitioners
@require_POST
def undo(request: SignedIn, id: object) -> HttpResponse:
    now = timezone.now()
    try:
        flags.undo(by=request.user, now=now, flag=flag_of(request, id, now))
    except flags.OpenAlready as instead:
        return open_already(request, instead.flag)
    messages.success(request, _("Your last step is undone. Both stay in the history."))
    return redirect("review-show", id)


def open_already(request, flag):
    messages.info(request, _("This has become more pressing since, and this newer flag tells it: it is open already."))
    return redirect("review-show", flag.pk)


def flag_of(request, id, now):
    flags = visible_flags(request.user, now).select_related("patient", "session", "handled_by", "escalation")
    return get_object_or_404(flags, pk=id)


def page(request, flag, now, form=None, reopening=None, late=False, risen=False):
    """Show a flag with what was typed; `late` says that another person was first, `risen` that it is worse by now."""
    shares.look(by=request.user, now=now, patient=flag.patient)
    context = {
        "flag": flag,
        "form": form or HandleForm(),
        "reopening": reopening or ReopenForm(),
        "acts": ACTS,
        "late": late,
        "risen": risen,
        "now": now,
        **said(request.user, flag, now),
        **done(request.user, flag, now),
        **known(request.user, flag, now),
        **(chart_of(request, flag.patient, now) if request.method == "GET" and flag.patient.is_active else {}),
        "following": following(request.user, flag, now),
    }
    return render(request, "review/show.html", context, status=409 if late or risen else 200)


def said(user, flag, now):
    """Return a flag in words."""
    sessions = reports.in_order(visible_sessions(user, now).of(flag.patient))
    number = reports.numbers(sessions).get(flag.session_id)
    level = wording.level_code(flag.level)
    return {"number": number, "level": level, "words": wording.of(flag, number)}


def done(user, flag, now):
    """Return what people did about a flag, and whom it reached."""
    steps = list(flag.steps.select_related("by"))
    mailed = list(flag.notifications.select_related("recipient").order_by("due_at", "pk"))
    return {
        "outcome": wording.OUTCOME.get(flag.outcome),
        "steps": [(step, wording.OUTCOME.get(step.action)) for step in steps],
        "undoable": bool(steps) and may_undo(user, steps[-1], now),
        "mailed": mailed,
        "reach": watching.reach(flag, mailed),
    }


def known(user, flag, now):
    """Return what is known of the patient: the entries behind the flag, the latest ones, the background."""
    return {
        "intake": shared_intake(user, flag.patient, now),
        "evidence": entries_of(user, flag, now),
        "recent": recent(user, flag.patient, now),
    }


def may_undo(user, step, now):
    return can_undo(user, step) and is_undoable(step, now, user.time_zone)


def entries_of(user, flag, now):
    """Return the entries on which a flag rests, in the order of its evidence, withdrawn ones too."""
    rows = {str(entry.pk): entry for entry in visible_entries(user, now).filter(pk__in=flag.evidence)}
    return with_words(user, [rows[id] for id in flag.evidence if id in rows], now)


def recent(user, patient, now):
    return with_words(user, list(visible_entries(user, now).standing().of(patient).latest_first()[:RECENT]), now)


def following(user, flag, now):
    """Return the flag to do after this one on the worklist, the first where this one is not on it; None at its end."""
    todo = [one for one in worklist.listed(user, now) if one.holds and one.status == "open"]
    keys = [UUID(str(one.id)) for one in todo]
    place = keys.index(flag.pk) + 1 if flag.pk in keys else 0
    return (keys[place], todo[place].name) if place < len(keys) else None
