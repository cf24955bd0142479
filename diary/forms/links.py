"""What a second reader may open, as it is chosen."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.actions.links import LONGEST, USUALLY_LASTS
from diary.forms.fields import LineField
from diary.forms.moments import EARLIEST
from diary.forms.periods import DayField
from diary.models.links import PARTS
from diary.periods import midnight

USUALLY = {"scores", "sessions", "flags"}
REACHES_BACK = timedelta(days=90)
MEANT = {
    "scores": (_("Scores"), _("Pain and soreness as a chart, with the lowest and the highest.")),
    "sessions": (_("Sessions"), _("When each was, with whom, and the pain before and after it.")),
    "flags": (_("Flags"), _("What the rules found, and whether somebody has looked at it; none of the signs below.")),
    "signs": (_("Signs that need care"), _("Which of these signs you reported, in words, such as numbness or fever.")),
    "notes": (_("Notes"), _("What you wrote in your own words, each with its day.")),
    "intake": (_("Health background"), _("Your conditions, medicines and allergies, and what is usual for you.")),
}
"""What is said of each part, and what ticking it shows."""


class LinkForm(forms.Form):
    """For whom, which parts, which days, and how long the link opens something."""

    reader = LineField(
        label=_("For whom"),
        help_text=_("As you want to find it in your list, such as: Dr Weber, my GP. It stands on the sheet."),
        max_length=120,
        error_messages={"required": _("Say for whom the link is.")},
    )
    first_day = DayField(label=_("From"))
    last_day = DayField(label=_("To"))
    until = DayField(label=_("The link works until the end of"))

    def __init__(self, data: Any = None, *, now: datetime, zone: str) -> None:
        self.now, self.zone = now, zone
        self.today = now.astimezone(ZoneInfo(zone)).date()
        usual = {"first_day": self.today - REACHES_BACK, "until": self.today + USUALLY_LASTS}
        super().__init__(data, initial=dict.fromkeys(USUALLY, True) | usual)
        for part in PARTS:
            label, help_text = MEANT[part]
            self.fields[part] = forms.BooleanField(label=label, help_text=help_text, required=False)
        for name, said in (("first_day", _("Choose the first day.")), ("until", _("Choose a last day."))):
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = said
        self.fields["reader"].widget.attrs["autocomplete"] = "off"

    @property
    def parts(self) -> list[forms.BoundField]:
        return [self[part] for part in PARTS]

    def clean_first_day(self) -> date:
        day: date = self.cleaned_data["first_day"]
        if day.year < EARLIEST or day > self.today:
            raise forms.ValidationError(_("Choose a date from the year 2000 up to today."))
        return day

    def clean_last_day(self) -> date | None:
        day: date | None = self.cleaned_data["last_day"]
        if day and day.year > self.today.year + 1:
            raise forms.ValidationError(_("Choose a date from the year 2000 up to today."))
        return day

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if not self.today <= day < self.today + LONGEST:  # the page says that it works until that day's end
            raise forms.ValidationError(_("Choose a day from today on, within 90 days."))
        return day

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        first, last = answers.get("first_day"), answers.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Choose a day that is not before the first."))
        if not any(answers.get(part) for part in PARTS):
            self.add_error("scores", _("Tick at least one part: a link to nothing opens nothing."))
        return answers

    @property
    def answers(self) -> dict[str, Any]:
        """Return what the action takes; a link ends at midnight where the patient lives."""
        said = self.cleaned_data
        ends = midnight(said["until"] + timedelta(days=1), self.zone)
        return {
            "reader": said["reader"],
            "parts": {part for part in PARTS if said[part]},
            "first_day": said["first_day"],
            "last_day": said["last_day"],
            "expires_at": min(ends, self.now.astimezone(UTC) + LONGEST),
        }
