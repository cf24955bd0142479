"""How small things look on a page: levels, scores, times, icons, the place one is at."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta, tzinfo
from functools import cache, partial
from hashlib import sha1
from html import escape
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.core.cache import caches
from django.forms import BoundField, ChoiceField
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import get_language, gettext, gettext_lazy, pgettext, pgettext_lazy

register = template.Library()

# Drawn on a grid of 24 with a pen of 1.75; the pen has the colour of the words beside it.
DRAWINGS = {
    "today": '<circle cx="12" cy="12" r="9"/><path d="M12 8v8M8 12h8"/>',
    "trends": '<path d="M3 20h18M3.5 15l5-6 4.5 3.5 7-8.5"/>',
    "diary": '<path d="M6 3.5h12.5v17H6zM9.5 8.5h5.5M9.5 12.5h5.5M6 7H4M6 12H4M6 17H4"/>',
    "sessions": '<path d="M4 6h16v14H4zM4 10.5h16M8 3v4.5M16 3v4.5"/>',
    "sharing": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6'
    'M16 4.8a3.5 3.5 0 0 1 0 6.4M18 14.6c2.2.8 3.5 2.6 3.5 5.4"/>',
    "verified": '<path d="M12 3l7 2.5v6c0 4.5-3 7.8-7 9.5-4-1.7-7-5-7-9.5v-6zM8.5 12l2.5 2.5 4.5-5"/>',
    "notice": '<circle cx="12" cy="12" r="8"/><path d="M12 11.5v4.5M12 8v.1"/>',
    "review": '<path d="M6 21V4h12l-3 4.5 3 4.5H6"/>',
    "priority": '<path d="M6 21V4h12l-3 4.5 3 4.5H6" fill="currentColor"/>',
    "urgent": '<path d="M8 3h8l5 5v8l-5 5H8l-5-5V8zM12 7.5v5.5M12 16.4v.1"/>',
}
LEVELS = {
    "notice": gettext_lazy("Noted"),
    "review": gettext_lazy("For review"),
    "priority": gettext_lazy("Priority"),
    "urgent": gettext_lazy("Urgent"),
}
# Date formats in the letters of Django's `date` filter, for translators to reorder.
FORMATS = {
    "short": pgettext_lazy("date format", "D j M, H:i"),
    "day": pgettext_lazy("date format", "l j F Y"),
    "time": pgettext_lazy("date format", "H:i"),
    "month": pgettext_lazy("date format", "F Y"),
    "full": pgettext_lazy("date format", "l j F Y, H:i"),
}

FRAME = settings.BASE_DIR / "static/built/frame.css"


@register.simple_tag
@cache
def first_frame() -> SafeString:
    """Return how what stands above a page's content looks, for its head: the rest comes below it (adr/0035)."""
    return mark_safe(FRAME.read_text())  # noqa: S308 - our own file, built at set-up


# The slash is for the eye, the words are for the ear.
ANSWERED = (
    '<span class="score">{}<small><span aria-hidden="true">/10</span>'
    '<span class="visually-hidden"> {}</span></small></span>'
)
UNANSWERED = '<span class="score"><span aria-hidden="true">–</span><span class="visually-hidden">{}</span></span>'


@register.simple_tag
@cache
def icon(name: str) -> SafeString:
    """One of `DRAWINGS`, hidden from screen readers: the word stands beside it."""
    return mark_safe(  # noqa: S308 - our own constant
        '<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round"'
        f' stroke-linejoin="round" aria-hidden="true">{DRAWINGS[name]}</svg>'
    )


@register.simple_tag(takes_context=True)
def section(context: Context) -> str:
    """The section that this page is in: its URL name up to the first dash, or nothing."""
    match = getattr(context.get("request"), "resolver_match", None)
    return ((match and match.url_name) or "").partition("-")[0]


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, *also: str) -> SafeString:
    """`href` of a link in the navigation, with `aria-current` where this page is in its section.

    `also` are further sections that belong to it.
    """
    current = section(context) in (name.partition("-")[0], *also)
    return format_html('href="{}"{}', reverse(name), SafeString(' aria-current="page"' if current else ""))


