"""What is usual for a patient and what a practitioner must know, as it is typed."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diary.actions.intakes import seen
from diary.clinical.diary import REACTIONS
from diary.forms.choices import BLOOD_THINNERS, CONDITIONS
from diary.forms.fields import CodesField, GradeField, NoteField, ScoreField
from diary.models import Intake
from diary.wording import in_a_row

LONGEST_TEXT = 2000
USUAL_REACTIONS = tuple(f"usual_{name}" for name in REACTIONS)
TOPICS = {
    "usual": ("usual_pain", "usual_soreness", *USUAL_REACTIONS),
    "conditions": ("conditions",),
    "medicines": ("blood_thinners", "medicines", "allergies"),
    "before": ("earlier_treatments", "expectation", "needle_nervousness"),
}
LOOKS = {ScoreField: "scale", GradeField: "segments", CodesField: "chips", NoteField: "field"}


@dataclass(frozen=True, slots=True)
class Topic:
    """One step on the way in: what it asks, and why."""

    title: str | Promise
    why: str | Promise
    names: tuple[str, ...]


STEPS = (
    Topic(
        _("Your usual pain"),
        _("On an ordinary day, before any treatment. What you log is compared with it until your diary knows better."),
        ("usual_pain",),
    ),
    Topic(
        _("What else is usual"),
        _("What you live with anyway is then not taken for a reaction to a session."),
        ("usual_soreness", *USUAL_REACTIONS),
    ),
    Topic(
        _("Conditions"),
        _("What somebody with a needle must know. Some of these make the rules look more closely."),
        ("conditions",),
    ),
    Topic(
        _("Medicines"),
        _("Blood thinners above all: bruises and bleeding count for more with them."),
        ("blood_thinners", "medicines"),
    ),
    Topic(_("Allergies"), _("So that nobody reaches for the wrong needle, plaster or disinfectant."), ("allergies",)),
    Topic(
        _("Earlier treatments"),
        _("What was tried before, and how it went, saves you from having to tell it again."),
        ("earlier_treatments",),
    ),
    Topic(
        _("What you hope for, and needles"),
        _("The last step. Both help to go at your pace."),
        ("expectation", "needle_nervousness"),
    ),
)


def in_words(field: forms.Field, said: Any) -> str:
    """Return an answer as its choices name it; a dash where there is none."""
    if said in (None, "", []):
        return "–"
    words = {code: str(label) for code, label in getattr(field, "choices", ())}
    return in_a_row(words.get(code, code) for code in (said if isinstance(said, list) else [said]))


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
    blood_thinners = CodesField(
        label=_("Do you take a blood thinner?"),
        help_text=_(
            "Choosing one also ticks “takes blood thinners” under Conditions: the rules then look at bruises sooner."
        ),
        choices=BLOOD_THINNERS,
    )
    medicines = text(_("Medicines"), _("All others that you take, also those without a prescription."))
    allergies = text(_("Allergies"), _("To metals, plasters, disinfectants, medicines."))
    earlier_treatments = text(_("Earlier treatments, and how they went"))
    expectation = text(_("What you hope for"))
    needle_nervousness = ScoreField(
        label=_("How nervous do needles make you?"),
        help_text=_("So that people can go gently. It never makes a flag count less."),
        low=_("not at all"),
        high=_("very"),
    )

    def __init__(self, data: Any = None, *, intake: Intake, only: tuple[str, ...] = ()) -> None:
        """`only` are the questions of one step; without any, all are asked."""
        super().__init__(data, initial={name: getattr(intake, name) for name in self.base_fields})
        self.intake = intake
        for name in set(self.fields) - set(only) if only else ():
            del self.fields[name]

    @property
    def answers(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields}

    @property
    def version(self) -> str:
        """Return the word for what stands, which the page sends back to say what it has shown."""
        return seen(self.intake, self.fields)

    def stands(self) -> list[tuple[str, str]]:
        """Return each question whose answer stands otherwise than it is typed, with what stands, in words."""
        pairs = [(self[name], getattr(self.intake, name)) for name in self.fields]
        return [(str(asked.label), in_words(asked.field, said)) for asked, said in pairs if self.typed(asked) != said]

    def typed(self, asked: forms.BoundField) -> Any:
        return self.cleaned_data.get(asked.name)

    def asked(self) -> list[tuple[str, forms.BoundField]]:
        """Return each question with how it looks: the name of its template in `crispy/`."""
        return [(LOOKS[type(field)], self[name]) for name, field in self.fields.items()]

    def wrong(self) -> set[str]:
        """Return the topics that hold an error."""
        return {topic for topic, names in TOPICS.items() if any(name in self.errors for name in names)}

    def usual_reactions(self) -> list[forms.BoundField]:
        return [self[name] for name in USUAL_REACTIONS]
