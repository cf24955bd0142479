"""Every component on one page, in the demo practice only."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from diary.charts import Course
from diary.clinical.trends import Settling
from diary.clinical.weeks import Week
from diary.forms.style import StyleForm
from diary.views import SignedIn

DAY = timedelta(days=1)


def show(request: SignedIn) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    now = timezone.now()
    form = StyleForm(request.POST or None, now=now, person=request.user)
    return render(request, "style/show.html", {"form": form} | made_up(now))


def made_up(now: datetime) -> dict[str, Any]:
    """Return what the components show: sessions that settled or did not, weeks with a gap, a row, a page."""
    ends = [Settling("settled", 18.0), Settling("unknown"), Settling("never sore"), Settling("still sore")]
    return {
        "courses": [course(place, settling, now) for place, settling in enumerate(ends)],
        "weeks": [week(place, now.date()) for place in range(6)],
        "work": [row()],
        "page": Paginator(range(60), 20).page(2),
    }


def course(place: int, settling: Settling, now: datetime) -> Course:
    ended = now - (4 - place) * 7 * DAY
    return Course(UUID(int=place), place + 1, ended, ended + 7 * DAY, [(2.0, 5), (30.0, 3)], None, settling)


def week(place: int, today: date) -> Week:
    monday = today - today.weekday() * DAY - (5 - place) * 7 * DAY
    if place == 2:
        return Week(monday, 0, None, None, None, ())
    return Week(monday, 5, 5 - place // 2, 6.0 - place // 2, 8 - place, (place + 1,))


def row() -> SimpleNamespace:
    return SimpleNamespace(
        url="#",
        name="Rosa Marin",
        place=_("day 1 of session 2"),
        title=_("Severe pain since session 3"),
        urgency="urgent",
        looked=_("Harbour Street"),
        mark="60",
        line="M4 20L40 16L80 18L116 4",
        scores="4 → 8",
        age=_("since Tuesday"),
    )
