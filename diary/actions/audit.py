"""Who did what, written in the same transaction as the deed."""

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from diary.models import Event, User


def record_event(
    *, by: User | None, now: datetime, stream: object, verb: str, subject: object = "", old: Any = "", new: Any = ""
) -> Event:
    """Append one event to the stream of a person: what happened to their account or their diary.

    `by` is None where the product itself acted. Values are kept as text, so that an event outlives what it names.
    """
    return Event.objects.create(
        at=now,
        actor=str(by.pk) if by else "",
        actor_name=by.name if by else "",
        stream=str(stream),
        verb=verb,
        subject=str(subject),
        old=as_text(old),
        new=as_text(new),
    )


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, cls=DjangoJSONEncoder, sort_keys=True)
