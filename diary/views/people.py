"""Accounts for admins: who is here, who is invited, whose credential needs checking. Never a diary."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diary import roster
from diary.actions import accounts, hours, signins
from diary.actions import people as actions
from diary.actions.handovers import HandoverNeeded
from diary.forms.people import CredentialForm, HandoverForm, LeaveForm, PersonForm, RoleForm, StandInForm
from diary.parts.invitations import hand_over
from diary.permissions import (
    can_change_role,
    has_second_step,
    visible_absences,
    visible_colleagues,
    visible_covers,
    visible_people,
    visible_practitioners,
)
from diary.reliance import reliance_on
from diary.views import SignedIn, for_admins

PAGE = 50


@for_admins
def list(request: SignedIn) -> HttpResponse:
    now, status = timezone.now(), request.GET.get("status", "")
    words = request.GET.get("q", "").replace("\0", "").strip()
    rows = roster.listed(request.user, status, now).matching(words)
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "words": words,
        "status": status,
        "statuses": roster.STATUSES.items(),
        "now": now,
        "today": now.date(),
        "soon": now.date() + roster.WARN_BEFORE,
        **roster.to_do(request.user, now),
    }
    return render(request, "people/list.html", context)


@for_admins
def show(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    person = get_object_or_404(visible_people(request.user, now).with_credential().with_lock(now), pk=id)
    practitioner = visible_practitioners(request.user, now).select_related("practice").filter(pk=id).first()
    credentials = practitioner.credentials.select_related("checked_by").order_by("-expires_on") if practitioner else []
    context = {
        "person": person,
        "practitioner": practitioner,
        "credentials": credentials,
        "now": now,
        "today": now.date(),
        "second_step": has_second_step(request.user, person),
        "other_role": other_role(request.user, person),
        **(in_place_of(request.user, practitioner, now) if practitioner else {}),
    }
    return render(request, "people/show.html", context)


def in_place_of(user, practitioner, now):
    """Return when somebody is away, and who reads in their place, now or later: each with whether they can."""
    days, named = visible_absences(user, now), visible_covers(user, now).coming(now)
    covers: Any = [*named.filter(practitioner=practitioner.pk).select_related("covered_by")]
    colleagues = {*visible_colleagues(practitioner, now).values_list("pk", flat=True)} if covers else ()
    for one in covers:
        one.reads = one.covered_by_id in colleagues
    return {
        "days": days.filter(practitioner=practitioner).ending_from(hours.day_of(now, practitioner.hours_zone)),
        "covers": covers,
    }


def other_role(user, person):
    """Return the role that an admin may give a person instead of theirs, if any."""
    return next((role for role in ("practitioner", "admin") if can_change_role(user, person, role)), None)


@for_admins
def invite(request: SignedIn) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if form.is_valid():
        return hand_over(request, accounts.invite(by=request.user, now=timezone.now(), **form.cleaned_data))
    return render(request, "people/invite.html", {"form": form})


@for_admins
def verify(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    practitioner = get_object_or_404(visible_practitioners(request.user, now).select_related("user"), pk=id)
    form = CredentialForm(request.POST or None, today=now.date())
    if form.is_valid():
        accounts.verify(by=request.user, now=now, practitioner=practitioner, **form.cleaned_data)
        messages.success(request, _("The credential is noted as checked today, by you."))
        return redirect("people-show", id)
    return render(request, "people/verify.html", {"form": form, "person": practitioner.user})


@for_admins
def deactivate(request: SignedIn, id: int) -> HttpResponse:
    """Say what an account leaves behind, ask who takes over, and close it."""
    now = timezone.now()
    person = get_object_or_404(visible_people(request.user, now), pk=id)
    if not person.is_active:  # closed already: pressed twice, or by another admin meanwhile
        return redirect("people-show", id)
    left, form = handing_over(request, person, now)
    if request.method == "POST" and (form is None or form.is_valid()):
        return closed(request, person, form, now)
    return render(request, "people/deactivate.html", {"person": person, "left": left, "form": form})


def closed(request, person, form, now):
    try:
        accounts.deactivate(by=request.user, now=now, user=person, **(form.answers if form else {}))
    except HandoverNeeded:  # a patient has shared since the page was shown
        return redirect(request.path)
    messages.success(request, _("The account is deactivated. Nothing was deleted."))
    return redirect("people-show", person.pk)


def handing_over(request, person, now):
    """Return what rests on a practitioner, and the question who takes over where somebody shares with them."""
    if not person.is_practitioner:
        return None, None
    left = reliance_on(request.user, person, now)
    asked = HandoverForm(posted(request), colleagues=visible_colleagues(person, now)) if left.patients else None
    return left, asked


def posted(request):
    return request.POST if request.method == "POST" else None


@for_admins
@require_POST
def activate(request: SignedIn, id: int) -> HttpResponse:
    return done(request, id, accounts.activate, _("The account is active again."))


@for_admins
@require_POST
def unlock(request: SignedIn, id: int) -> HttpResponse:
    return done(request, id, signins.unlock, _("The account is open: they can sign in again at once."))


@for_admins
@require_POST
def signout(request: SignedIn, id: int) -> HttpResponse:
    return done(request, id, actions.sign_out, _("They are signed out everywhere, and their apps read nothing more."))


@for_admins
@require_POST
def reset(request: SignedIn, id: int) -> HttpResponse:
    said = _("The second step is taken off. They are signed out everywhere and were told by mail.")
    return done(request, id, actions.reset, said)


def done(request, id, act, said):
    """Do something to an account, say what, and go back to its page."""
    now = timezone.now()
    person = get_object_or_404(visible_people(request.user, now), pk=id)
    act(by=request.user, now=now, user=person)
    messages.success(request, said)
    return redirect("people-show", id)


@for_admins
def role(request: SignedIn, id: int) -> HttpResponse:
    """Say what another role brings and ends, and give it."""
    now = timezone.now()
    person = get_object_or_404(visible_people(request.user, now), pk=id)
    new = other_role(request.user, person)
    if new is None:
        raise Http404
    if request.POST.get("role", new) != new:  # given already: pressed twice, or by another admin meanwhile
        return redirect("people-show", id)
    left, form = handing_over(request, person, now) if new == "admin" else (None, role_form(request, person, now))
    if request.method == "POST" and (form is None or form.is_valid()):
        return changed(request, person, new, form, now)
    return render(request, "people/role.html", {"person": person, "new": new, "left": left, "form": form})


def changed(request, person, new, form, now):
    try:
        actions.change_role(by=request.user, now=now, user=person, role=new, **(form.answers if form else {}))
    except HandoverNeeded:  # a patient has shared since the page was shown
        return redirect(request.path)
    messages.success(request, _("The role is changed. They were signed out and told by mail."))
    return redirect("people-show", person.pk)


def role_form(request, person, now):
    """Ask for a practice where somebody is to treat who has none yet."""
    known = visible_practitioners(request.user, now).filter(pk=person.pk).exists()
    return None if known else RoleForm(posted(request))


@for_admins
def away(request: SignedIn, id: int) -> HttpResponse:
    """Note days on which a practitioner does not read, and who reads in their place."""
    now = timezone.now()
    practitioner = get_object_or_404(working(request, now), pk=id)
    person = practitioner.user
    form = about(LeaveForm, request, practitioner, now)
    if form.is_valid():
        days = {name: form.cleaned_data[name] for name in ("first_day", "last_day")}
        covered_by = form.handover.covered_by
        hours.go_away(by=request.user, now=now, practitioner=person, covered_by=covered_by, **days)
        messages.success(request, _("Noted. Patients see it where they share."))
        return redirect("people-show", id)
    left = reliance_on(request.user, person, now)
    return render(request, "people/away.html", {"person": person, "left": left, "form": form})


def about(form_class, request, practitioner, now):
    """Return a form of days of a practitioner's, and of who could stand in on them."""
    colleagues = visible_colleagues(practitioner.user, now)
    return form_class(posted(request), colleagues=colleagues, now=now, zone=practitioner.hours_zone)


