"""An app or a device that is to read in somebody's place, as it is typed."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from diary.forms.fields import LineField
from diary.models import Token

DAYS = [("30", _("30 days")), ("90", _("90 days")), ("365", _("a year"))]
READS = {
    "own": _("My whole diary: entries with notes, sessions, flags"),
    "shared": _("The diaries that are shared with me, as far as they are"),
    "flags": _("Flags only: which rule, how urgent, since when"),
}


class DeviceForm(forms.Form):
    name = LineField(
        label=_("What it is"),
        help_text=_("So that you know it again: for example “watch” or “laptop at the practice”."),
        max_length=Token._meta.get_field("name").max_length,
        error_messages={"required": _("Give it a name.")},
    )
    scope = forms.ChoiceField(
        label=_("What it may read"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it may read."), "invalid_choice": _("Choose what it may read.")},
    )
    days = forms.ChoiceField(label=_("For how long"), choices=DAYS, widget=forms.RadioSelect, initial="90")

    def __init__(self, data: Any = None, *, scopes: list[str]) -> None:
        super().__init__(data)
        self.fields["scope"].choices = [(scope, READS[scope]) for scope in scopes]  # type: ignore[attr-defined]

    @property
    def answers(self) -> dict[str, Any]:
        """Return what making a token takes."""
        said = self.cleaned_data
        return {"name": said["name"], "scope": said["scope"], "lasts": timedelta(days=int(said["days"]))}

    def refuse_more(self, most: int) -> None:
        told = ngettext("You have %(most)d already: end it first.", "You have %(most)d already: end one first.", most)
        self.add_error("name", told % {"most": most})
