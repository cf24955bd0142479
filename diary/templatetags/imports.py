"""A row of a file, as the page shows an entry."""

from datetime import datetime
from typing import Any

from django import template

register = template.Library()


@register.filter
def as_read(entry: dict[str, Any]) -> dict[str, Any]:
    return entry | {"observed_at": datetime.fromisoformat(entry["observed_at"])}
