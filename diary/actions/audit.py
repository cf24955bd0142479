"""Who did what, written in the same transaction as the deed."""

import json
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from diary.models import Event, User


def record_event(
    *, by: User | None, now: datetime, stream: object, verb: str, subject: object = "", old: Any = "", new: Any = ""
) -> None:
    """Append one event to the stream of a person: what happened to their account or their diary.

    `by` is None where the product itself acted. Values are kept as text, so that an event outlives what it names.
    """
    who = (str(by.pk), by.name) if by else ("", "")
    Event.objects.append(now, *who, str(stream), verb, str(subject), as_text(old), as_text(new))


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, cls=DjangoJSONEncoder, sort_keys=True)
