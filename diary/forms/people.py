"""What an admin types about accounts: whom to invite, what was checked."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from diary.actions.handovers import PATIENTS_CHOOSE, Handover
from diary.forms.hours import CoverForm, DaysForm
from diary.forms.invitations import InvitationForm
from diary.models import Practice, User

NOBODY = "nobody"


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

    @property
    def answers(self) -> dict[str, Any]:
        return {"practice": self.cleaned_data["practice"]}


class HandoverForm(forms.Form):
    """Who takes over from a practitioner who goes: a colleague who may read, or, said in so many words, nobody."""

    takes_over = forms.ChoiceField(
        label=_("Who takes over"),
        help_text=_("Colleagues of the same practice who are verified and have reading hours."),
        error_messages={"required": _("Say who takes over, or that patients are told to choose.")},
    )

    def __init__(self, data: Any = None, *, colleagues: QuerySet[Any], **options: Any) -> None:
        super().__init__(data, **options)
        self.colleagues = {str(one.pk): one.user for one in colleagues.select_related("user").order_by("user__name")}
        chosen: Any = self.fields["takes_over"]
        names = [(key, colleague.name) for key, colleague in self.colleagues.items()]
        chosen.choices = [("", _("Choose")), *names, (NOBODY, _("Nobody: patients are told to choose"))]

    @property
    def handover(self) -> Handover:
        chosen = self.cleaned_data["takes_over"]
        return PATIENTS_CHOOSE if chosen == NOBODY else Handover(self.colleagues[chosen])

    @property
    def answers(self) -> dict[str, Any]:
        return {"handover": self.handover}


class LeaveForm(HandoverForm, DaysForm):
    """Days on which a practitioner does not read, and who does, as an admin notes them."""


class StandInForm(CoverForm):
    """Who reads in another's place, as an admin notes it."""

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self.fields["colleague"].label = _("Who reads in their place")
        self.fields["last_day"].help_text = _("Leave it empty to let it stand until it is ended.")


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
