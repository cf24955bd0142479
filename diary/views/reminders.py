"""How I am reminded: by mail, in a calendar, on Today; quiet hours, a pause, off in one click."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from diary import pushing, reports
from diary.actions import reminders
from diary.forms.reminders import RemindersForm
from diary.permissions import plan_of, visible_subscriptions
from diary.views import SignedIn, for_patients

FRESH = "calendar"
PAUSES = {"0": 0, "1": 1, "7": 7}


@for_patients
@never_cache
def amend(request: SignedIn) -> HttpResponse:
    person, now = request.user, timezone.now()
    plan = plan_of(person)
    form = RemindersForm(request.POST if request.method == "POST" else None, plan=plan)
    if form.is_valid():
        reminders.save(by=person, now=now, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("reminders-amend")
    snoozed = plan.snoozed_until if plan.snoozed_until and plan.snoozed_until > now else None
    context = {"form": form, "plan": plan, "snoozed": snoozed, "now": now, "check_in_at": upcoming(person, now)}
    context |= {"address": request.session.pop(FRESH, None), **browsers(request, now)}
    return render(request, "reminders/amend.html", context)


def browsers(request, now):
    """Return which browsers show reminders, and the key that a browser asks for; nothing where the site has none."""
    if not settings.VAPID_PRIVATE_KEY:
        return {}
    known = [one for one in visible_subscriptions(request.user, now).select_related("session") if one.is_live()]
    here = [one for one in known if one.session.session_key == request.session.session_key]
    return {"browsers": known, "here": here, "push_key": pushing.public_text(settings.VAPID_PRIVATE_KEY)}


def upcoming(person: Any, now: datetime) -> datetime | None:
    sessions = reports.own_sessions(person, now)
    said = reports.latest(person, now)
    standing = reports.standing(person, now)
    return reports.next_check_in(person, reports.session_before(sessions, now), said, standing, now)


@for_patients
@require_POST
def snooze(request: SignedIn) -> HttpResponse:
    days = PAUSES.get(request.POST.get("days", ""))
    if days is not None:
        reminders.snooze(by=request.user, now=timezone.now(), days=days)
        messages.success(request, _("Paused.") if days else _("The pause is over."))
    return redirect("reminders-amend")


@for_patients
@require_POST
def renew(request: SignedIn) -> HttpResponse:
    """Make the calendar's address, and show it once: it is kept only as a digest."""
    token = reminders.renew_calendar(by=request.user, now=timezone.now())
    request.session[FRESH] = settings.SITE_URL + reverse("calendar-show", args=[token])
    return redirect("reminders-amend")


@for_patients
@require_POST
def revoke(request: SignedIn) -> HttpResponse:
    reminders.revoke_calendar(by=request.user, now=timezone.now())
    messages.success(request, _("The address opens nothing any more. You can remove the calendar from your program."))
    return redirect("reminders-amend")


@login_not_required
@csrf_exempt  # a mail program posts here by itself (RFC 8058); the link is the proof
@never_cache
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Turn mails off without signing in. Opening the page changes nothing: mail scanners open links too."""
    patient = reminders.patient_of(token)
    if patient is None:
        raise Http404
    if request.method == "POST":
        reminders.stop_mail(of=patient, now=timezone.now())
    return render(request, "reminders/stop.html", {"done": request.method == "POST", "token": token})
