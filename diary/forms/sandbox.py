"""Other thresholds for the rules, each inside its safe range."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from diary.clinical.adjustable import RULED, SAFE, Thresholds
from diary.clinical.diary import HOUR


def hours(seconds: int) -> Any:
    return format_lazy(_("{hours} h"), hours=seconds // HOUR)


class ThresholdField(forms.TypedChoiceField):
    """One of the safe values of a threshold; the rules' own where none was chosen."""

    widget = forms.RadioSelect
    default_error_messages = {"invalid_choice": _("Choose one of these: others are outside the safe range.")}

    def __init__(self, name: str, *, written: Any = str, help_text: Any, **options: Any) -> None:
        """`help_text` says the rules' own value as {own}."""
        choices = [(str(value), written(value)) for value in SAFE[name]]
        own = getattr(RULED, name)
        options["help_text"] = format_lazy(help_text, own=written(own))
        super().__init__(coerce=int, empty_value=own, required=False, choices=choices, initial=str(own), **options)


class SandboxForm(forms.Form):
    settles_within = ThresholdField(
        "settles_within",
        written=hours,
        label=_("A reaction may take"),
        help_text=_("How long after a session it is expected. The rules say {own}."),
    )
    severe_pain = ThresholdField(
        "severe_pain",
        label=_("Pain is severe from"),
        help_text=_("The rules say {own}. Soreness stays as it is."),
    )
    multiple_sessions = ThresholdField(
        "multiple_sessions",
        label=_("A worsening course is seen over"),
        help_text=_("How many sessions in a row. The rules say {own}."),
    )

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(**self.cleaned_data)
