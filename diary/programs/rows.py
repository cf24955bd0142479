"""How rows are said to a program: instants with their offset, grades as words, null for what was not answered."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from diary import wording
from diary.clinical.diary import GRADES, REACTIONS, Intake
from diary.clinical.document import compose
from diary.forms.fields import KNOWN_ADVICE
from diary.models import Entry, Flag, TreatmentSession, User, diary_of
from diary.permissions import reads_notes_of, visible_diaries, visible_intakes, visible_notes


def document(reader: User, patient: User, now: datetime) -> dict[str, Any] | None:
    """Return a diary as `symptom-diary/1`, without the background where that is not shared; None if not visible."""
    if not visible_diaries(reader, now).filter(patient=patient).exists():
        return None
    diary = diary_of(patient)
    if not visible_intakes(reader, now).filter(patient=patient).exists():
        diary = replace(diary, intake=Intake())
    return compose(diary, None)


def entries(reader: User, patient: User, rows: list[Entry], now: datetime) -> Iterator[dict[str, Any]]:
    """Yield entries of a patient; notes, and aftercare in words of its own, only where the patient shares notes."""
    in_words = reads_notes_of(reader, patient, now)
    ids = [row.pk for row in rows]
    notes = dict(visible_notes(reader, now).filter(pk__in=ids).values_list("pk", "note"))
    for row in rows:
        offset = timezone(timedelta(minutes=row.offset_minutes))
        yield {
            "id": str(row.pk),
            "observed_at": row.observed_at.astimezone(offset).isoformat(),
            "time_zone": row.zone,
            "recorded_at": row.recorded_at.isoformat(),
            "pain": row.pain,
            "soreness": row.soreness,
            "reactions": {name: graded(getattr(row, name)) for name in REACTIONS},
            "compared": row.compared or None,
            "red_flags": row.red_flags,
            "regions": row.regions,
            "good": row.good,
            "aftercare": [code for code in row.aftercare if in_words or code in KNOWN_ADVICE],
            "note": notes.get(row.pk),
            "version": row.version,
        }


def graded(grade: int | None) -> str | None:
    return None if grade is None else GRADES[grade]


def sessions(reader: User, patient: User, rows: Iterable[TreatmentSession], now: datetime) -> Iterator[dict[str, Any]]:
    """Yield sessions of a patient; what the patient wrote of them in words only where the patient shares notes."""
    in_words = reads_notes_of(reader, patient, now)
    for row in rows:
        told = in_words or row.recorded_by_id != patient.pk
        yield {
            "id": str(row.pk),
            "ended_at": local(row.ended_at, row.zone),
            "time_zone": row.zone,
            "recorded_at": row.recorded_at.isoformat(),
            "practitioner": row.practitioner.name if row.practitioner else None,
            "pain_before": row.pain_before,
            "pain_after": row.pain_after,
            "sharp_increase": row.sharp_increase,
            "response": (told and row.response) or None,
            "sites": row.sites,
            "aftercare": [code for code in row.aftercare if told or code in KNOWN_ADVICE],
            "note": (told and row.note) or None,
            "version": row.version,
        }


def local(moment: datetime, zone: str) -> str:
    try:
        return moment.astimezone(ZoneInfo(zone)).isoformat()
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a zone that this machine does not know
        return moment.isoformat()


def flags(rows: Iterable[Flag]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {
            "id": str(row.pk),
            "patient": row.patient_id,
            "rule": row.rule,
            "level": wording.level_code(row.level),
            "title": wording.of(row).title,
            "fired_at": row.fired_at.isoformat(),
            "raised_at": row.raised_at.isoformat(),
            "status": row.status,
            "outcome": row.outcome or None,
            "holds": row.resolved_at is None and row.withdrawn_at is None,
            "session": row.session_id and str(row.session_id),
            "entry": row.entry_id and str(row.entry_id),
        }


def patients(rows: Iterable[User]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {"id": row.pk, "name": row.name, "time_zone": row.time_zone}
