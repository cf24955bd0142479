"""The start: everybody lands on their own work; who has still to say when they read, on that."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from diary.permissions import has_hours

STARTS = {"patient": "today-show", "practitioner": "worklist-show", "admin": "people-list"}


@login_not_required
def show(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated and request.user.role == "practitioner" and not has_hours(request.user):
        return redirect("hours-amend")
    if request.user.is_authenticated:
        return redirect(STARTS[request.user.role])
    return render(request, "home/show.html")
