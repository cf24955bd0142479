"""How a finding, a level, a symptom is said to a person: one text a thing, used by page, mail and report alike.

A text says what was seen, by which rule, what to do and what would close it. It says "since session N", never
"caused by"; it neither alarms on an ordinary day nor soothes on a bad one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from diary.clinical.diary import RED_FLAGS
from diary.models import Flag, Level
from diary.stating import stated

Text = str | Promise


@dataclass(frozen=True, slots=True)
class RuleWords:
    """A rule as people read it: its name, its flag's title, the rule in a sentence, what was seen, what closes it."""

    name: Text
    title: Text
    rule: Text
    seen: Text
    closes: Text


@dataclass(frozen=True, slots=True)
class Words:
    """One flag as people read it; `asks` is what a patient is to do."""

    title: str
    seen: str
    rule: str
    asks: str
    closes: str


RULES = {
    "lingering-reaction": RuleWords(
        name=_("Lingering reaction"),
        title=_("%(symptom)s has not settled"),
        rule=stated(
            _("A reaction usually settles within {settles} of a session. This one was still reported after that.")
        ),
        seen=stated(_("%(symptom)s was still there more than {settles} after session %(number)s, or was severe.")),
        closes=stated(_("It closes when the answers stay clear for {calm}, or stay clear until the next session.")),
    ),
    "severe-pain": RuleWords(
        name=_("Severe pain"),
        title=_("Severe pain"),
        rule=stated(_("Pain or soreness of {severe_pain} or more since a session, clearly above what is usual.")),
        seen=stated(
            _("Pain or soreness reached {severe_pain} or more since session %(number)s, clearly above the usual.")
        ),
        closes=stated(_("It closes when pain and soreness have stayed lower, or back at the usual, for {calm}.")),
    ),
    "sharp-rise": RuleWords(
        name=_("Sharp rise during a session"),
        title=_("Sharp rise during a session"),
        rule=stated(_("Pain rose sharply, by {sharp} or more, between the start and the end of a session.")),
        seen=_("Pain rose sharply during session %(number)s."),
        closes=_("It closes with the first entry that is back near where the session began, or at the next session."),
    ),
    "escalating-pain": RuleWords(
        name=_("Rising pain"),
        title=_("Pain rising instead of settling"),
        rule=stated(
            _("More than {settles} after a session, pain was above the usual and staying there, or still climbing.")
        ),
        seen=stated(_("More than {settles} after session %(number)s, pain was above the usual and had not settled.")),
        closes=stated(_("It closes when pain has stayed near the usual for {calm}.")),
    ),
    "worsening-course": RuleWords(
        name=_("Worse over several sessions"),
        title=_("Worse over several sessions"),
        rule=stated(
            _("The level to which pain settles after each session has risen over the last {multiple} sessions.")
        ),
        seen=_("Up to session %(number)s, pain settled at a higher level than before the first session."),
        closes=stated(_("It closes when pain settles near where it began after {levels_back} sessions in a row.")),
    ),
    "red-flag": RuleWords(
        name=_("Signs that need care"),
        title=_("Needs care: %(code)s"),
        rule=_("A sign that needs medical care, whenever it appears."),
        seen=_("An entry reported: %(code)s."),
        closes=_("Only a person at the practice closes it, after speaking with the patient."),
    ),
    "marked-bruising": RuleWords(
        name=_("Marked bruising"),
        title=_("Marked bruising"),
        rule=_("Bruising that is severe, growing, or more than mild where bleeding is easier than usual."),
        seen=_("Marked bruising was reported since session %(number)s."),
        closes=_("It closes with the first answer of mild or none, or at the next session."),
    ),
    "silence": RuleWords(
        name=_("Silence"),
        title=_("Not known whether it settled"),
        rule=stated(
            _("No answer about soreness from {settles} to {silent} after a session, and none before that was clear.")
        ),
        seen=_("There is no answer about soreness from the third and fourth day after session %(number)s."),
        closes=_("It closes with the next answer about soreness, or the next session."),
    ),
}

LEVEL = {
    Level.NOTICE: _("notice"),
    Level.REVIEW: _("review"),
    Level.PRIORITY: _("priority"),
    Level.URGENT: _("urgent"),
}

