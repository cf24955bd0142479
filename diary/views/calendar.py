"""A calendar of check-ins at an address that nobody can guess."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control

from diary import feeds
from diary.actions import reminders


@login_not_required
@cache_control(private=True, no_store=True)
def show(request: HttpRequest, token: str) -> HttpResponse:
    plan = reminders.plan_of_calendar(token)
    if plan is None:
        raise Http404
    return HttpResponse(feeds.calendar(plan, timezone.now()), content_type="text/calendar; charset=utf-8")
