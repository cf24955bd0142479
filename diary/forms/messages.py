"""A message to one person, and a note for the own practice, as they are typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.forms.fields import IdField, NoteField


class BodyForm(forms.Form):
    """Some text, under an id by which a form sent twice is known."""

    id = IdField()
    body = NoteField(label=_("Text"), rows=4)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        body = self.fields["body"]
        body.required = True
        body.error_messages = body.error_messages | {"required": _("There is no text yet.")}


class MessageForm(BodyForm):
    body = NoteField(label=_("Your message"), rows=4)


class PrivateNoteForm(BodyForm):
    body = NoteField(label=_("Private note"), rows=3)
