"""The rules stated in full for people: part by part, each number taken from where the rules take it."""

from typing import Any

from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from diary.clinical import thresholds
from diary.clinical.diary import DAY, HOUR, SEVERE
from diary.models import Grade

Text = str | Promise
MINUTE = 60
NUMBERS = {
    1: _("one"),
    2: _("two"),
    3: _("three"),
    4: _("four"),
    5: _("five"),
    6: _("six"),
    7: _("seven"),
    8: _("eight"),
    9: _("nine"),
    10: _("ten"),
}


def counted(number: int) -> str:
    """Return a number in words up to ten, as people write it in a sentence."""
    return str(NUMBERS.get(number, number))


def lasting(seconds: int) -> str:
    """Return a duration in words, in the largest unit that it is a whole number of: "two days", "12 hours"."""
    if seconds % DAY == 0:
        return ngettext("%(count)s day", "%(count)s days", seconds // DAY) % {"count": counted(seconds // DAY)}
    if seconds % HOUR == 0:
        return ngettext("%(count)s hour", "%(count)s hours", seconds // HOUR) % {"count": counted(seconds // HOUR)}
    minutes = seconds // MINUTE
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": counted(minutes)}


def in_points(number: int) -> str:
    return ngettext("%(count)s point", "%(count)s points", number) % {"count": counted(number)}


def grade(value: int) -> str:
    return str(Grade(value).label)


AS_DURATIONS = {
    "doubled": thresholds.DOUBLED_WITHIN,
    "followed": thresholds.FOLLOW_UP,
    "settles": thresholds.SETTLES_WITHIN,
    "reaches_back": thresholds.BASELINE_REACHES_BACK,
    "calm": thresholds.CALM_FOR,
    "needled_again": thresholds.NEEDLED_AGAIN_WITHIN,
    "fades": thresholds.FADES_WITHIN,
    "severe_run": thresholds.SEVERE_RUN,
    "severe_run_against": thresholds.SEVERE_RUN_AGAINST_THE_WORD,
    "escalating_run": thresholds.ESCALATING_RUN,
    "persisting": thresholds.PERSISTING_RUN,
    "climb_apart": thresholds.CLIMB_APART,
    "climb_spans": thresholds.CLIMB_SPANS,
    "course": thresholds.COURSE_REACHES,
    "step_up": thresholds.STEP_UP_OVER,
    "silent": thresholds.SILENT_AFTER,
}
AS_POINTS = {
    "rise": thresholds.RISE,
    "noisy_rise": thresholds.NOISY_RISE,
    "rise_without_room": thresholds.RISE_WITHOUT_ROOM,
    "back": thresholds.BACK_WITHIN,
    "severe_rise": thresholds.SEVERE_RISE,
    "overrules": thresholds.OVERRULES_THE_WORD,
    "sharp": thresholds.SHARP_RISE,
    "climb_by": thresholds.CLIMB_BY,
    "steep": thresholds.STEEP,
}
AS_COUNTS = {
    "firm": thresholds.FIRM_BUCKETS,
    "multiple": thresholds.MULTIPLE_SESSIONS,
    "levels_back": thresholds.LEVELS_BACK,
}
AS_SCORES = {
    "low": thresholds.LOW_BASELINE,
    "room": thresholds.ROOM_UP_TO,
    "top": thresholds.TOP_OF_SCALE,
    "faint": thresholds.FAINT_SORENESS,
    "severe_pain": thresholds.SEVERE_PAIN,
    "severe_soreness": thresholds.SEVERE_SORENESS,
    "escalating": thresholds.ESCALATING_PAIN,
}
AS_GRADES = {"alarming": thresholds.ALARMING_GRADE, "marked": thresholds.MARKED, "severe": SEVERE}
VALUES: dict[str, Any] = {
    **{name: lazy(lasting, str)(value) for name, value in AS_DURATIONS.items()},
    **{name: lazy(in_points, str)(value) for name, value in AS_POINTS.items()},
    **{name: lazy(counted, str)(value) for name, value in AS_COUNTS.items()},
    **AS_SCORES,
    **{name: lazy(grade, str)(value) for name, value in AS_GRADES.items()},
}


def stated(text: Any) -> Text:
    """Return a text with the numbers of the rules in their places, in whatever language it is read."""
    return format_lazy(text, **VALUES)


SOURCES = {
    "document": _("source document"),
    "literature": _("published studies"),
    "ours": _("our reading"),
}

PARTS: dict[str, dict[str, Text]] = {
    "lingering-reaction": {
        "rule": _(
            "Soreness, stiffness, tiredness, dizziness and low mood after a session usually settle in a day or two. "
            "Bruising lasts longer by nature and has a rule of its own."
        ),
        "two days": _("Flagged when one of them is above your usual more than {settles} after a session."),
        "through a session": _(
            "Also more than {needled_again} after the session with which it began, where it never left in between: "
            "another session does not hide it."
        ),
        "severe at once": _("Dizziness or low mood that is {alarming} does not wait."),
        "fading soreness": _(
            "Soreness of {faint} or less, and lower than the answer before, is only noted up to {fades} after a "
            "session. Other reactions are noted while they are mild. All else is for review."
        ),
        "when it is over": _("It is over when the answers stay clear for {calm}, or until the next session."),
    },
    "severe-pain": {
        "rule": _("A reaction should not grow into severe pain. This rule looks from the end of a session on."),
        "severe from 7": _(
            "Severe is pain of {severe_pain} or more, or soreness of {severe_soreness} or more, of {top}."
        ),
        "how far it rose": _("Severe pain is flagged when it is {severe_rise} or more above your usual."),
        "how long it stayed": _("Or when it has been risen for {severe_run}. Severe soreness is flagged at once."),
        "the patient's own word": _(
            "While you answer “better” or “same”, it takes {overrules} above your usual, or {severe_run_against}. "
            "With nothing to compare with, any other answer is enough."
        ),
        "when it is over": _(
            "It is over when both have been below severe, or pain within {back} of your usual, for {calm}."
        ),
    },
    "sharp-rise": {
        "rule": _("A sharp rise of pain is to be told at once, during the session, so that something can be changed."),
        "how far it rose": _(
            "Flagged when it was noted as sharp, or when pain after a session is {sharp} or more above pain before it."
        ),
        "when it is over": _(
            "It is over with the first entry within {back} of the pain before the session, or at the next session."
        ),
    },
    "escalating-pain": {
        "rule": _("Pain that grows or stays after a session, instead of settling."),
        "after two days": _(
            "It looks from {settles} after a session on. A rise that comes and goes before that is expected, and "
            "flagged to nobody."
        ),
        "from 4": _("Pain below {escalating} is left alone."),
        "how long it stayed": _(
            "Flagged when pain has been risen for {escalating_run} and once rose a point further, or has been risen "
            "for {persisting}."
        ),
        "a climb": _(
            "Or when it climbs by {climb_by}: over {climb_spans} or more, in four entries {climb_apart} or more apart, "
            "never falling."
        ),
        "how steep": _(
            "It is priority when pain is {steep} or more above where that began. While severe pain is flagged for the "
            "same session it is only noted: the practice has been told."
        ),
        "when it is over": _("It is over when pain has been within {back} of your usual for {calm}."),
    },
    "worsening-course": {
        "rule": _("Worsening that goes on over several sessions asks for a medical evaluation."),
        "three sessions": _(
            "It looks at where pain settled after each of the last {multiple} sessions, from {settles} to {course} "
            "after it, and compares that with the pain before the first session of all."
        ),
        "how far it rose": _(
            "Priority when each of them settled {rise} or more above it ({noisy_rise} where it was below {low}). "
            "For review when the latest and another did, and none settled less than {back} above it."
        ),
        "when it is over": _(
            "It is over when pain settles within {back} of where it began after {levels_back} sessions in a row."
        ),
    },
    "marked-bruising": {
        "rule": _("Bruising is common and fades by itself. This rule looks for what is more than that."),
        "conditions": _(
            "With a bleeding disorder or blood thinners, bruising that is {marked} or {severe} is flagged; {severe} is "
            "priority."
        ),
        "how marked": _(
            "Otherwise bruising that is {severe}, or that has grown to {marked} since an answer at least {step_up} "
            "before."
        ),
        "when it is over": _("It is over with the first answer of none or mild, or at the next session."),
    },
    "silence": {
        "rule": _(
            "A session is followed until it is known to have settled. Silence is neither a symptom nor a recovery."
        ),
        "times": _(
            "Noted when soreness was not answered from {settles} to {silent} after a session, and was not clear at the "
            "last answer before. Another session in that time counts as an answer."
        ),
        "when it is over": _("It is over with the next answer about soreness, or at the next session."),
    },
    "red-flag": {},
}
"""Each rule by the parts of which `Rule.sources` says what they rest on. A red flag's parts are its questions."""

COMPARED: list[tuple[str, Text]] = [
    (
        "ours",
        _(
            "Your usual before a session is the middle of your pain in the {reaches_back} before it, each day counting "
            "once. Days within {settles} of an earlier session are left out, where there are others."
        ),
    ),
    (
        "ours",
        _(
            "On fewer than {firm} days it is provisional. With no rating at all, it is the usual pain that you gave "
            "when you joined."
        ),
    ),
    (
        "literature",
        _(
            "Pain is risen when it is {rise} or more above your usual; {noisy_rise} where your usual is below {low}, "
            "or is provisional and you do not answer “worse”."
        ),
    ),
    (
        "ours",
        _("Above {room} the scale leaves no room: there it takes {rise_without_room} more and your answer “worse”."),
    ),
    ("ours", _("Of two entries within {doubled} the later counts, so that a slip can be put right.")),
    ("ours", _("A session is followed for {followed}, or until the next one.")),
]
"""What is compared with what, for every rule: what it rests on, and the sentence."""


def parts(rule: str, sources: Any) -> list[tuple[Text, Text]]:
    """Return the sentences of a rule, each with what it rests on, in words."""
    return [(stated(PARTS[rule][part]), SOURCES[source]) for part, source in sources.items() if part in PARTS[rule]]


def compared() -> list[tuple[Text, Text]]:
    return [(stated(sentence), SOURCES[source]) for source, sentence in COMPARED]
