"""One answer of a file at a time: as the diary keeps it, or the reason why it cannot be."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diary.clinical.diary import COMPARED, CONDITIONS, RED_FLAGS
from diary.forms.choices import BLOOD_THINNERS, GOOD, REGIONS
from diary.forms.fields import KNOWN_ADVICE, LONGEST_ADVICE, MOST_ADVICE, zones
from diary.forms.moments import EARLIEST

Read = Callable[[Any], Any]


class WrongAnswer(Exception):
    """Why an answer cannot be taken."""

    def __init__(self, why: str | Promise) -> None:
        super().__init__(str(why))
        self.why = why


def whole(lowest: int, highest: int, why: str | Promise) -> Read:
    def read(value: Any) -> int:
        if type(value) is not int or not lowest <= value <= highest:
            raise WrongAnswer(why)
        return value

    return read


score = whole(0, 10, _("not a whole number from 0 to 10"))
grade = whole(0, 3, _("not a grade from 0 to 3"))
offset = whole(-1439, 1439, _("not an offset in minutes"))
version = whole(1, 1_000_000, _("not a version"))


def optional(read: Read) -> Read:
    return lambda value: None if value is None else read(value)


def identity(value: Any) -> str:
    try:
        return str(UUID(value))
    except (ValueError, TypeError, AttributeError):
        raise WrongAnswer(_("not an id as this product makes them")) from None


def instant(now: datetime) -> Read:
    """Return a reader of moments with an offset, from the year 2000 up to now; as UTC, to the microsecond."""

    def read(value: Any) -> str:
        try:
            moment = datetime.fromisoformat(value).astimezone(UTC) if has_offset(value) else None
        except (ValueError, TypeError, OverflowError):
            moment = None
        if moment is None:
            raise WrongAnswer(_("not a date and time with its offset"))
        if moment.year < EARLIEST:
            raise WrongAnswer(_("before the year 2000"))
        if moment > now:
            raise WrongAnswer(_("still to come"))
        return moment.isoformat()

    return read


def has_offset(value: Any) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).utcoffset() is not None


def text(most: int) -> Read:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise WrongAnswer(_("not a text"))
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise WrongAnswer(_("holds signs that cannot be kept"))
        if len(value) > most:
            raise WrongAnswer(_("longer than can be kept"))
        return value

    return read


def one_of(known: Collection[str]) -> Read:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            raise WrongAnswer(_("not one of the known answers"))
        return value

    return read


def some_of(known: Collection[str]) -> Read:
    read = one_of(known)

    def each(value: Any) -> list[str]:
        if not isinstance(value, list):
            raise WrongAnswer(_("not a list"))
        return [read(one) for one in value]

    return each


def truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongAnswer(_("neither yes nor no"))
    return value


def zone(value: Any) -> str:
    return str(one_of(zones())(value))


def whoever(value: Any) -> str | None:
    return None if value is None else str(text(120)(value))


def aftercare(value: Any) -> list[str]:
    """Return codes, and what a practitioner advised in words of their own: as long and as many as the forms keep."""
    if not isinstance(value, list):
        raise WrongAnswer(_("not a list"))
    own = [one for one in map(text(LONGEST_ADVICE), value) if one not in KNOWN_ADVICE]
    if "" in own:
        raise WrongAnswer(_("not one of the known answers"))
    if len(own) > MOST_ADVICE:
        raise WrongAnswer(_("longer than can be kept"))
    return value


regions, good = (some_of({code for code, _words in known}) for known in (REGIONS, GOOD))
signs, conditions = some_of(RED_FLAGS), some_of(CONDITIONS)
thinners = some_of({code for code, _words in BLOOD_THINNERS})
compared = one_of({"", *COMPARED})
