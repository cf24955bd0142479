"""Accounts for admins: who is here, who is invited, whose credential needs checking. Never a diary."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from diary.actions import accounts
from diary.forms.people import CredentialForm, PersonForm
from diary.permissions import visible_invitations, visible_people, visible_practitioners
from diary.views import SignedIn, for_admins, hand_over

WARN_BEFORE = timedelta(days=28)
PAGE = 50
STATUSES = {
    "": gettext_lazy("Everybody"),
    "active": gettext_lazy("Active"),
    "invited": gettext_lazy("Invited"),
    "deactivated": gettext_lazy("Deactivated"),
    "to-verify": gettext_lazy("To verify"),
    "expiring": gettext_lazy("Expires within 28 days"),
}


@for_admins
def list(request: SignedIn) -> HttpResponse:
    now, words, status = (
        timezone.now(),
        request.GET.get("q", "").replace("\0", "").strip(),
        request.GET.get("status", ""),
    )
    people = visible_people(request.user, now)
    rows = invited(request, now) if status == "invited" else in_status(people, status, now.date())
    page = Paginator(rows.matching(words), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "words": words,
        "status": status,
        "statuses": STATUSES.items(),
        "today": now.date(),
        "soon": now.date() + WARN_BEFORE,
        "to_verify": in_status(people, "to-verify", now.date()).count(),
        "expiring": in_status(people, "expiring", now.date()).count(),
    }
    return render(request, "people/list.html", context)


def invited(request, now):
    return visible_invitations(request.user, now).usable(now).select_related("invited_by")


def in_status(people, status, today):
    """Return the people of one status, or everybody, by name, with the day until which a credential counts."""
    narrowed = {
        "active": people.active,
        "deactivated": people.inactive,
        "to-verify": lambda: people.to_verify(today),
        "expiring": lambda: people.expiring(today, today + WARN_BEFORE),
    }.get(status, people.all)
    return narrowed().with_credential().order_by("name", "pk")


@for_admins
def show(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    person = get_object_or_404(visible_people(request.user, now).with_credential(), pk=id)
    practitioner = visible_practitioners(request.user, now).select_related("practice").filter(pk=id).first()
    credentials = practitioner.credentials.select_related("checked_by").order_by("-expires_on") if practitioner else []
    context = {"person": person, "practitioner": practitioner, "credentials": credentials, "today": now.date()}
    return render(request, "people/show.html", context)


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
@require_POST
def deactivate(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    person = get_object_or_404(visible_people(request.user, now), pk=id)
    accounts.deactivate(by=request.user, now=now, user=person)
    messages.success(request, _("The account is deactivated. Nothing was deleted."))
    return redirect("people-show", id)


@for_admins
@require_POST
def activate(request: SignedIn, id: int) -> HttpResponse:
    now = timezone.now()
    person = get_object_or_404(visible_people(request.user, now), pk=id)
    accounts.activate(by=request.user, now=now, user=person)
    messages.success(request, _("The account is active again."))
    return redirect("people-show", id)