@register.simple_tag
def questions(form: Any) -> str:
    """All questions of a log form as `components/questions.html` draws them.

    A form that nobody has answered is the same for everybody who is asked the same: it is drawn once a process.
    """
    draw = partial(render_to_string, "components/questions.html", {"form": form})
    return draw() if form.alike is None else _once(draw, form.alike)


@register.filter
def leading(label: str) -> str:
    """Return a question as what is said of it comes after it: "Pain:", and "When did it end?" as it is."""
    return (
        label if label.endswith(("?", "？")) else pgettext("before what is said of it", "%(label)s:") % {"label": label}
    )


@register.simple_tag
def ask(look: str, field: BoundField, *, compact: bool = False) -> str:
    """A question as `crispy/<look>.html` draws it.

    An empty question, or one with a single choice, is the same for everybody: it is drawn once a process. What
    somebody typed, and several ticks, are never kept.
    """
    said, choices = field.value(), getattr(field.field, "choices", ())
    draw = partial(render_to_string, f"crispy/{look}.html", {"field": field, "compact": compact})
    if field.form.is_bound or (said and (isinstance(said, list) or not choices)):
        return draw()
    offered = tuple(value for value, words in choices)
    whose = (field.form.__class__.__qualname__, field.html_name, offered)
    return _once(draw, (look, compact, whose, str(field.label), str(field.help_text), said))


def _once(draw: Callable[[], str], alike: tuple[object, ...]) -> str:
    """Draw what is the same in one language for all that are `alike` once a process."""
    key = sha1(repr((get_language(), alike)).encode(), usedforsecurity=False).hexdigest()
    return cast(str, caches["fragments"].get_or_set(key, draw))


@register.simple_tag
def picks(field: BoundField, kind: str, look: str = "pick") -> SafeString:
    """The choices of `field` as inputs of one kind (radio or checkbox), each inside its label.

    The Today page draws some seventy: as plain text they cost a tenth of what Django's widgets or a loop in a
    template do. Values and labels are the form's own and are escaped all the same.
    """
    said, choices = field.value(), cast(Iterable[tuple[object, object]], cast(ChoiceField, field.field).choices)
    chosen = {str(value) for value in (said if isinstance(said, list | tuple) else [said])}
    start = f'<label class="{look}"><input type="{kind}" name="{escape(field.html_name)}" value="'
    cells = (
        f'{start}{escape(str(value))}"{" checked" if str(value) in chosen else ""}>'
        f"<span>{escape(str(label))}</span></label>"
        for value, label in choices
    )
    return mark_safe("".join(cells))  # noqa: S308 - every part is escaped


@register.simple_tag
def level(name: str) -> SafeString:
    """A chip for notice, review, priority or urgent: a shape and a word, never colour alone."""
    return format_html('<span class="level level-{}">{}{}</span>', name, icon(name), LEVELS[name])


@register.simple_tag
def level_word(name: str) -> str:
    return str(LEVELS[name])


@register.simple_tag
def score(value: int | None) -> SafeString:
    """A badge such as 7/10; a dash where nothing was answered, which is not nought."""
    if value is None:
        return format_html(UNANSWERED, gettext("not answered"))
    return format_html(ANSWERED, value, gettext("of 10"))


@register.simple_tag
def moment(instant: datetime, zone: str | tzinfo, form: str = "short") -> SafeString:
    """The instant on the clock of `zone` (an IANA name or a tzinfo), as short, day, time or full."""
    local = instant.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), date_format(local, str(FORMATS[form])))


@register.filter
def dated(day: date) -> str:
    """A day that has no time and no zone: "Tuesday 3 March 2026"."""
    return date_format(day, str(FORMATS["day"]))


@register.filter
def month(day: date) -> str:
    """The month of a day: "March 2026"."""
    return date_format(day, str(FORMATS["month"]))


@register.simple_tag
def ago(instant: datetime, now: datetime) -> SafeString | str:
    """How long before `now` the instant was, in its largest unit: "5 hours"; empty within its first minute."""
    if now - instant < timedelta(minutes=1):
        return ""
    return format_html('<time datetime="{}">{}</time>', instant.isoformat(), timesince(instant, now, depth=1))
