"""How and when somebody wants to be reminded."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.models import ReminderPlan


class ClockField(forms.TimeField):
    """A time of day, to the minute."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    default_error_messages = {
        "required": _("Enter a time of day, like 21:00."),
        "invalid": _("There is no such time of day. Write it like 21:00."),
    }


class RemindersForm(forms.Form):
    by_mail = forms.BooleanField(
        label=_("By mail"), required=False, help_text=_("The mail says only that it is time for your diary.")
    )
    in_app = forms.BooleanField(
        label=_("On Today"), required=False, help_text=_("One line that says when the next check-in is.")
    )
    quiet_from = ClockField(label=_("No reminders from"))
    quiet_until = ClockField(label=_("until"))

    with_sessions = forms.BooleanField(
        label=_("My sessions in my calendar too"),
        required=False,
        help_text=_("They stand there as “session ended”, without a word of how it was."),
    )

    def __init__(self, data: Any = None, *, plan: ReminderPlan) -> None:
        super().__init__(data, initial={name: getattr(plan, name) for name in self.base_fields})
