"""When a practitioner reads, when they are away, and who reads in their place, as it is typed."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import QuerySet
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from diary.actions.hours import seen
from diary.forms.fields import CodesField, LineField, plain
from diary.forms.settings import named_zones
from diary.hours import END_OF_DAY, Opening
from diary.models import Practitioner, User
from diary.timetable import span, times_of

LONGEST_DAY = 120  # how much of a mistyped day is read
LONGEST_AWAY = timedelta(days=731)
LONGEST_NUMBER = 18  # digits, which fit into eight bytes
TIME = r"(\d{1,2})(?:[:.h](\d{2}))?"
SPAN = re.compile(rf"\s*{TIME}\s*(?:-|–|—|to|until|bis|a|至)\s*{TIME}\s*", re.IGNORECASE)


class DayField(forms.CharField):
    """The reading hours of one weekday, such as "9:00–12:30, 14–17", as (opens, closes) in minutes; empty is none."""

    default_error_messages = {
        "invalid": _("“%(value)s” is no time to read. Write it like 9:00–17:00, several apart by commas."),
        "order": _("“%(value)s” ends before it begins."),
        "overlap": _("Two of these times overlap."),
    }

    def __init__(self, **options: Any) -> None:
        widget = forms.TextInput({"autocomplete": "off", "spellcheck": "false", "placeholder": "9:00–17:00"})
        super().__init__(required=False, max_length=LONGEST_DAY, widget=widget, **options)

    def clean(self, value: Any) -> list[tuple[int, int]]:
        typed = plain(super().clean(value))
        spans = sorted(self.span_of(part.strip()) for part in re.split(r"[,;、]", typed) if part.strip())
        if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
            raise forms.ValidationError(self.error_messages["overlap"], "overlap")
        return spans

    def span_of(self, typed: str) -> tuple[int, int]:
        read = SPAN.fullmatch(typed)
        if read is None:
            raise self.refusal("invalid", typed)
        opens, closes = self.minutes(read[1], read[2], typed), self.minutes(read[3], read[4], typed)
        closes = closes or END_OF_DAY  # until midnight is until the end of the day
        if opens >= closes:
            raise self.refusal("order", typed)
        return opens, closes

    def minutes(self, hour: str, minute: str | None, typed: str) -> int:
        at = int(hour) * 60 + int(minute or 0)
        if at > END_OF_DAY or int(minute or 0) > 59:
            raise self.refusal("invalid", typed)
        return at

    def refusal(self, code: str, typed: str) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code, {"value": typed})


class HoursForm(forms.Form):
    """A week of reading hours: the times of the days that are alike, once, and those of days that are not."""

    usual = DayField(label=_("Times"))
    on = CodesField(label=_("On these days"), choices=[(str(day), short) for day, short in WEEKDAYS_ABBR.items()])
    day_0, day_1, day_2, day_3, day_4, day_5, day_6 = (DayField(label=WEEKDAYS[day]) for day in range(7))
    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Of your practice: these are times on its clocks."), choices=named_zones
    )
    note = LineField(
        label=_("Note"),
        help_text=_("Shown to your patients beside the hours. For example: on the first Monday from noon."),
        max_length=120,
        required=False,
    )

    def __init__(self, data: Any = None, *, practitioner: Practitioner) -> None:
        held = practitioner.hours
        zone = held.zone if held.openings else practitioner.user.time_zone
        self.held = [in_words(times_of(held, day)) for day in range(7)]
        super().__init__(data, initial=together(self.held) | {"zone": zone, "note": practitioner.hours_note})
        self.version = seen(practitioner)

    def stands(self) -> list[tuple[str, str]]:
        """Return what stands otherwise than it is typed, day by day, and what stands."""
        week = [(str(WEEKDAYS[day]), self.held[day], in_words(self.times(day))) for day in range(7)]
        rest = [(str(self[name].label), self.initial[name], self.cleaned_data[name]) for name in ("zone", "note")]
        return [(label, stands or "–") for label, stands, typed in week + rest if stands != typed]

    @property
    def apart(self) -> list[Any]:
        """The days whose times may differ."""
        return [self[f"day_{day}"] for day in range(7)]

    @property
    def differs(self) -> bool:
        return any(day.value() or day.errors for day in self.apart)

    def times(self, day: int) -> list[tuple[int, int]]:
        """Return the times of a weekday: its own, else those of the days that are alike, where it is one."""
        alike = self.cleaned_data["usual"] if str(day) in self.cleaned_data["on"] else []
        return self.cleaned_data[f"day_{day}"] or alike

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        if cleaned["usual"] and not cleaned["on"]:
            self.add_error("on", _("Tick the days on which you read at these times."))
        elif any(not self.times(int(day)) for day in cleaned["on"]):
            self.add_error("usual", _("Say at which times you read on the days that are ticked."))
        elif not any(map(self.times, range(7))):
            self.add_error("usual", _("Say at least one time in the week at which you read."))
        return cleaned

    @property
    def answers(self) -> dict[str, Any]:
        """Return what saving takes."""
        openings = [Opening(day, *times) for day in range(7) for times in self.times(day)]
        return {"openings": openings, "zone": self.cleaned_data["zone"], "note": self.cleaned_data["note"]}


def in_words(times: Iterable[tuple[int, int]]) -> str:
    """Say the times of a day as they can be typed again."""
    return ", ".join(span(*one) for one in times)


def together(held: list[str]) -> dict[str, Any]:
    """Return the fields of a week: the times that most of its days have, these days, and each other day by itself."""
    said = Counter(filter(None, held)).most_common(1)
    usual = said[0][0] if said else ""
    on = [str(day) for day, times in enumerate(held) if usual and times == usual]
    return {"usual": usual, "on": on} | {f"day_{day}": "" if str(day) in on else held[day] for day in range(7)}


class ColleagueField(forms.ModelChoiceField):
    """One of those who could stand in."""

    def to_python(self, value: Any) -> Any:
        """Refuse a number that is too long to be anybody's, at which a database would fail."""
        if len(str(value)) > LONGEST_NUMBER:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return super().to_python(value)

    def label_from_instance(self, colleague: Any) -> str:
        return str(colleague.user)


