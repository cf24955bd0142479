"""What a browser says of where its reminders go."""

from typing import Any

from django import forms

from diary import calling, pushing


class SubscriptionForm(forms.Form):
    """An address of a push service and the keys of a browser: filled in by a script, believed of nobody."""

    endpoint = forms.CharField(max_length=1000)
    point = forms.CharField(max_length=88)
    secret = forms.CharField(max_length=24)
    renews = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not self.errors:
            try:
                calling.parts_of(answers["endpoint"])
                pushing.check(answers["point"], answers["secret"])
            except ValueError as wrong:
                raise forms.ValidationError(str(wrong)) from None
        return answers
