"""How a finding, a level, a symptom is said to a person: one text a thing, used by page, mail and report alike.

A text says what was seen, by which rule, what to do and what would close it. It says "since session N", never
"caused by"; it neither alarms on an ordinary day nor soothes on a bad one.
"""

from collections.abc import Iterable

from django.utils.translation import pgettext

from diary.wording.answers import (
    BLOOD_THINNERS,
    CONDITIONS,
    FOR_PRACTITIONERS,
    RED_FLAG,
    RED_FLAG_QUESTIONS,
    SYMPTOM,
)
from diary.wording.browsers import browser
from diary.wording.flags import ADVICE, ASKS, OUTCOME, Words, asks, example, facts_of, level_code, of
from diary.wording.rates import RATES, STANDS
from diary.wording.rules import CLEAR, NOT_EVALUABLE, RULES, said_of
from diary.wording.times import day_of, since_session, usual_now

__all__ = [
    "ADVICE",
    "ASKS",
    "BLOOD_THINNERS",
    "CLEAR",
    "CONDITIONS",
    "FOR_PRACTITIONERS",
    "NOT_EVALUABLE",
    "OUTCOME",
    "RATES",
    "RED_FLAG",
    "RED_FLAG_QUESTIONS",
    "RULES",
    "STANDS",
    "SYMPTOM",
    "Words",
    "asks",
    "browser",
    "day_of",
    "example",
    "facts_of",
    "in_a_row",
    "level_code",
    "of",
    "said_of",
    "since_session",
    "usual_now",
]


def in_a_row(words: Iterable[object]) -> str:
    """Say several things one after another, with the comma of the language."""
    return pgettext("between the items of a list", ", ").join(map(str, words))
