"""The doors: one module a noun; each function fetches, acts, answers."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from diary import notices
from diary.actions.accounts import Invited

if TYPE_CHECKING:
    from diary.models import User

INVITED = "invited"


class Request(HttpRequest):
    """What a page receives, for the type checker: nobody comes this far without signing in."""

    user: "User"


View = Callable[..., HttpResponse]


def for_role(role: str) -> Callable[[View], View]:
    """Return a decorator: for anybody in another role the page does not exist."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponse:
            if request.user.role != role:
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


for_patients = for_role("patient")
for_practitioners = for_role("practitioner")
for_admins = for_role("admin")


def hand_over(request: HttpRequest, invited: Invited) -> HttpResponse:
    """Mail an invitation's link, and keep link and code in the session until the next page has shown them once."""
    link = request.build_absolute_uri(reverse("join-show", args=[invited.token]))
    try:
        notices.invitation(invited.invitation, link).send()
    except OSError:  # SMTP's own errors are OSErrors too
        messages.warning(request, _("The mail could not be sent. Pass the link on yourself."))
    request.session[INVITED] = {"id": str(invited.invitation.pk), "link": link, "code": invited.code}
    return redirect("invitations-show", invited.invitation.pk)
