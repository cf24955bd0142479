"""Practices: their names, and the numbers that patients are given when something needs care at once."""

import json
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from diary.actions.audit import record_event
from diary.actions.diaries import StaleEdit
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
def amend(*, by: User, now: datetime, practice: Practice, version: str | None = None, **answers: str) -> Practice:
    """Change a practice; what it said before is in the event. Patients are given the new numbers at once.

    `version` is the word of `seen` for what the page showed; raises StaleEdit where it says something else by now, and
    not what is sent.
    """
    require(can_manage_people(by))
    held = Practice.objects.select_for_update().get(pk=practice.pk)
    old = said(held)
    if version is not None and version != seen(held) and old != old | answers:
        raise StaleEdit(held)
    for name, answer in answers.items():
        setattr(held, name, answer)
    if said(held) != old:
        held.save(update_fields=[*answers])
        record_event(by=by, now=now, stream=by.pk, verb="practice-amended", subject=held.pk, old=old, new=said(held))
    return held


def said(practice: Practice) -> dict[str, str]:
    return {name: getattr(practice, name) for name in ANSWERS}


def seen(practice: Practice) -> str:
    """Return a short word for what a practice says: the same word, the same name and numbers."""
    return sha256(json.dumps(said(practice), sort_keys=True).encode()).hexdigest()[:16]
