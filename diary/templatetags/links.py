"""What a link for a second reader shows, in words."""

from typing import Any

from django import template

from diary.forms.links import MEANT

register = template.Library()


@register.filter
def parts_of(link: Any) -> list[tuple[Any, Any]]:
    """Return what each part of a link is called and means."""
    return [said for part, said in MEANT.items() if part in link.parts]
