"""What was typed and could not be saved: it travels in the answer itself, to be sent once more and not typed again.

Nothing of it is stored before its writer has proved who they are. See docs/adr/0009.
"""

import re
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest, UnreadablePostError

HELD = "typed"  # the sealed form, in a sign-in form and then in the session of who signed in
SALT = "diary.typed"
LASTS = 12 * 3600  # seconds for which a sealed form can be opened
NEVER_ECHOED = ("csrfmiddlewaretoken", HELD, "held")
SECRETS = ("password", "oldpassword", "credential", "code", "recovery")
ENTRANCE = "/accounts/"
LOGGED = "/entries/"  # where `who` is whose form it is; in a share it is whom the diary is shared with
CODE = re.compile(r"[!-~]*")  # a choice, an id, a time: visible signs of ASCII without a space


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it was sent: where to, its names and values in order, whether secrets were left out of it."""

    path: str
    pairs: list[tuple[str, str]]
    secrets: bool = False

    @property
    def words(self) -> list[str]:
        """Return what a person wrote in words, to be read and copied; not what a page wrote for them."""
        return [value for _name, value in self.pairs if not CODE.fullmatch(value.strip())]

    def is_of(self, who: int) -> bool:
        """Tell whether a person may have it back: a form that says whose it is goes to nobody else."""
        return not self.path.startswith(LOGGED) or dict(self.pairs).get("who", str(who)) == str(who)

    @property
    def sealed(self) -> str:
        return signing.dumps([self.path, self.pairs, self.secrets], salt=SALT, compress=True)

    @classmethod
    def opened(cls, sealed: str) -> Self | None:
        """Return the form that was sealed here within `LASTS`; None where it was not, or is damaged."""
        try:
            path, pairs, secrets = signing.loads(sealed, salt=SALT, max_age=LASTS)
        except (signing.BadSignature, ValueError):
            return None
        return cls(path, [(name, value) for name, value in pairs], secrets)


def typed_in(request: HttpRequest) -> Typed | None:
    """Return what a form sent, passwords and codes left out; None where nothing was sent or it cannot be read."""
    if request.method != "POST":
        return None
    try:
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
    except (UnreadablePostError, ValueError, OSError):
        return None
    path = request.get_full_path()
    told = [pair for pair in sent if pair[0] not in NEVER_ECHOED]
    plain = [pair for pair in told if not is_secret(path, pair[0])]
    return Typed(path, plain, len(plain) < len(told))


def is_secret(path: str, name: str) -> bool:
    """Tell whether a field is never given back: any password, and the codes and keys of signing in."""
    return name.startswith("password") or (path.startswith(ENTRANCE) and name.startswith(SECRETS))


def is_own_form(request: HttpRequest) -> bool:
    """Tell whether a form was sent from a page of this site; a browser that does not say is not believed."""
    told = request.headers.get("Sec-Fetch-Site")
    if told is not None:
        return told == "same-origin"
    source = urlsplit(request.headers.get("Origin") or request.headers.get("Referer") or "")
    return (source.scheme, source.netloc) == (request.scheme, request.get_host())


def asks_json(request: HttpRequest) -> bool:
    """Tell whether a script asks, and wants numbers and names in place of a page."""
    return request.headers.get("Accept", "").startswith("application/json")


def held_by(session: Any, who: int) -> Typed | None:
    """Return what a person had typed before they signed in, from their session."""
    kept = session.get(HELD)
    return Typed.opened(kept["sealed"]) if kept and kept["who"] == who else None


def hold(session: Any, who: int, sealed: str) -> None:
    """Keep a sealed form in the session of a person who has just proved who they are, and that it is theirs."""
    typed = Typed.opened(sealed)
    if typed and typed.is_of(who):
        session[HELD] = {"who": who, "sealed": sealed}
