"""What more than one page holds, each part once: a chart, a sheet, a conversation, what was said, a link handed on.

A view asks for a part, and pages stay independent of one another.
"""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from diary.models import User


class SignedIn(HttpRequest):
    """A request of somebody who has signed in: LoginRequiredMiddleware lets nobody else reach a page."""

    user: "User"
