"""What a practitioner does with a flag, and says of it; and how urgent it is to the patient."""

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.forms.fields import NoteField
from diary.models import Flag

LONGEST_NOTE = 2000
ACTS = [
    (Flag.Outcome.CONTACTED, _("Contacted")),
    (Flag.Outcome.ACKNOWLEDGED, _("Acknowledged")),
    (Flag.Outcome.REFERRED, _("Refer for medical evaluation")),
    (Flag.Outcome.NOT_A_CONCERN, _("Not a concern")),
]


class ReopenForm(forms.Form):
    """Why a handled flag goes back on the list; a reason is welcome, not demanded."""

    note = NoteField(label=_("Note"), max_length=LONGEST_NOTE)


class HandleForm(forms.Form):
    """What was done, one of four buttons, and a note."""

    note = NoteField(
        label=_("Note"),
        max_length=LONGEST_NOTE,
        help_text=_("What was said or agreed. “Not a concern” needs its reason."),
    )
    outcome = forms.ChoiceField(
        label=_("What was done"), choices=ACTS, error_messages={"required": _("Choose one of the four buttons.")}
    )

    seen = forms.IntegerField(required=False, min_value=1, max_value=4)

    def clean(self):
        """A flag is set aside only with a reason that others can read later."""
        cleaned = super().clean() or {}
        if (
            cleaned.get("outcome") == Flag.Outcome.NOT_A_CONCERN
            and not cleaned.get("note")
            and "note" not in self.errors
        ):
            self.add_error("note", _("Say why this is not a concern."))
        return cleaned


class UrgencyForm(forms.Form):
    """One of two buttons, on the page of a flag or of the entry that raised it."""

    urgency = forms.ChoiceField(choices=Flag.PatientUrgency.choices)
    entry = forms.UUIDField(required=False)
