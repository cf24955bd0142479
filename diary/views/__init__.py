"""The doors: one module a noun; each function fetches, acts, answers."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpResponse

from diary.parts import SignedIn

View = Callable[..., HttpResponse]


def for_role(*roles: str) -> Callable[[View], View]:
    """Return a decorator, the outermost of a view: for anybody in another role the page does not exist."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: SignedIn, *args: object, **kwargs: object) -> HttpResponse:
            if request.user.role not in roles:
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


for_patients = for_role("patient")
for_practitioners = for_role("practitioner")
for_admins = for_role("admin")
for_those_who_read = for_role("patient", "practitioner")
