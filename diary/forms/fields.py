"""What may be typed into a diary: scores, grades, ticks, notes, times on a wall clock."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.forms.choices import AFTERCARE, SCORES
from diary.models import Grade

LONGEST_SCORE = 20  # how much of a mistyped score is repeated to who typed it
LONGEST_NOTE = 4000
SINCE = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECONDS = 14  # digits of an instant up to the year 5138
LONGEST_ADVICE = 80
MOST_ADVICE = 8
KNOWN_ADVICE = [code for code, _words in AFTERCARE]
TIMES = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M")


def plain(text: Any) -> str:
    """Return typed text with full-width digits and the like in their plain form."""
    return unicodedata.normalize("NFKC", str(text)).strip()


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


class Still:
    """A field of which every form has the same widget and choices, so that it copies neither: that is half its cost.

    What a form says of it, such as a hint, is the form's own.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        field = object.__new__(type(self))
        field.__dict__.update(self.__dict__)
        return field


class PlainRadio(forms.RadioSelect):
    """Radio buttons that know a full-width "５" for a 5; `low` and `high` are the words at the ends of a scale."""

    low: Any = ""
    high: Any = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str:
        return plain(data.get(name, ""))[:LONGEST_SCORE]


class ScoreField(Still, forms.TypedChoiceField):
    """A whole number from 0 to 10, or None where nothing was chosen; `low` and `high` stand at the ends."""

    default_error_messages = {
        "required": _("Choose a number from 0 to 10."),
        "invalid_choice": _("“%(value)s” is not on the scale. Choose a whole number from 0 to 10."),
    }

    def __init__(self, *, low: Any = "", high: Any = "", required: bool = False, **options: Any) -> None:
        widget = PlainRadio()
        widget.low, widget.high = low, high
        super().__init__(choices=SCORES, coerce=int, empty_value=None, required=required, widget=widget, **options)


class WordField(Still, forms.ChoiceField):
    """One of a few words, or empty where nothing was chosen."""

    widget = PlainRadio

    def __init__(self, *, required: bool = False, **options: Any) -> None:
        super().__init__(required=required, **options)


class GradeField(Still, forms.TypedChoiceField):
    """None to severe as 0 to 3, or None where nothing was chosen."""

    widget = PlainRadio

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=Grade.choices, coerce=int, empty_value=None, required=False, **options)


class CodesField(Still, forms.MultipleChoiceField):
    """Ticks, as codes in the order of the choices."""

    widget = forms.CheckboxSelectMultiple
    default_error_messages = {"invalid_choice": _("“%(value)s” is not among the choices.")}

    def __init__(self, *, choices: Sequence[tuple[str, Any]], **options: Any) -> None:
        super().__init__(required=False, choices=choices, **options)
        self.codes = [code for code, _words in choices]

    def clean(self, value: Any) -> list[str]:
        ticked = set(super().clean(value))
        return [code for code in self.codes if code in ticked]


class AftercareField(CodesField):
    """Ticks of what one did; what a practitioner advised in words of their own is kept as those words."""

    def valid_value(self, value: str) -> bool:
        return super().valid_value(value) or 0 < len(value) <= LONGEST_ADVICE

    def clean(self, value: Any) -> list[str]:
        ticked = [storable(one).strip() for one in forms.MultipleChoiceField.clean(self, value)]
        own = [one for one in dict.fromkeys(ticked) if one and one not in KNOWN_ADVICE]
        return [code for code in KNOWN_ADVICE if code in ticked] + own[:MOST_ADVICE]


class NoteField(Still, forms.CharField):
    """Free text. Signs that nobody sees and no database keeps are left out."""

    default_error_messages = {
        "max_length": _("This can have up to %(limit_value)d characters and has %(show_value)d. Please shorten it."),
    }

    def __init__(self, *, max_length: int = LONGEST_NOTE, rows: int = 3, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(required=False, max_length=max_length, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        text = storable(value or "").replace("\r\n", "\n")
        return str(super().to_python(text))


class AdviceField(NoteField):
    """Advice in words of one's own, a line each, as a list."""

    default_error_messages = {
        "long": _("A line can have up to %(limit)d characters. Please shorten it."),
        "many": _("This can have up to %(limit)d lines. Please leave some out."),
    }

    def clean(self, value: Any) -> list[str]:
        typed = (" ".join(line.split()) for line in super().clean(value).splitlines())
        lines = [line for line in dict.fromkeys(typed) if line]
        if any(len(line) > LONGEST_ADVICE for line in lines):
            raise forms.ValidationError(self.error_messages["long"], code="long", params={"limit": LONGEST_ADVICE})
        if len(lines) > MOST_ADVICE:
            raise forms.ValidationError(self.error_messages["many"], code="many", params={"limit": MOST_ADVICE})
        return lines


class LineField(forms.CharField):
    """One line of text: a line break in it becomes a space."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(" ".join(storable(value or "").split())))


def storable(text: str) -> str:
    """Return text without NUL and lone surrogates, which cannot be kept as UTF-8."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


class ZoneField(Still, forms.CharField):
    """The time zone the browser says it is in; one that does not exist is no answer."""

    widget = forms.HiddenInput(attrs={"data-zone": ""})

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> str:
        return value if value in zones() else ""


class IdField(Still, forms.Field):
    """The id that the page came with, by which a form sent twice is known; a damaged one is replaced."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> UUID:
        try:
            return UUID(str(value))
        except ValueError:
            return uuid4()


class VersionField(Still, forms.Field):
    """The version that the page has seen; 0, which never stands, where it does not say."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> int:
        text = str(value)[:9]
        return int(text) if text.isascii() and text.isdigit() else 0


class TypedAtField(Still, forms.Field):
    """When something was typed on a device, in milliseconds since 1970; None where it does not say, or nonsense."""

    widget = forms.HiddenInput

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)

    def clean(self, value: Any) -> datetime | None:
        text = str(value or "")[:MILLISECONDS]
        digits = text.isascii() and text.isdigit()
        return SINCE + timedelta(milliseconds=int(text)) if digits and int(text) else None


class WallTimeField(Still, forms.Field):
    """A date and a time as a clock on the wall shows them: a naive datetime, to the minute."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=TIMES[0])
    default_error_messages = {
        "required": _("Enter a date and a time."),
        "invalid": _("There is no such date and time. Write it like 2026-03-10 08:30."),
    }

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        for form in TIMES:
            try:
                return datetime.strptime(plain(value)[:32], form).replace(second=0)  # noqa: DTZ007 - its zone is asked apart
            except ValueError:
                continue
        raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
