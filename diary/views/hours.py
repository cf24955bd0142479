"""When I read, when I am away, and who reads in my place."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from diary.actions import hours
from diary.actions.diaries import StaleEdit
from diary.forms.hours import AwayForm, CoverForm, HoursForm
from diary.permissions import has_hours, visible_absences, visible_colleagues, visible_covers, visible_practitioners
from diary.views import SignedIn, for_practitioners


@for_practitioners
@never_cache
def show(request: SignedIn) -> HttpResponse:
    now, mine = timezone.now(), me(request)
    covers: Any = visible_covers(request.user, now).coming(now).select_related("practitioner", "covered_by")
    colleagues = {*visible_colleagues(request.user, now).values_list("pk", flat=True)}
    for one in covers:
        one.reads = one.covered_by_id in colleagues or one.covered_by_id == mine.pk
    in_place = {cover.absence_id: cover for cover in covers if cover.absence_id}
    days = visible_absences(request.user, now).ending_from(hours.day_of(now, mine.hours_zone))
    context = {
        "mine": mine,
        "away": [(absence, in_place.get(absence.pk)) for absence in days],
        "covers": [cover for cover in covers if cover.practitioner_id == mine.pk and not cover.absence_id],
        "standing_in": [cover for cover in covers if cover.covered_by_id == mine.pk],
        "now": now,
    }
    return render(request, "hours/show.html", context)


def me(request):
    rows = visible_practitioners(request.user, timezone.now()).select_related("user")
    return rows.prefetch_related("openings", "absences").get(pk=request.user.pk)


@for_practitioners
@never_cache
def amend(request: SignedIn) -> HttpResponse:
    now, first = timezone.now(), not has_hours(request.user)
    form = HoursForm(request.POST if request.method == "POST" else None, practitioner=me(request))
    stale = form.is_valid() and not saved(request, form, now)
    if form.is_bound and form.is_valid() and not stale:
        messages.success(request, _("Your reading hours are saved. Patients see them where they share with you."))
        return redirect("home-show" if first else "hours-show")
    return render(request, "hours/amend.html", {"form": form, "first": first, "stale": stale})


def saved(request, form, now):
    """Save the hours as typed; answer False where others were saved since the page was opened."""
    version = request.POST.get("version")
    try:
        hours.save(by=request.user, now=now, practitioner=request.user, version=version, **form.answers)
    except StaleEdit:
        return False
    return True


def asked(request, form_class, now):
    """Return a form of who could stand in, in the practitioner's zone."""
    data = request.POST if request.method == "POST" else None
    colleagues = visible_colleagues(request.user, now)
    return form_class(data, colleagues=colleagues, now=now, zone=me(request).hours_zone)


@for_practitioners
@never_cache
def away(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    form = asked(request, AwayForm, now)
    if form.is_valid():
        days = {name: form.cleaned_data[name] for name in ("first_day", "last_day")}
        hours.go_away(by=request.user, now=now, practitioner=request.user, covered_by=form.covered_by, **days)
        messages.success(request, _("Noted. Your patients see it where they share with you."))
        return redirect("hours-show")
    return render(request, "hours/away.html", {"form": form})


@for_practitioners
@require_POST
def back(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    absence = get_object_or_404(visible_absences(request.user, now), pk=id)
    hours.come_back(by=request.user, now=now, absence=absence)
    messages.success(request, _("Ended. Nobody reads in your place for these days any more."))
    return redirect("hours-show")


@for_practitioners
@never_cache
def cover(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    form = asked(request, CoverForm, now)
    if form.is_valid():
        hours.cover(by=request.user, now=now, practitioner=request.user, covered_by=form.covered_by,
                    starts_at=now, last_day=form.cleaned_data["last_day"])  # fmt: skip
        messages.success(request, _("Noted. Your patients see who reads in your place."))
        return redirect("hours-show")
    return render(request, "hours/cover.html", {"form": form})


@for_practitioners
@require_POST
def uncover(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    standing = get_object_or_404(visible_covers(request.user, now), pk=id)
    hours.uncover(by=request.user, now=now, cover=standing)
    messages.success(request, _("Ended. Those diaries are closed again."))
    return redirect("hours-show")
