"""The days that a chart or a report shall be about."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.forms.moments import EARLIEST
from diary.periods import Period, own_period, period


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {"invalid": _("There is no such date. Write it like 2026-03-10.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)


class PeriodForm(forms.Form):
    """A period by its name (`range`), or from one day to another on the calendar of a zone; either may be open."""

    since = DayField(label=_("From"))
    until = DayField(label=_("To"))

    def __init__(self, data: Any, *, now: datetime, zone: str, usual: str = "30") -> None:
        super().__init__(data)
        self.now, self.zone, self.usual = now, zone, usual

    def clean_since(self) -> date | None:
        return self.known("since")

    def clean_until(self) -> date | None:
        return self.known("until")

    def known(self, field: str) -> date | None:
        day: date | None = self.cleaned_data[field]
        if day and not EARLIEST <= day.year <= self.now.year + 1:
            raise forms.ValidationError(_("Choose a date from the year 2000 up to today."))
        return day

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        since, until = answers.get("since"), answers.get("until")
        if since and until and until < since:
            self.add_error("until", _("Choose a day that is not before the first."))
        return answers

    @property
    def period(self) -> Period:
        """The period that is meant; the usual one where the days are wrong, beside their errors."""
        wrong = self.errors
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if (since or until) and not wrong:
            return own_period(since, until, self.zone)
        return period(self.data.get("range") or self.usual, self.now)
