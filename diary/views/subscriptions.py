"""My browsers that show reminders: only where the site has a key to send them with."""

from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from diary.actions import reminders
from diary.forms.subscriptions import SubscriptionForm
from diary.permissions import visible_subscriptions
from diary.views import SignedIn, for_patients


@for_patients
@require_POST
def add(request: SignedIn) -> HttpResponse:
    """Keep where this browser takes reminders, as its script says; its worker says in silence that this has changed."""
    form, key = SubscriptionForm(request.POST), request.session.session_key or ""
    if not settings.VAPID_PRIVATE_KEY:
        raise Http404
    if form.is_valid() and form.cleaned_data["renews"]:
        reminders.subscribe(by=request.user, now=timezone.now(), session_key=key, **form.cleaned_data)
        return HttpResponse(status=204)
    if form.is_valid():
        UserSession.objects.create_from_request(request)  # where there is none yet
        reminders.subscribe(by=request.user, now=timezone.now(), session_key=key, **form.cleaned_data)
        messages.success(request, _("This browser shows your reminders from now on."))
    else:
        messages.error(request, _("Nothing was changed: this browser did not say where reminders would reach it."))
    return redirect("reminders-amend")


@for_patients
@require_POST
def revoke(request: SignedIn, id: UUID) -> HttpResponse:
    now = timezone.now()
    subscription = get_object_or_404(visible_subscriptions(request.user, now), pk=id)
    reminders.unsubscribe(by=request.user, now=now, subscription=subscription)
    messages.success(request, _("That browser shows no more reminders."))
    return redirect("reminders-amend")
