"""What people of the demo write to each other, what a practitioner notes for herself, what patients say can wait."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from diary.demo.people import ROSA, Patient
from diary.demo.steps import Noted, OpenedMessages, SaidUrgency, Step, Wrote

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Letter:
    """One message, so many hours before the demo's end."""

    hours: float
    by_patient: bool
    body: str


LETTERS = {
    ROSA: (
        Letter(31, True, "The needle spots still hurt when I lean back. Is a warm bath all right?"),
        Letter(27, False, "Warm is fine, not hot. Please go on logging once a day; I look at it before you come."),
        Letter(3, True, "Thank you. A little better today. Could we try fewer needles on the left next time?"),
    ),
    "Derek Osei": (
        Letter(52, False, "Your last weeks climb instead of settling. Please ring me before we plan another session."),
        Letter(44, True, "I will, tomorrow after work."),
    ),
    "Nora Feld": (Letter(5, True, "Kann ich am Donnerstag eine Stunde früher kommen?"),),
    "Joan Whitaker": (
        Letter(70, False, "The letter from the hospital is here. Let us talk before you book again."),
        Letter(66, True, "Good. Friday suits me."),
    ),
}
NOTES = {
    ROSA: ((300, "Tenses up before the first needle: say when, count with her. Side-lying is easier on the left."),),
    "Callum Reid": ((20, "Fewer and shallower next time. Stop at the first rise, do not wait for the score."),),
    "Ivor Blake": ((40, "Press two minutes after each needle. Ask about new bruises before starting."),),
    "Derek Osei": ((60, "Asked for the letter of the spinal team. No session until it is here."),),
}
URGENCY = {"Wanda Kowalska": (2.4, "urgent"), ROSA: (20, "can_wait"), "Aisling Byrne": (4, "can_wait")}


def letters_of(patient: Patient, now: datetime) -> Iterator[Step]:
    """Yield what was written to, by and about a patient; who answers has read what was asked."""
    for number, letter in enumerate(LETTERS.get(patient.name, ())):
        at, by_patient = now - letter.hours * HOUR, letter.by_patient
        if number:
            yield OpenedMessages(at=at - HOUR / 30, other=patient.reader, by_patient=by_patient)
        yield Wrote(
            at=at, id=id_of(patient, "letter", number), other=patient.reader, by_patient=by_patient, body=letter.body
        )
    if old := [letter for letter in LETTERS.get(patient.name, ()) if letter.hours > 24]:
        at = now - (old[-1].hours - 1) * HOUR
        yield OpenedMessages(at=at, other=patient.reader, by_patient=not old[-1].by_patient)
    for number, (hours, body) in enumerate(NOTES.get(patient.name, ())):
        yield Noted(at=now - hours * HOUR, id=id_of(patient, "note", number), by=patient.reader, body=body)
    if patient.name in URGENCY:
        ago, urgency = URGENCY[patient.name]
        yield SaidUrgency(at=now - ago * HOUR, urgency=urgency)


def id_of(patient: Patient, kind: str, number: int) -> UUID:
    """Return an id of its own, so that the diary's chance is left as it is."""
    return UUID(int=Random(f"{patient.email} {kind} {number}").getrandbits(128), version=4)
