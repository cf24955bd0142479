"""What is shown of one diary: to somebody who has signed in, and by a link without an account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet

from diary.models import Entry, Flag, Intake, Link, TreatmentSession, User
from diary.models.entries import EntryQuerySet
from diary.models.flags import FlagQuerySet
from diary.models.sessions import TreatmentSessionQuerySet
from diary.periods import own_period
from diary.permissions.diaries import visible_entries, visible_flags, visible_intakes, visible_notes, visible_sessions

Rows = TypeVar("Rows", bound=QuerySet[Any])
SIGNS = "red-flag"
"""The rule whose flags say which sign that needs care was reported."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The rows of one diary that a reader may see."""

    entries: EntryQuerySet
    notes: EntryQuerySet
    sessions: TreatmentSessionQuerySet
    flags: FlagQuerySet
    intakes: QuerySet[Intake]


def shown_to(user: User, patient: User, now: datetime) -> Shown:
    """Return what somebody who has signed in may see of a patient's diary."""
    return Shown(
        entries=visible_entries(user, now).of(patient),
        notes=visible_notes(user, now).of(patient).standing(),
        sessions=visible_sessions(user, now).of(patient),
        flags=visible_flags(user, now).of(patient),
        intakes=visible_intakes(user, now).filter(patient=patient),
    )


def shown_by(link: Link, now: datetime) -> Shown:
    """Return what a link shows: of one diary, of its days alone, the parts that its patient ticked; else nothing."""
    is_live = Link.objects.live(now).filter(pk=link.pk).exists()
    days = own_period(link.first_day, link.last_day, link.patient.time_zone)

    def chosen(part: bool, rows: Rows, moment: str) -> Rows:
        return days.of(rows.filter(patient=link.patient_id), moment) if is_live and part else rows.none()

    flags, signs = Flag.objects.exclude(rule=SIGNS), Flag.objects.filter(rule=SIGNS)
    intakes = Intake.objects.filter(patient=link.patient_id)
    return Shown(
        entries=chosen(link.with_scores, Entry.objects.standing(), "observed_at"),
        notes=chosen(link.with_notes, Entry.objects.standing().exclude(note=""), "observed_at"),
        sessions=chosen(link.with_sessions, TreatmentSession.objects.standing(), "ended_at"),
        flags=chosen(link.with_flags, flags, "fired_at") | chosen(link.with_signs, signs, "fired_at"),
        intakes=intakes if is_live and link.with_intake else intakes.none(),
    )
