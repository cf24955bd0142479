"""The eight rules, one module each, in the order of the text."""

from diary.clinical.rule import Rule
from diary.clinical.rules import (
    escalating_pain,
    lingering_reaction,
    marked_bruising,
    red_flag,
    severe_pain,
    sharp_rise,
    silence,
    worsening_course,
)

RULES: tuple[Rule, ...] = (
    lingering_reaction.RULE,
    severe_pain.RULE,
    sharp_rise.RULE,
    escalating_pain.RULE,
    worsening_course.RULE,
    red_flag.RULE,
    marked_bruising.RULE,
    silence.RULE,
)
