"""An invitation handed on: by mail, and once on the next page."""

from django.contrib.messages import warning
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from diary import notices
from diary.actions.accounts import Invited
from diary.parts import SignedIn

FRESH = "invited"
"""In the session: the link and the code of the invitation just made, until the next page has shown them."""


def hand_over(request: SignedIn, invited: Invited) -> HttpResponse:
    """Mail an invitation's link, and keep link and code in the session until the next page has shown them once.

    Not by the outbox: a row of it would hold the link, of which the database is to know no more than a digest.
    """
    link = request.build_absolute_uri(reverse("join-show", args=[invited.token]))
    try:
        notices.accounts.invitation(invited.invitation, link).send()
    except (OSError, ValueError):  # SMTP's own errors are OSErrors too; an address that no mail can carry, a ValueError
        warning(request, _("The mail could not be sent. Pass the link on yourself."))
    request.session[FRESH] = {"id": str(invited.invitation.pk), "link": link, "code": invited.code}
    return redirect("invitations-show", invited.invitation.pk)
