"""Practices: their names, and the numbers that patients are given when something needs care at once."""

from datetime import datetime

from django.db import transaction

from diary.actions.audit import record_event
from diary.models import Practice, User
from diary.permissions import can_manage_people, require

ANSWERS = ("name", "emergency_number", "same_day_number", "time_zone")


@transaction.atomic
def add(*, by: User, now: datetime, **answers: str) -> Practice:
    """Make a practice, into which practitioners can be invited; said twice, it is one: none can be taken away."""
    require(can_manage_people(by))
    User.objects.select_for_update().get(pk=by.pk)  # pressed twice, the second waits for the first
    practice = Practice.objects.filter(**answers).first()
    if practice is None:
        practice = Practice.objects.create(**answers)
        record_event(by=by, now=now, stream=by.pk, verb="practice-added", subject=practice.pk, new=said(practice))
    return practice


@transaction.atomic
def amend(*, by: User, now: datetime, practice: Practice, **answers: str) -> Practice:
    """Change a practice; what it said before is in the event. Patients are given the new numbers at once."""
    require(can_manage_people(by))
    held = Practice.objects.select_for_update().get(pk=practice.pk)
    old = said(held)
    for name, answer in answers.items():
        setattr(held, name, answer)
    if said(held) != old:
        held.save(update_fields=[*answers])
        record_event(by=by, now=now, stream=by.pk, verb="practice-amended", subject=held.pk, old=old, new=said(held))
    return held


def said(practice: Practice) -> dict[str, str]:
    return {name: getattr(practice, name) for name in ANSWERS}
