"""What of each entry goes into a table."""

from django import forms
from django.utils.translation import gettext_lazy as _

PARTS = [
    ("reactions", _("other reactions")),
    ("signs", _("signs that need care")),
    ("places", _("where")),
    ("good", _("good reactions")),
    ("aftercare", _("aftercare")),
    ("notes", _("notes")),
    ("exact", _("the exact time in UTC, the time zone, the number of the entry")),
    ("withdrawn", _("entries that I deleted, marked as such")),
]


class ColumnsForm(forms.Form):
    parts = forms.MultipleChoiceField(
        label=_("Besides time, pain, soreness and how it compares"),
        choices=PARTS,
        initial=[code for code, _words in PARTS],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def chosen(self) -> list[str]:
        """Return the parts ticked; what is not among them counts for nothing."""
        return [code for code in self["parts"].data or [] if code in dict(PARTS)]
