"""A message to one person, and a note for the own practice, as they are typed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.forms.fields import IdField, NoteField


class BodyForm(forms.Form):
    """Some text, under an id by which a form sent twice is known."""

    id = IdField()
    body = NoteField(label=_("Text"), rows=4)

    def clean_body(self):
        """Nothing typed is nothing to keep."""
        if not self.cleaned_data["body"]:
            raise forms.ValidationError(_("There is no text yet."))
        return self.cleaned_data["body"]


class MessageForm(BodyForm):
    body = NoteField(label=_("Your message"), rows=4)


class PrivateNoteForm(BodyForm):
    body = NoteField(label=_("Private note"), rows=3)
