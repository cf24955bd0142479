"""Taking a diary along, and deleting it."""

from datetime import datetime

from django.db import transaction

from diary.actions.audit import record_event
from diary.models import User
from diary.permissions import can_log, require


@transaction.atomic
def take_along(*, by: User, now: datetime, form: str) -> None:
    """Note that a patient takes everything that is kept of them along, in a form: json, html or csv."""
    require(can_log(by))
    record_event(by=by, now=now, stream=by.pk, verb="diary-exported", new=form)
