"""What was typed while signed out: still here after signing in, and sent by one button."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from diary.typed import HELD, held_by
from diary.views import SignedIn


@never_cache
def show(request: SignedIn) -> HttpResponse:
    """Show what waits to be sent; POST throws it away."""
    typed = held_by(request.session, request.user.pk)
    if request.method == "POST":
        request.session.pop(HELD, None)
    if request.method == "POST" or typed is None:
        return redirect("home-show")
    return render(request, "typed/show.html", {"typed": typed})
