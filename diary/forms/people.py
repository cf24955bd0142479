"""What an admin types about accounts: whom to invite, what was checked."""

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.forms.invitations import InvitationForm
from diary.models import Practice, User


class PersonForm(InvitationForm):
    """Whom to invite and into which role; who treats belongs to a practice."""

    role = forms.ChoiceField(label=_("Role"), choices=[("", _("Choose a role")), *User.Role.choices])
    practice = forms.ModelChoiceField(
        Practice.objects.order_by("name"),
        label=_("Practice"),
        required=False,
        empty_label=_("No practice"),
        help_text=_("Needed for a practitioner. Patients are shown its name and its numbers."),
    )

    def clean(self):
        """A practitioner without a practice would have no numbers to give to patients."""
        cleaned = super().clean() or {}
        if cleaned.get("role") == User.Role.PRACTITIONER and not cleaned.get("practice"):
            self.add_error("practice", _("Choose the practice in which this practitioner works."))
        return cleaned


class RoleForm(forms.Form):
    """Into which practice an admin comes who is to treat."""

    practice = forms.ModelChoiceField(
        Practice.objects.order_by("name"),
        label=_("Practice"),
        empty_label=_("Choose a practice"),
        help_text=_("Patients are shown its name and its numbers."),
    )


class CredentialForm(forms.Form):
    """A credential as it was found at its source, today."""

    board = forms.CharField(
        label=_("Board or register"), max_length=120, help_text=_("For example a state board, or a national register.")
    )
    number = forms.CharField(label=_("Licence or certificate number"), max_length=60)
    expires_on = forms.DateField(label=_("Valid until"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    evidence = forms.CharField(
        label=_("Where you checked it"),
        max_length=300,
        help_text=_("The register's page, or who confirmed it. Another admin should be able to repeat it."),
    )

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_expires_on(self):
        """What has expired cannot be verified."""
        expires_on = self.cleaned_data["expires_on"]
        if expires_on < self.today:
            raise forms.ValidationError(_("This day is over: an expired credential cannot be verified."))
        return expires_on
