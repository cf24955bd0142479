"""What is usual for a patient, as they say it."""

import json
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction

from diary.actions.audit import record_event
from diary.actions.diaries import StaleEdit, hold, reassess
from diary.models import Intake, User
from diary.permissions import can_log, require

NAMED = "blood_thinners"  # the medicines by name, and the condition that the rules read


def seen(intake: Intake, names: Iterable[str]) -> str:
    """Return a short word for what an intake says to these questions: the same word, the same answers."""
    said = json.dumps({name: getattr(intake, name) for name in sorted(names)}, sort_keys=True)
    return sha256(said.encode()).hexdigest()[:16]


@transaction.atomic
def save(*, by: User, now: datetime, version: str | None = None, **answers: Any) -> Intake:
    """Save answers of a patient's own intake and assess the diary again: what is usual decides what is risen.

    Answers that are not given stay as they are. Who names a blood thinner takes one: that condition is ticked too.
    `version` is the word of `seen` for what the page showed of these answers; raises StaleEdit where they say something
    else by now, and not what is sent, as when it is sent twice.
    """
    require(can_log(by))
    diary = hold(by)
    intake = Intake.objects.get(patient=by)
    is_stale = version is not None and version != seen(intake, answers)
    named, ticked = (answers.get(name, getattr(intake, name)) for name in (NAMED, "conditions"))
    if named and NAMED not in ticked:
        answers["conditions"] = [*ticked, NAMED]
    changed = sorted(name for name, answer in answers.items() if getattr(intake, name) != answer)
    if is_stale and changed:
        raise StaleEdit(intake)
    for name, answer in answers.items():
        setattr(intake, name, answer)
    intake.saved_at = now
    intake.save()
    record_event(by=by, now=now, stream=by.pk, verb="intake-saved", new=changed)
    reassess(diary, now=now)
    return intake
