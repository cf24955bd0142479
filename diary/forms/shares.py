"""With whom a diary is shared, as it is typed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from diary.forms.fields import LineField, plain

LONGEST = timedelta(days=3653)  # ten years


class GrantForm(forms.Form):
    """A practitioner by exact address or spoken code, what they may read, and until when."""

    who = LineField(
        label=_("Their exact email address, or their code"),
        help_text=_("A code looks like ABCD-EFGH. Your practitioner can tell you theirs."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Enter an address or a code.")},
    )
    with_notes = forms.BooleanField(label=_("They may read my notes"), required=False)
    with_intake = forms.BooleanField(label=_("They may read about my health"), required=False)
    with_cover = forms.BooleanField(
        label=_("A colleague of their practice may read in their place"),
        help_text=_("Whom they name, for example while they are away. You see every look."),
        required=False,
    )
    until = forms.DateField(
        label=_("Last day"),
        help_text=_("Leave it empty to share until you end it yourself."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("There is no such date. Write it like 2026-03-10.")},
    )

    def __init__(self, data: Any = None, *, now: datetime, zone: str) -> None:
        super().__init__(data, initial={"with_notes": True, "with_intake": True, "with_cover": True})
        self.now, self.zone = now, zone

    def clean_who(self) -> str:
        who = plain(self.cleaned_data["who"])
        if "@" in who:
            validate_email(who)
        return who

    def clean_until(self) -> datetime | None:
        """Return the end of the last day, where the patient lives."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        today = self.now.astimezone(ZoneInfo(self.zone)).date()
        if not today <= day <= today + LONGEST:
            raise forms.ValidationError(_("Choose a day from today on, within ten years."))
        next_day = day + timedelta(days=1)
        return datetime(next_day.year, next_day.month, next_day.day, tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    @property
    def answers(self) -> dict[str, Any]:
        """Return what the grant takes."""
        who = self.cleaned_data["who"]
        named = {"address": who} if "@" in who else {"code": who}
        chosen = {name: self.cleaned_data[name] for name in ("with_notes", "with_intake", "with_cover")}
        return named | chosen | {"expires_at": self.cleaned_data["until"]}

    def refuse_code(self) -> None:
        self.add_error("who", _("Nobody here has this code. Check it with your practitioner, letter by letter."))

    def refuse_without_hours(self) -> None:
        """Say that the practitioner of a code has not told when they read: no diary is shared into the dark."""
        told = _("They have not said yet when they read, so nothing is shared. Ask them to set their reading hours.")
        self.add_error("who", told)

    def refuse_again(self) -> None:
        self.add_error("who", _("You share your diary with them already."))
