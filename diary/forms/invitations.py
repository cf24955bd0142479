"""Inviting a patient."""

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.forms.fields import LineField


class InvitationForm(forms.Form):
    """A patient's name and address; the link goes to the address, the code can be spoken."""

    name = LineField(label=_("Name"), max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("The link goes there. The account will belong to this address."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
