"""How a flag is said: what was seen, by which rule, what to do, what would close it, what people did."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from diary.clinical.diary import RED_FLAGS
from diary.clinical.rules.lingering_reaction import ALARMING_SYMPTOMS
from diary.models import Flag, Level
from diary.wording.answers import RED_FLAG, SYMPTOM
from diary.wording.rules import LINGERS, RULES, SEEN_OR_SEVERE


@dataclass(frozen=True, slots=True)
class Words:
    """One flag as people read it; `asks` is what a patient is to do."""

    title: str
    seen: str
    rule: str
    asks: str
    closes: str


ASKS = {
    Level.NOTICE: _("There is nothing you need to do. Log again when you can; it helps to know how it goes on."),
    Level.REVIEW: _(
        "If you share with a practitioner, they find this on their list on the next working day. "
        "If it gets worse before that, contact your practice."
    ),
    Level.PRIORITY: _(
        "Get in touch with your practice today. If you cannot reach them and it gets worse, seek medical care."
    ),
    Level.URGENT: _("Seek medical care at once. Do not wait for an answer from your practice."),
}
SAME_DAY = _("Have this seen by a doctor today. Do not wait for an answer from your practice.")
ADVICE = {
    "emergency": _("An emergency: seek medical care at once"),
    "same day": _("Be seen by a doctor the same day"),
}
MEDICAL_EVALUATION = _("Arrange a medical evaluation, not only another session.")

OUTCOME = {
    Flag.Outcome.ACKNOWLEDGED: _("acknowledged"),
    Flag.Outcome.CONTACTED: _("contacted"),
    Flag.Outcome.REFERRED: _("referred for medical evaluation"),
    Flag.Outcome.NOT_A_CONCERN: _("not a concern"),
}


def of(flag: Flag, number: int | str | None = None) -> Words:
    """Return the words of one flag; `number` is its session's place among the patient's, counted from 1."""
    words = RULES[flag.rule]
    facts = facts_of(flag, number)
    return Words(
        title=str(words.title) % facts,
        seen=str(SEEN_OR_SEVERE if flag.symptom in ALARMING_SYMPTOMS else words.seen) % facts,
        rule=str(LINGERS if flag.symptom and flag.symptom not in ALARMING_SYMPTOMS else words.rule),
        asks=asks(flag),
        closes=str(words.closes),
    )


def example(rule: str, level: str) -> Words:
    """Return what a patient reads of a rule's flag at a level, after a second session."""
    return of(Flag(rule=rule, symptom="soreness", code=next(iter(RED_FLAG)), level=Level[level.upper()]), number=2)


def facts_of(flag: Any, number: int | str | None) -> dict[str, Any]:
    return {
        "symptom": SYMPTOM.get(flag.symptom, _("A reaction")),
        "code": RED_FLAG.get(flag.code, ""),
        "number": number or "–",
    }


def asks(flag: Flag) -> str:
    if flag.rule == "worsening-course" and flag.level == Level.PRIORITY:
        return str(MEDICAL_EVALUATION)
    if RED_FLAGS.get(flag.code) == "same day":
        return str(SAME_DAY)
    return str(ASKS[Level(flag.level)])


def level_code(level: int) -> str:
    """Return the name of a level as rules and stylesheets write it."""
    return Level(level).name.lower()
