"""Holding a diary while it is written, and bringing its flags up to its findings afterwards."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from diary.actions import flags
from diary.clinical.assess import RULES_VERSION, Assessment, judge
from diary.clinical.case import Case
from diary.clinical.closing import closed
from diary.clinical.diary import DAY
from diary.clinical.past import Past, past_of, plain
from diary.models import Diary, Flag, User, instant
from diary.models.readings import HELD, moment, read

REMEMBERED = 7 * DAY
"""Seconds. What is entered that late, or put right, is ordinary: the past is closed before it."""
CLOSED_EVERY = 7 * DAY
"""Seconds. A past that is not much shorter than the next is left as it is: writing it costs more than reading it."""

LEFT_ALONE = timedelta(minutes=5)


class StaleEdit(Exception):
    """Somebody changed it meanwhile; `current` is the row as it now stands."""

    def __init__(self, current: Any) -> None:
        super().__init__("changed meanwhile")
        self.current = current


class NoDiary(PermissionDenied):
    """The diary was deleted a moment ago, by another request of its patient's."""


@dataclass(frozen=True, slots=True)
class Held:
    """A diary under its lock: when it is to be looked at again (an instant, or None), the past that was closed, whether
    it has any flag.
    """

    patient: User
    due_at: int | None
    past: Past | None


def hold(patient: User) -> Held:
    """Lock a patient's diary until the transaction ends. Whoever writes to it calls this first.

    So every assessment has seen every entry before it. Raises NoDiary.
    """
    found = HELD.rows(patient=patient)
    if not found:
        raise NoDiary
    ((due_at, past, of_other_rules),) = found
    return Held(patient, due_at, None if of_other_rules else kept(past))


def kept(past: str | None) -> Past | None:
    """Return the past that was kept, if it was closed by these rules."""
    written = json.loads(past or "null")
    return past_of(written["past"]) if written and written["rules_version"] == RULES_VERSION else None


def reassess(
    diary: Held, *, now: datetime, changed: datetime | None = None, told_since: datetime | None = None
) -> list[Flag]:
    """Assess a held diary, reconcile its flags, note when it must be looked at again; return the flags raised.

    `changed` is the earliest moment of what changed in it: what was over long before then is not read again. Without
    it, the whole diary is. Of flags that fired before `told_since` nobody is told: they stand on the list.
    """
    past = diary.past if changed and diary.past and diary.past.is_before(instant(changed)) else None
    said, flagged = read(diary.patient, past)
    case = Case(said, instant(now), past=past)
    assessment = judge(case)
    note(diary, assessment, next_past(diary, case, assessment))
    if not (assessment.findings or flagged):
        return []
    return flags.reconcile(
        patient=diary.patient,
        diary=said,
        assessment=assessment,
        now=now,
        closed_until=moment(past.until) if past else None,
        told_since=told_since,
    )


def next_past(diary: Held, case: Case, assessment: Assessment) -> Past | None:
    """Return the past to keep: the one that stands while it serves, else the latest that can be closed."""
    by = case.now - REMEMBERED
    if case.past and by < case.past.until + CLOSED_EVERY:
        return case.past
    return closed(case, assessment.findings, by) or case.past


def reassess_due(*, now: datetime) -> int:
    """Assess again every diary whose findings change by now though nothing was entered; return how many were."""
    return sum(reassess_if_due(pk, now=now) for pk in due(now=now))


def due(*, now: datetime) -> list[int]:
    """Return the diaries whose findings change by now though nothing was entered, the longest due first."""
    return list(Diary.objects.due(now).values_list("pk", flat=True))


def put_off(pk: int, trouble: Exception, *, now: datetime) -> None:
    """Look at a diary that could not be assessed a little later, so that those behind it have their turn.

    Unless it was assessed meanwhile: what its patient's own entry set is not moved.
    """
    Diary.objects.filter(pk=pk, due_at__lte=now).update(due_at=now + LEFT_ALONE)


@transaction.atomic
def reassess_if_due(pk: int, *, now: datetime) -> bool:
    """Assess one diary under its lock, unless somebody else holds it or it is due no longer."""
    diary = Diary.objects.due(now).free().select_related("patient").filter(pk=pk).first()
    if diary is not None:
        reassess(hold(diary.patient), now=now, changed=now)
    return diary is not None


def note(diary: Held, assessment: Assessment, past: Past | None) -> None:
    """Keep when a diary must be looked at again, and its past; nothing is written where nothing has changed."""
    values: dict[str, Any] = {}
    if assessment.due_at != diary.due_at:
        values["due_at"] = None if assessment.due_at is None else moment(assessment.due_at)
    if past != diary.past:
        values["past"] = past and {"rules_version": assessment.rules_version, "past": plain(past)}
    if values:
        Diary.objects.filter(patient=diary.patient).update(**values)
