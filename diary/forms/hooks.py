"""Where a practice's own system is called, as it is typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from diary import calling
from diary.forms.fields import LineField


class HookForm(forms.Form):
    url = LineField(
        label=_("Address of the practice's system"),
        help_text=_("It begins with https:// and is reachable from the internet."),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Enter an address.")},
    )

    def clean_url(self) -> str:
        """Return the address; whether it is a public one is looked up at each call, since that can change."""
        url: str = self.cleaned_data["url"]
        try:
            calling.parts_of(url)
        except ValueError:
            raise forms.ValidationError(_("Enter an address like https://system.example/settle.")) from None
        return url
