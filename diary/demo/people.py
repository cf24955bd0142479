"""Who is in the demo practice, and how a visitor signs in as one of them."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypedDict

from django.utils.crypto import salted_hmac

from diary.actions.accounts import CODE_LETTERS
from diary.hours import Opening
from diary.models import User

DOMAIN = "demo.settle.example"
HALF_A_YEAR = timedelta(weeks=26)

PRACTICE = {
    "name": "Linden Court Acupuncture",
    "emergency_number": "999",
    "same_day_number": "020 7946 0123",  # numbers 020 7946 0xxx are kept free for stories
    "time_zone": "Europe/London",
}


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody with an account; the address follows from the name."""

    name: str
    role: str
    time_zone: str = "Europe/London"
    language: str = "en"

    @property
    def email(self) -> str:
        letters = unicodedata.normalize("NFKD", self.name).encode("ascii", "ignore").decode()
        return f"{'.'.join(letters.lower().split())}@{DOMAIN}"


@dataclass(frozen=True)
class Said:
    """One entry, so many hours after the session of its episode."""

    hours: float
    pain: int
    soreness: int | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Did:
    """What the practitioner did with the flag of a rule, so many hours after the session."""

    hours: float
    rule: str
    outcome: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Episode:
    """What followed one session, counted back from the latest, in place of ordinary days."""

    back: int = 0
    session: Mapping[str, Any] = field(default_factory=dict)
    said: tuple[Said, ...] = ()
    did: tuple[Did, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Lent:
    """A further share, by days before the demo's end; `until` days after it, or taken back."""

    to: str
    days: int
    revoked: int | None = None
    until: int | None = None


@dataclass(frozen=True, kw_only=True)
class Patient(Account):
    """A patient with everything that is told of them; what is not told are ordinary days.

    `level` is the usual pain at first and at last, `last` the latest session in days ago and hour, where they are.
    """

    role: str = "patient"
    writes: str = ""
    level: tuple[float, float] = (5, 3)
    last: tuple[int, int] | None = None
    joined: timedelta = HALF_A_YEAR
    reader: str = "Imogen Hale"
    records_own_sessions: bool = False
    intake: Mapping[str, Any] | None = field(default_factory=dict)
    episodes: tuple[Episode, ...] = ()
    lately: tuple[Said, ...] = ()
    lent: tuple[Lent, ...] = ()


def said(hours: float, pain: int, soreness: int | None = None, **answers: Any) -> Said:
    return Said(hours, pain, soreness, answers)


ADMIN = Account(name="Morgan Ellis", role="admin")
IMOGEN = Account(name="Imogen Hale", role="practitioner")
TOMAS = Account(name="Tomás Rivera", role="practitioner", language="es")
GRETA = Account(name="Greta Lindqvist", role="practitioner")
"""Her credential has expired: she is not verified any more and reads nothing, though two patients share with her."""
PRACTITIONERS = (IMOGEN, TOMAS, GRETA)
WORKING_DAYS = tuple(Opening(day, 9 * 60, 17 * 60 + 30) for day in range(5))
READING_HOURS: Mapping[str, Mapping[str, Any]] = {
    IMOGEN.name: {"openings": WORKING_DAYS, "note": "The day after a bank holiday I read from noon."},
    TOMAS.name: {"openings": (*(Opening(day, 12 * 60, 20 * 60) for day in (1, 3)), Opening(5, 9 * 60, 13 * 60))},
    GRETA.name: {"openings": WORKING_DAYS},
}
ROSA = "Rosa Marin"


class SignIn(TypedDict):
    role: str
    name: str
    email: str
    password: str


def signins() -> list[SignIn]:
    """Return one account a role with its password, for the login page of a demo."""
    offered = (Account(name=ROSA, role="patient"), IMOGEN, ADMIN)
    return [
        {"role": str(User.Role(who.role).label), "name": who.name, "email": who.email, "password": password(who.email)}
        for who in offered
    ]


def password(email: str) -> str:
    """Return the demo's password of an address; it follows from the site's own key, so that no one else knows it."""
    letters = [CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in salted_hmac(__name__, email).digest()[:12]]
    return "-".join("".join(letters[at : at + 4]) for at in (0, 4, 8))
