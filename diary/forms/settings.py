"""How a person is called, and in which language and time zone they read."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from diary.forms.fields import LineField, zones
from diary.models import User


def named_zones() -> list[tuple[str, str]]:
    """Return zones by place, and UTC; not their old names and offsets."""
    places = sorted(zone for zone in zones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/", "US/")))
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in places)]


class SettingsForm(forms.Form):
    name = LineField(label=_("Your name"), max_length=120, error_messages={"required": _("Enter a name.")})
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        help_text=_("The days of your diary are days in this zone."),
        choices=named_zones,
    )

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data, initial={name: getattr(person, name) for name in self.base_fields})