ASKS = {
    Level.NOTICE: _("There is nothing you need to do. Log again when you can; it helps to know how it goes on."),
    Level.REVIEW: _(
        "A practitioner you share with finds this on their list on the next working day. "
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

SYMPTOM = {
    "soreness": _("Soreness"),
    "stiffness": _("Stiffness"),
    "fatigue": _("Fatigue"),
    "dizziness": _("Dizziness"),
    "low_mood": _("Low mood"),
    "bruising": _("Bruising"),
}

RED_FLAG_QUESTIONS = {
    "breathing": _("New breathlessness, or sharp chest or upper-back pain on breathing in"),
    "saddle": _("Numbness between the legs, or you cannot pass or hold urine or stool"),
    "legs": _("New weakness or numbness in a leg, pain down both legs, or unsteady walking"),
    "collapse": _("You fainted and were hurt, had a fit, or were not back to normal within an hour"),
    "head": _("Worst-ever headache, stiff neck, confusion, or trouble seeing or speaking"),
    "fever": _("Fever or shivering with back, hip or joint pain"),
    "infection": _("Spreading redness, heat, swelling or pus at a needle site"),
    "bleeding": _("Bleeding that will not stop, fast-growing swelling, or a needle left in"),
}

RED_FLAG = {
    "breathing": _("breathing"),
    "saddle": _("numbness between the legs, bladder or bowel"),
    "legs": _("weakness or numbness in the legs"),
    "collapse": _("fainting with injury, or a fit"),
    "head": _("severe headache or confusion"),
    "fever": _("fever with back or joint pain"),
    "infection": _("signs of infection at a needle site"),
    "bleeding": _("bleeding, or a needle left in"),
}

CONDITIONS = {
    "herniated_disc": _("herniated disc"),
    "nerve_compression": _("nerve compression"),
    "spinal_surgery": _("spinal surgery"),
    "bleeding_disorder": _("bleeding disorder"),
    "blood_thinners": _("takes blood thinners"),
    "skin_condition": _("skin condition or infection"),
    "lowered_immunity": _("lowered immunity"),
    "lung_disease": _("lung disease"),
    "pregnancy": _("pregnancy"),
    "allergy": _("allergy"),
}

BLOOD_THINNERS = {
    "aspirin": _("aspirin"),
    "clopidogrel": _("clopidogrel"),
    "prasugrel": _("prasugrel"),
    "ticagrelor": _("ticagrelor"),
    "warfarin": _("warfarin"),
    "phenprocoumon": _("phenprocoumon"),
    "acenocoumarol": _("acenocoumarol"),
    "apixaban": _("apixaban"),
    "rivaroxaban": _("rivaroxaban"),
    "edoxaban": _("edoxaban"),
    "dabigatran": _("dabigatran"),
    "heparin": _("heparin injections"),
    "other": _("another one"),
}

FOR_PRACTITIONERS = {
    "herniated_disc": _(
        "Leg weakness, numbness between the legs, bladder or bowel trouble: asked at every entry, urgent."
    ),
    "nerve_compression": _("New weakness or numbness in a leg: asked at every entry, urgent."),
    "spinal_surgery": _("No rule counts differently. Fever with back pain is asked at every entry."),
    "bleeding_disorder": _("Bruising counts more: moderate is flagged at once, severe is a priority."),
    "blood_thinners": _("Bruising counts more: moderate is flagged at once, severe is a priority."),
    "skin_condition": _("No rule counts differently. Redness, heat or pus at a needle site is asked at every entry."),
    "lowered_immunity": _("No rule counts differently. Fever, and redness at a needle site, are asked at every entry."),
    "lung_disease": _("No rule counts differently. Breathlessness or chest pain is asked at every entry, urgent."),
    "pregnancy": _("No rule counts differently."),
    "allergy": _("No rule counts differently. See the allergies."),
}
"""What a condition means here, for whoever needles: what the rules do with it, and what is asked anyway."""

NOT_EVALUABLE = {
    "no-baseline": _("There is nothing to compare with: no rating from before the session and no usual pain given."),
    "no-room": _("The usual pain is so high that the scale leaves no room to show a rise."),
    "no-settled-level": stated(_("Fewer than {multiple} sessions have a rating from {settles} to {course} after.")),
    "no-entry": _("Nothing has been logged since this session."),
    "no-reaction-answered": _("No question about soreness or another reaction has been answered since this session."),
    "no-late-answer": stated(
        _("The last answer was not clear, and from {settles} after the session on there is none.")
    ),
    "no-late-entry": stated(_("No pain has been logged later than {settles} after this session.")),
    "next-session": stated(_("The next session came before {settles} were over.")),
    "no-scores": _("Pain before or after this session was not noted."),
    "too-few-sessions": stated(_("It looks at {multiple} sessions together; there were fewer up to this one.")),
    "no-bruising-answered": _("No question about bruising has been answered since this session."),
    "silent": stated(_("No question about soreness was answered from {settles} to {silent} after this session.")),
}
"""Why a rule cannot tell, or what it lacks."""

UNTIL = {
    "expected": _("In the expected time until %(until)s: what comes and goes before that is flagged to nobody."),
    "waiting": _("Not yet: it looks from %(until)s on."),
}
CLEAR = {
    "lingering-reaction": stated(_("It looked. No reaction was reported for longer than {settles}.")),
    "severe-pain": _("It looked. No severe pain or soreness clearly above your usual."),
    "sharp-rise": _("It looked. Pain did not rise sharply during the session."),
    "escalating-pain": stated(
        _("It looked. More than {settles} after the session, pain neither stayed above your usual nor climbed.")
    ),
    "worsening-course": _("It looked. Pain did not settle at a higher level than where it began."),
    "red-flag": _("It looked. No sign that needs medical care was ticked."),
    "marked-bruising": _("It looked. No marked bruising was reported."),
    "silence": _("It looked. You answered, or the next session came."),
}
"""What a rule says of a session where it looked and found nothing."""

OUTCOME = {
    Flag.Outcome.ACKNOWLEDGED: _("acknowledged"),
    Flag.Outcome.CONTACTED: _("contacted"),
    Flag.Outcome.REFERRED: _("referred for medical evaluation"),
    Flag.Outcome.NOT_A_CONCERN: _("not a concern"),
}


@dataclass(frozen=True, slots=True)
class RateWords:
    """A reaction whose rate is counted, and how often it is published to occur."""

    name: Text
    published: Text


RATES = {
    "bruising": RateWords(_("Bruising or bleeding"), _("10–20 %")),
    "soreness": RateWords(_("Soreness at the site"), _("15–25 %")),
    "dizziness": RateWords(_("Dizziness or fainting"), _("below 5 %")),
    "breathing": RateWords(_("Breathing (a collapsed lung is looked for)"), _("below 0.01 %")),
    "infection": RateWords(_("Signs of infection"), _("below 0.01 %")),
}
STANDS = {
    "overlaps": _("overlaps"),
    "above": _("above"),
    "below": _("below"),
    "too few": _("too few to say"),
    "unanswered": _("too few answers to say"),
}
"""How a rate stands beside the published one."""


def of(flag: Flag, number: int | str | None = None) -> Words:
    """Return the words of one flag; `number` is its session's place among the patient's, counted from 1."""
    words = RULES[flag.rule]
    facts = facts_of(flag, number)
    return Words(
        title=str(words.title) % facts,
        seen=str(words.seen) % facts,
        rule=str(words.rule),
        asks=asks(flag),
        closes=str(words.closes),
    )


def example(rule: str, level: str) -> Words:
    """Return what a patient reads of a rule's flag at a level, after a second session."""
    return of(Flag(rule=rule, symptom="soreness", code=next(iter(RED_FLAG)), level=Level[level.upper()]), number=2)


def said_of(answer: Any, until: str) -> str:
    """Say what a rule says of a session (`explaining.Answer`); `until` is its instant on the reader's clock."""
    if answer.state in UNTIL:
        return str(UNTIL[answer.state]) % {"until": until}
    return str(CLEAR[answer.rule] if answer.state == "clear" else NOT_EVALUABLE[answer.reason])


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


def day_of(ended_at: datetime, now: datetime, zone: str) -> int:
    """Return how many days ago, by the calendar of that zone, a session ended; its own day is 0."""
    here = ZoneInfo(zone)
    return (now.astimezone(here).date() - ended_at.astimezone(here).date()).days


USUAL_NOW = (
    (
        timedelta(hours=48),
        stated(_("Soreness, stiffness or tiredness is often reported now; it usually settles within {settles}.")),
    ),
    (timedelta(hours=96), _("What follows a session has usually settled by now. Say so if something has not.")),
)


def usual_now(since: timedelta) -> str:
    """Return what is usual so long after a session; nothing once it is over for everybody."""
    return next((str(said) for until, said in USUAL_NOW if since <= until), "")


def since_session(number: int, days: int) -> str:
    """Say where a person stands: the day of the session, or the day after it."""
    if days == 0:
        return say("This is the day of session %(number)d.") % {"number": number}
    return ngettext(
        "This is day %(days)d after session %(number)d.", "This is day %(days)d after session %(number)d.", days
    ) % {"days": days, "number": number}


def in_a_row(words: Iterable[object]) -> str:
    """Say several things one after another, with the comma of the language."""
    return pgettext("between the items of a list", ", ").join(map(str, words))
