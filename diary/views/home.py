"""The start: everybody lands on their own work."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

STARTS = {"patient": "today-show", "practitioner": "worklist-show", "admin": "people-list"}


@login_not_required
def show(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(STARTS[request.user.role])
    return render(request, "home/show.html")
