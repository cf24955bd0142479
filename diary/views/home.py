"""The start: everybody lands on their own work; first on what they typed and is not sent, or on when they read."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from diary.permissions import has_hours
from diary.typed import held_by

STARTS = {"patient": "today-show", "practitioner": "worklist-show", "admin": "people-list"}


@login_not_required
def show(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated and held_by(request.session, request.user.pk):
        return redirect("typed-show")
    if request.user.is_authenticated and request.user.role == "practitioner" and not has_hours(request.user):
        return redirect("hours-amend")
    if request.user.is_authenticated:
        return redirect(STARTS[request.user.role])
    return render(request, "home/show.html")