def working(request, now):
    rows = visible_practitioners(request.user, now).select_related("user")
    return rows.filter(user__is_active=True, user__role="practitioner")


@for_admins
@require_POST
def back(request: SignedIn, id: int) -> HttpResponse:
    """End the days away of a practitioner, those to come too."""
    now = timezone.now()
    practitioner = get_object_or_404(visible_practitioners(request.user, now), pk=id)
    today = hours.day_of(now, practitioner.hours_zone)
    for absence in visible_absences(request.user, now).filter(practitioner=practitioner).ending_from(today):
        hours.come_back(by=request.user, now=now, absence=absence)
    messages.success(request, _("Ended. Nobody reads in their place for these days any more."))
    return redirect("people-show", id)


@for_admins
def cover(request: SignedIn, id: int) -> HttpResponse:
    """Name who reads in a practitioner's place from now on, also in the place of one whose account is closed."""
    now = timezone.now()
    practitioner = get_object_or_404(visible_practitioners(request.user, now).select_related("user"), pk=id)
    person = practitioner.user
    form = about(StandInForm, request, practitioner, now)
    if form.is_valid():
        hours.cover(by=request.user, now=now, practitioner=person, covered_by=form.covered_by,
                    starts_at=now, last_day=form.cleaned_data["last_day"])  # fmt: skip
        messages.success(request, _("Noted. Patients see who reads in their place."))
        return redirect("people-show", id)
    left = reliance_on(request.user, person, now)
    return render(request, "people/cover.html", {"person": person, "left": left, "form": form})


@for_admins
@require_POST
def uncover(request: SignedIn, id: int) -> HttpResponse:
    """End it that others read in a practitioner's place."""
    now = timezone.now()
    practitioner = get_object_or_404(visible_practitioners(request.user, now), pk=id)
    for standing in visible_covers(request.user, now).coming(now).filter(practitioner=practitioner.pk):
        hours.uncover(by=request.user, now=now, cover=standing)
    messages.success(request, _("Ended. Those diaries are closed again."))
    return redirect("people-show", id)
