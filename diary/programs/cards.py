"""Flags as cards of CDS Hooks 2.0: what a practice's own record system shows beside a patient."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from diary import wording
from diary.models import Flag, Level

HOOK = "patient-view"
SERVICE = "open-flags"
INDICATOR = {Level.NOTICE: "info", Level.REVIEW: "warning", Level.PRIORITY: "warning", Level.URGENT: "critical"}
SUMMARY = 139  # characters: a card's summary is shorter than 140


def services() -> dict[str, Any]:
    """Return what is on offer; nothing is to be fetched beforehand, the diary is here."""
    return {
        "services": [
            {
                "hook": HOOK,
                "id": SERVICE,
                "title": "Open flags of a symptom diary",
                "description": "Flags of a patient's diary that no person has handled, by the rules of Settle.",
                "usageRequirements": "context.patientId is the patient's id in this API: ask /api/v1/patients.",
            }
        ]
    }


def cards(flags: Iterable[Flag], numbers: Mapping[Any, int]) -> Iterator[dict[str, Any]]:
    """Yield a card a flag, in the reader's language; `numbers` are those of the sessions."""
    for flag in flags:
        words = wording.of(flag, numbers.get(flag.session_id))
        yield {
            "uuid": str(flag.pk),
            "summary": words.title[:SUMMARY],
            "detail": f"{words.seen} {words.rule} {words.closes}",
            "indicator": INDICATOR[Level(flag.level)],
            "source": {"label": f"Settle: {wording.RULES[flag.rule].name}", "url": link("rules-list")},
            "links": [{"label": _("Open in Settle"), "url": link("review-show", flag.pk), "type": "absolute"}],
        }


def link(page: str, *about: Any) -> str:
    return settings.SITE_URL + reverse(page, args=about)
