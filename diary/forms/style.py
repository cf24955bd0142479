"""Every kind of question on one form, to look at."""

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.forms.entries import EntryForm


class StyleForm(EntryForm):
    """An entry's questions and a tick that has to be there; nothing of it is kept."""

    agree = forms.BooleanField(label=_("I have read this"))
