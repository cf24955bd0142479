"""The rules, for anybody: each with its numbers, its levels, what it rests on, and the words that a patient reads."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from diary import stating, wording
from diary.clinical.assess import RULES_VERSION
from diary.clinical.diary import RED_FLAGS
from diary.clinical.rules import RULES

ADVICE = ("emergency", "same day")
MISSING = ("no-baseline", "no-room", "no-settled-level")


@login_not_required
def list(request: HttpRequest) -> HttpResponse:
    context = {
        "version": RULES_VERSION,
        "levels": [(level.name.lower(), wording.ASKS[level]) for level in wording.ASKS],
        "rules": [stated(rule) for rule in RULES],
        "compared": stating.compared(),
        "missing": [wording.NOT_EVALUABLE[reason] for reason in MISSING],
    }
    return render(request, "rules/list.html", context)


def stated(rule: Any) -> dict[str, Any]:
    """Return a rule as the page shows it; the parts of a red flag are its questions, by their advice."""
    words = wording.RULES[rule.code]
    return {
        "code": rule.code,
        "name": words.name,
        "rule": words.rule,
        "levels": rule.levels,
        "highest": rule.highest,
        "parts": stating.parts(rule.code, rule.sources),
        "questions": [questions(rule, advice) for advice in ADVICE if set(rule.sources) & set(RED_FLAGS)],
        "example": wording.example(rule.code, rule.highest),
    }


def questions(rule: Any, advice: str) -> dict[str, Any]:
    asked = [code for code, given in RED_FLAGS.items() if given == advice]
    words = [(wording.RED_FLAG_QUESTIONS[code], stating.SOURCES[rule.sources[code]]) for code in asked]
    return {"advice": wording.ADVICE[advice], "asked": words}
