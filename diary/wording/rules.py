"""How the rules are said: their names, what they look for, what they say of a session they raised nothing for."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

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


RULES = {
    "lingering-reaction": RuleWords(
        name=_("Lingering reaction"),
        title=_("%(symptom)s has not settled"),
        rule=stated(
            _(
                "A reaction usually settles within {settles} of a session. This one was still reported after that, or "
                "is dizziness or low mood that was severe."
            )
        ),
        seen=stated(_("%(symptom)s was still there more than {settles} after session %(number)s.")),
        closes=stated(_("It closes when the answers stay clear for {calm}, or stay clear until the next session.")),
    ),
    "severe-pain": RuleWords(
        name=_("Severe pain"),
        title=_("Severe pain"),
        rule=stated(
            _(
                "Pain of {severe_pain} or more since a session, clearly above what is usual as far as that is known, "
                "or soreness of {severe_soreness} or more."
            )
        ),
        seen=stated(
            _(
                "Since session %(number)s, pain reached {severe_pain} or more, clearly above the usual as far as that "
                "is known, or soreness reached {severe_soreness} or more."
            )
        ),
        closes=stated(_("It closes when pain and soreness have stayed lower, or back at the usual, for {calm}.")),
    ),
    "sharp-rise": RuleWords(
        name=_("Sharp rise during a session"),
        title=_("Sharp rise during a session"),
        rule=stated(
            _("Pain rose sharply during a session: noted as sharp, or by {sharp} or more from its start to its end.")
        ),
        seen=_("Pain rose sharply during session %(number)s."),
        closes=_("It closes with the first entry that is back near where the session began, or at the next session."),
    ),
    "escalating-pain": RuleWords(
        name=_("Rising pain"),
        title=_("Pain rising instead of settling"),
        rule=stated(
            _("More than {settles} after a session, pain was above the usual and staying there, or still climbing.")
        ),
        seen=stated(
            _(
                "More than {settles} after session %(number)s, pain was above the usual and staying there, or still "
                "climbing."
            )
        ),
        closes=stated(_("It closes when pain has stayed near the usual for {calm}.")),
    ),
    "worsening-course": RuleWords(
        name=_("Worse over several sessions"),
        title=_("Worse over several sessions"),
        rule=stated(
            _("Over the last {multiple} sessions, pain settled at a higher level than before the first session of all.")
        ),
        seen=_("Up to session %(number)s, pain settled at a higher level than before the first session."),
        closes=stated(_("It closes when pain settles near where it began after {levels_back} sessions in a row.")),
    ),
    "red-flag": RuleWords(
        name=_("Signs that need care"),
        title=_("Needs care: %(code)s"),
        rule=_("A sign that needs medical care, whenever it appears."),
        seen=_("An entry reported: %(code)s."),
        closes=_("Only a person at the practice closes it, after a conversation about it."),
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
            _(
                "No answer about soreness from {settles} to {silent} after a session, and the last one before, if any, "
                "was not clear."
            )
        ),
        seen=_("There is no answer about soreness from the third and fourth day after session %(number)s."),
        closes=_("It closes with the next answer about soreness, or the next session."),
    ),
}

SEEN_OR_SEVERE = stated(_("%(symptom)s was still there more than {settles} after session %(number)s, or was severe."))
"""What is seen of a lingering reaction that does not wait where it is severe."""
LINGERS = stated(_("A reaction usually settles within {settles} of a session. This one was still reported after that."))
"""The rule of a lingering reaction that is none of those that do not wait."""

NOT_EVALUABLE = {
    "no-baseline": _("There is nothing to compare with: no rating from before the session and no usual pain given."),
    "no-room": _("The usual pain is so high that the scale leaves no room to show a rise."),
    "no-settled-level": stated(_("Fewer than {multiple} sessions have a rating from {settles} to {course} after.")),
    "no-entry": _("Nothing has been logged since this session."),
    "no-reaction-answered": _("No question about soreness or another reaction has been answered since this session."),
    "no-late-answer": stated(
        _("Of one reaction the last answer was not clear, and from {settles} after the session on it has none.")
    ),
    "no-settled-rating": stated(_("No pain has been logged from {settles} to {course} after this session.")),
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
GOING_ON = _("A flag from before this session was still open after it: what goes on is told there, not once more.")
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


def said_of(answer: Any, until: str) -> str:
    """Say what a rule says of a session (`explaining.Answer`); `until` is its instant on the reader's clock."""
    if answer.state in UNTIL:
        return str(UNTIL[answer.state]) % {"until": until}
    if answer.state == "going-on":
        return str(GOING_ON)
    return str(CLEAR[answer.rule] if answer.state == "clear" else NOT_EVALUABLE[answer.reason])
