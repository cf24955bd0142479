"""What is usual for a patient, as they say it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from diary.actions.audit import record_event
from diary.actions.diaries import hold, reassess
from diary.models import Intake, User
from diary.permissions import can_log, require


@transaction.atomic
def save(*, by: User, now: datetime, **answers: Any) -> Intake:
    """Save the answers of a patient's own intake and assess the diary again: what is usual decides what is risen."""
    require(can_log(by))
    diary = hold(by)
    intake = Intake.objects.get(patient=by)
    changed = sorted(name for name, answer in answers.items() if getattr(intake, name) != answer)
    for name, answer in answers.items():
        setattr(intake, name, answer)
    intake.saved_at = now
    intake.save()
    record_event(by=by, now=now, stream=by.pk, verb="intake-saved", new=changed)
    reassess(diary, now=now)
    return intake