class UntilForm(forms.Form):
    """A last day, from today on, where the practitioner is."""

    last_day = forms.DateField(
        label=_("Last day"),
        help_text=_("Leave it empty to let it stand until you end it."),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("There is no such date. Write it like 2026-03-10.")},
    )

    def __init__(self, data: Any = None, *, now: datetime, zone: str, **options: Any) -> None:
        super().__init__(data, **options)
        self.today = now.astimezone(ZoneInfo(zone)).date()

    def clean_last_day(self) -> date | None:
        return self.within_reach(self.cleaned_data["last_day"])

    def within_reach(self, day: date | None) -> date | None:
        if day is not None and not self.today <= day <= self.today + LONGEST_AWAY:
            raise forms.ValidationError(_("Choose a day from today on, within two years."))
        return day


class CoverForm(UntilForm):
    """Who reads in a practitioner's place, until a day or until it is ended."""

    colleague = ColleagueField(
        Practitioner.objects.none(), label=_("Who reads in your place"), empty_label=_("Choose a colleague")
    )

    def __init__(self, data: Any = None, *, colleagues: QuerySet[Any], **options: Any) -> None:
        super().__init__(data, **options)
        chosen: Any = self.fields["colleague"]
        chosen.queryset = colleagues.select_related("user").order_by("user__name")

    @property
    def covered_by(self) -> User | None:
        chosen = self.cleaned_data["colleague"]
        return chosen.user if chosen else None


class DaysForm(UntilForm):
    """Days without reading, both included."""

    first_day = forms.DateField(
        label=_("First day away"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "invalid": _("There is no such date. Write it like 2026-03-10."),
            "required": _("Choose the first day."),
        },
    )

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["last_day"].label = _("Last day away")
        self.fields["last_day"].help_text = _("Leave it empty until it is known; it is ended on coming back.")

    def clean_first_day(self) -> date | None:
        return self.within_reach(self.cleaned_data["first_day"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day is before the first."))
        return cleaned


class AwayForm(DaysForm, CoverForm):
    """Days without reading, and who reads in the practitioner's place on them, if anybody."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["last_day"].help_text = _("Leave it empty until you know; you end it when you are back.")
        chosen: Any = self.fields["colleague"]
        chosen.required, chosen.empty_label = False, _("Nobody: my patients are told to call")
