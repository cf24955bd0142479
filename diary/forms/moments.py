"""From a clock on the wall to an instant, in the patient's own zone, across changes of the clocks."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.forms.fields import WordField, ZoneField

EARLIEST = 2000  # the year from which on a diary is kept
TOLERANCE = timedelta(minutes=2)  # clocks differ: what is that little ahead is now
MORNING, NIGHT = time(8), time(22)
WHICH = [("first", _("the first time, before the clocks changed")), ("second", _("the second time, after that"))]


class Doubled(Exception):
    """The clocks went back and showed this time twice."""


class Missing(Exception):
    """The clocks went forward over this time; `meant` is where the clock stood instead."""

    def __init__(self, meant: datetime) -> None:
        super().__init__("no such time")
        self.meant = meant


def instant_of(wall: datetime, zone: str, which: str = "") -> datetime:
    """Return the instant, in UTC, at which the clocks of a zone showed a time. Raises Doubled, Missing."""
    here = ZoneInfo(zone)
    first, second = wall.replace(tzinfo=here, fold=0), wall.replace(tzinfo=here, fold=1)
    if first.utcoffset() < second.utcoffset():  # type: ignore[operator]
        raise Missing(first.astimezone(UTC).astimezone(here))
    if first.utcoffset() != second.utcoffset() and not which:
        raise Doubled
    return (second if which == "second" else first).astimezone(UTC)


def wall_of(instant: datetime, zone: str) -> datetime:
    """Return what the clocks of a zone showed at an instant, to the minute."""
    return instant.astimezone(ZoneInfo(zone)).replace(second=0, microsecond=0, tzinfo=None, fold=0)


def which_of(instant: datetime, zone: str) -> str:
    """Tell which of the two times an instant was, where the clocks showed it twice."""
    try:
        instant_of(wall_of(instant, zone), zone)
    except Doubled:
        return "second" if instant.astimezone(ZoneInfo(zone)).fold else "first"
    return ""


def offset_at(instant: datetime, zone: str) -> int:
    """Return the offset from UTC, in minutes, that held in a zone at an instant."""
    return int(instant.astimezone(ZoneInfo(zone)).utcoffset().total_seconds()) // 60  # type: ignore[union-attr]


def about(when: str, now: datetime, zone: str) -> datetime:
    """Return the instant that people mean by now, this morning or last night; never later than now."""
    here = now.astimezone(ZoneInfo(zone))
    if when == "morning":
        return min(now, datetime.combine(here, MORNING, here.tzinfo).astimezone(UTC))
    if when == "night":
        return datetime.combine(here - timedelta(days=1), NIGHT, here.tzinfo).astimezone(UTC)
    return now


class MomentForm(forms.Form):
    """A form that asks for a moment in the past, on the clock of where the person is."""

    zone = ZoneField()
    which = WordField(label=_("Which of the two?"), choices=WHICH)

    def __init__(self, data: Any = None, *, now: datetime, home: str, **options: Any) -> None:
        super().__init__(data, **options)
        self.now, self.home, self.doubled = now, home, False

    @property
    def here(self) -> str:
        return self.cleaned_data.get("zone") or self.home

    def past_instant(self, field: str, now: datetime) -> datetime | None:
        """Return the instant of a wall time; None, and an error at its field, where there is none or it is to come."""
        wall = self.cleaned_data.get(field)
        if wall is None:
            return None
        if wall.year < EARLIEST:
            self.add_error(field, _("Choose a date from the year 2000 on."))
            return None
        if wall.year > now.year + 1:
            self.refuse_to_come(field)
            return None
        return self.not_later(field, self.resolved(field, wall), now)

    def resolved(self, field: str, wall: datetime) -> datetime | None:
        try:
            return instant_of(wall, self.here, self.cleaned_data.get("which") or "")
        except Missing as missing:
            told = _("The clocks went forward, so %(time)s did not exist on that day. Did you mean %(meant)s?")
            times = {"time": f"{wall:%H:%M}", "meant": f"{missing.meant:%H:%M}"}
            self.add_error(field, forms.ValidationError(told, params=times))
        except Doubled:
            self.doubled = True
            told = _("The clocks went back, so %(time)s came twice on that day. Choose which of the two you mean.")
            self.add_error("which", forms.ValidationError(told, params={"time": f"{wall:%H:%M}"}))
        return None

    def not_later(self, field: str, instant: datetime | None, now: datetime) -> datetime | None:
        if instant is not None and instant > now + TOLERANCE:
            self.refuse_to_come(field)
            return None
        return instant and min(instant, now)

    def refuse_to_come(self, field: str) -> None:
        self.add_error(field, _("This is still to come. Choose a time up to now."))

    @property
    def asks_which(self) -> bool:
        """Tell whether to ask which of two times is meant."""
        return self.doubled or bool(self["which"].value())
