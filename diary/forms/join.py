"""Coming in by invitation: the spoken code, and the one screen that makes the account."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import get_default_password_validators, validate_password
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from diary.forms.fields import LineField
from diary.forms.settings import named_zones
from diary.models import User


def password_rules():
    """Say in one sentence what a password must be (`AUTH_PASSWORD_VALIDATORS`)."""
    shortest = max(getattr(one, "min_length", 0) for one in get_default_password_validators())
    return gettext(
        "At least %(length)d characters that are hard to guess:"
        " not your name or address, no password that many use, not only digits."
    ) % {"length": shortest}


def nearest_zone(invitation):
    return invitation.practice.time_zone if invitation.practice else "UTC"


class ZoneChoice(forms.CharField):
    """Always answered: where no zone is sent, the form knows the nearest."""

    def validate(self, value):
        """Let nothing be no error."""


class CodeForm(forms.Form):
    """A code as it was heard: small letters, spaces and a missing dash do no harm."""

    code = forms.CharField(
        label=_("Your code"),
        max_length=40,
        help_text=_("Eight letters and digits, like ABCD-EFGH. There is no I, O, 0 or 1 in it."),
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class JoinForm(forms.Form):
    """What an account needs besides the address, which the invitation gives."""

    name = LineField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        label=_("A password of your own"),
        max_length=256,
        strip=False,
        help_text=lazy(password_rules, str)(),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = ZoneChoice(
        label=_("Time zone"),
        help_text=_("Guessed from your device. The days of your diary are days in this zone."),
        widget=forms.Select({"data-zone": ""}, choices=named_zones),  # type: ignore[arg-type]
    )
    agreed = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, invitation, **kwargs):
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        if self.is_bound:  # what was chosen is guessed no more
            del self.fields["time_zone"].widget.attrs["data-zone"]

    def clean_time_zone(self):
        """The browser guesses the zone; where it has none to offer, the practice's is nearer than none."""
        zone = self.cleaned_data["time_zone"]
        return zone if zone in available_timezones() else nearest_zone(self.invitation)

    def clean(self):
        """A password must not be easy to guess from the name or the address."""
        cleaned = super().clean() or {}
        if "password" in cleaned:
            person = User(email=self.invitation.email, name=cleaned.get("name", ""))
            self.check_password(cleaned["password"], person)
        return cleaned

    def check_password(self, password, person):
        try:
            validate_password(password, person)
        except forms.ValidationError as wrong:
            self.add_error("password", wrong)
