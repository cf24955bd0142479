"""A file that is brought along."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.forms.settings import named_zones

JSON, CSV = "json", "csv"
PASTED = 200_000
HOW = ("dates", "zone", "scale")
SCALES = [(10, "10"), (100, _("100: each is divided by ten and rounded, half-way up"))]


class FileForm(forms.Form):
    """One file, or for a table its text."""

    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[(JSON, _("An export of Settle (JSON or FHIR)")), (CSV, _("A table (CSV)"))],
        widget=forms.RadioSelect,
        initial=JSON,
        error_messages={"required": _("Choose what it is."), "invalid_choice": _("Choose what it is.")},
    )
    file = forms.FileField(label=_("File"), required=False, allow_empty_file=True)
    pasted = forms.CharField(
        label=_("Or paste the lines of a table"),
        required=False,
        strip=False,
        max_length=PASTED,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"max_length": _("This is too much to paste. Choose it as a file.")},
    )

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if not answers.get("file") and not answers.get("pasted", "").strip():
            self.add_error("file", _("Choose a file."))
        elif answers.get("file") is not None and not answers["file"].size and not answers.get("pasted"):
            self.add_error("file", _("This file is empty."))
        return answers

    def content(self, most: int) -> bytes:
        """Return what was brought, at most one byte more than `most`."""
        file = self.cleaned_data["file"]
        return file.read(most + 1) if file else self.cleaned_data["pasted"].encode()[: most + 1]


class ReadingForm(forms.Form):
    """How a table is read: what each column is, how dates are written, on which clock."""

    def __init__(self, data: Any, *, head: list[str], reading: Any, kinds: list[Any], written: list[Any]) -> None:
        """`reading` is what stands; `kinds` and `written` are the kinds of columns and ways of writing dates."""
        super().__init__(data)
        kinds = [("", _("leave out")), *kinds]
        for place, name in enumerate(head):
            column = forms.ChoiceField(label=name or str(place + 1), choices=kinds, required=False)
            column.initial = reading.columns[place]
            self.fields[f"column_{place}"] = column
        self.fields["dates"] = forms.ChoiceField(label=_("How dates are written"), choices=written)
        self.fields["zone"] = forms.ChoiceField(label=_("Time zone of the times"), choices=named_zones)
        self.fields["scale"] = forms.ChoiceField(label=_("Scores go from 0 to"), choices=SCALES, required=False)
        for name in HOW:
            self.fields[name].initial = getattr(reading, name)
        self.columns = [f"column_{place}" for place in range(len(head))]

    @property
    def column_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.columns]

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        chosen = [kind for name in self.columns if (kind := answers.get(name))]
        if len(chosen) > len({*chosen}):
            raise forms.ValidationError(_("Two columns are said to be the same thing. Leave one of them out."))
        if "pain" not in chosen or not {"when", "date"} & {*chosen}:
            raise forms.ValidationError(_("Say which column is the pain, and which is the date."))
        return answers

    @property
    def reading(self) -> dict[str, Any]:
        """Return the choices as they are kept."""
        columns = [self.cleaned_data[name] for name in self.columns]
        how = {name: self.cleaned_data[name] for name in HOW}
        return {"columns": columns, **how, "scale": int(how["scale"] or SCALES[0][0])}
