"""What a patient said, in words for whoever reads it: beside each entry, and of the intake."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from diary import wording
from diary.clinical.diary import REACTIONS
from diary.permissions import visible_intakes, visible_notes


def with_words(user: Any, entries: list[Any], now: datetime) -> list[Any]:
    """Give each entry `told`, its note where the patient shares notes, and `also`, what else it reports in words."""
    notes = dict(visible_notes(user, now).filter(pk__in=[entry.pk for entry in entries]).values_list("pk", "note"))
    for entry in entries:
        entry.told, entry.also = notes.get(entry.pk, ""), wording.in_a_row(reported(entry))
    return entries


def reported(entry: Any) -> Iterator[str]:
    """Yield the red flags of an entry, then its reactions with their grade."""
    for code in entry.red_flags:
        yield str(wording.RED_FLAG.get(code, code))
    for symptom in REACTIONS:
        if getattr(entry, symptom):
            grade = getattr(entry, f"get_{symptom}_display")()
            yield _("%(symptom)s: %(grade)s") % {"symptom": wording.SYMPTOM[symptom], "grade": grade}


def shared_intake(user: Any, patient: Any, now: datetime) -> Any:
    """Return what a patient shares of the intake, explained; None where not shared."""
    return explained(visible_intakes(user, now).filter(patient=patient).first())


def explained(intake: Any) -> Any:
    """Give an intake `known`: its conditions, each in words and with what it means here."""
    if intake is not None:
        said, meant = wording.CONDITIONS, wording.FOR_PRACTITIONERS
        intake.known = [(said.get(code, code), meant.get(code, "")) for code in intake.conditions]
    return intake
