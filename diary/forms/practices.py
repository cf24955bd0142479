"""A practice as an admin types it: a wrong number would be given to somebody in need."""

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from diary.forms.fields import LineField
from diary.forms.settings import named_zones

can_be_called = RegexValidator(
    r"^\+?[0-9][0-9 ()./-]*$", _("Enter a number that can be called, like +44 20 7946 0000.")
)


def number_field(**options: Any) -> LineField:
    look = forms.TextInput({"inputmode": "tel", "autocomplete": "off"})
    return LineField(max_length=40, widget=look, validators=[can_be_called], **options)


class PracticeForm(forms.Form):
    name = LineField(
        label=pgettext_lazy("of a practice", "Name"),
        max_length=120,
        help_text=_("Patients see it before they agree to anything."),
    )
    emergency_number = number_field(
        label=_("Emergency number"),
        initial="112",
        help_text=_("Such as 112, 999 or 911. Patients are told to call it when a sign needs care at once."),
    )
    same_day_number = number_field(
        label=_("Number for the same day"),
        required=False,
        help_text=_("Where somebody of the practice can be reached. Patients are told to call it the same day."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=named_zones, initial="UTC")

    def stands(self) -> list[tuple[str, str]]:
        """Return what stands otherwise than it is typed, with what stands."""
        rows = [(str(self[name].label), self.initial[name], typed) for name, typed in self.cleaned_data.items()]
        return [(label, stands or "–") for label, stands, typed in rows if stands != typed]
