"""What a report shall hold."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.forms.periods import PeriodForm

USUALLY = {"chart", "sessions", "flags", "intake"}
QUARTER = "90"


class ReportForm(PeriodForm):
    """The sections of a report and its days. Until something was chosen: the last three months, all but the notes."""

    chart = forms.BooleanField(label=_("Chart"), required=False)
    sessions = forms.BooleanField(label=_("Sessions"), required=False)
    flags = forms.BooleanField(label=_("Flags"), required=False)
    intake = forms.BooleanField(label=_("Health background"), required=False)
    notes = forms.BooleanField(label=_("Notes"), required=False)

    def __init__(self, data: Any, **options: Any) -> None:
        chosen = data if "chosen" in data else {**data.dict(), **dict.fromkeys(USUALLY, "on")}
        super().__init__(chosen, usual=QUARTER, **options)

    @property
    def sections(self) -> list[forms.BoundField]:
        return [self[name] for name in ("chart", "sessions", "flags", "intake", "notes")]

    def has(self, section: str) -> bool:
        self.errors  # noqa: B018 - asks that the form be read
        return bool(self.cleaned_data.get(section))
