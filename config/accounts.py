"""How allauth behaves here."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from diary import typed


class AccountAdapter(DefaultAccountAdapter):
    """Accounts come by invitation only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse | None:
        """Keep what was typed while signed out, now that the password is right; a second step may still follow."""
        typed.hold(request.session, user.pk, request.POST.get(typed.HELD, ""))
        answer: HttpResponse | None = super().pre_login(request, user, **options)
        return answer
