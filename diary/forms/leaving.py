"""Deleting one's diary: the own address typed, so that it happens to nobody by a slip."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.models import User


class LeaveForm(forms.Form):
    """What is typed to delete a diary, and whether the practice may know who left."""

    address = forms.CharField(
        label=_("Your email address"),
        help_text=_("Type the address of this account to delete it."),
        max_length=254,
        error_messages={"required": _("Type your email address to delete your diary.")},
    )
    named = forms.BooleanField(label=_("My practice may keep my name and address until they have reached me"))
    named.required = False

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data, initial={"named": True})
        self.person = person
        self.fields["address"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}

    def clean_address(self) -> str:
        typed: str = self.cleaned_data["address"]
        if User.objects.spelled(typed) != self.person.email:
            raise forms.ValidationError(_("This is not the address of this account. Nothing was deleted."))
        return typed
