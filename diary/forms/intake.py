"""What is usual for a patient and what a practitioner must know, as it is typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from diary.clinical.diary import REACTIONS
from diary.forms.choices import CONDITIONS
from diary.forms.fields import CodesField, GradeField, NoteField, ScoreField
from diary.models import Intake

LONGEST_TEXT = 2000
TOPICS = {
    "usual": ("usual_pain", "usual_soreness", *(f"usual_{name}" for name in REACTIONS)),
    "conditions": ("conditions",),
    "medicines": ("medicines", "allergies"),
    "before": ("earlier_treatments", "expectation", "needle_nervousness"),
}


def text(label: Any, hint: Any = "") -> NoteField:
    return NoteField(label=label, help_text=hint, max_length=LONGEST_TEXT)


class IntakeForm(forms.Form):
    """Every answer may be left open."""

    usual_pain = ScoreField(
        label=_("Your usual pain, before any treatment"), low=_("no pain"), high=_("worst imaginable")
    )
    usual_soreness = ScoreField(label=_("Your usual soreness"), low=_("none"), high=_("worst imaginable"))
    usual_stiffness = GradeField(label=_("Stiffness"))
    usual_fatigue = GradeField(label=_("Tiredness"))
    usual_dizziness = GradeField(label=_("Dizziness"))
    usual_low_mood = GradeField(label=_("Low mood"))
    usual_bruising = GradeField(label=_("Bruising"))
    conditions = CodesField(label=_("Do any of these apply to you?"), choices=CONDITIONS)
    medicines = text(_("Medicines"), _("Name blood thinners especially, aspirin too."))
    allergies = text(_("Allergies"), _("To metals, plasters, disinfectants, medicines."))
    earlier_treatments = text(_("Earlier treatments, and how they went"))
    expectation = text(_("What you hope for"))
    needle_nervousness = ScoreField(
        label=_("How nervous do needles make you?"),
        help_text=_("So that people can go gently. It never makes a flag count less."),
        low=_("not at all"),
        high=_("very"),
    )

    def __init__(self, data: Any = None, *, intake: Intake) -> None:
        super().__init__(data, initial={name: getattr(intake, name) for name in self.base_fields})

    @property
    def answers(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields}

    def wrong(self) -> set[str]:
        """Return the topics that hold an error."""
        return {topic for topic, names in TOPICS.items() if any(name in self.errors for name in names)}

    def usual_reactions(self) -> list[forms.BoundField]:
        return [self[f"usual_{name}"] for name in REACTIONS]
