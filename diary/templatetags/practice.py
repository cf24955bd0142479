"""The rows of a worklist, as plain text: a loop in a template over fifty of them costs as much as all the rest."""

import html
from functools import lru_cache
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from diary.templatetags.settle import level

register = template.Library()

escape = lru_cache(maxsize=4096)(html.escape)
"""The same few sentences stand on every row."""
CURRENT = ' aria-current="page"'
SPARK = (
    '<svg class="spark" viewBox="0 0 120 32" width="120" height="32" fill="none" stroke="currentColor"'
    ' stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">'
    '<path class="spark-floor" d="M0 31.5h120"/>'
)


@register.simple_tag(takes_context=True)
def turned(context: Context, name: str, number: int) -> str:
    """The query that turns one of several lists of a page to another of its pages, the others staying as they are."""
    query = context["request"].GET.copy()
    query[name] = str(number)
    return f"?{query.urlencode()}#{name}"


@register.simple_tag
def work_tabs(tabs: list[tuple[str, str, int]], shown: str) -> SafeString:
    """The lists, each with how many flags are on it; the one that is shown is marked."""
    said = {"todo": gettext("To do"), "seen": gettext("Acknowledged"), "mine": gettext("Acknowledged by me")}
    drawn = (
        f'<a href="{escape(url)}"{CURRENT if name == shown else ""}>{escape(said[name])}'
        f' <span class="num count">{count}</span></a>'
        for name, url, count in tabs
    )
    return mark_safe("".join(drawn))  # noqa: S308 - every part is escaped


@register.simple_tag
def work_groups(groups: list[Any]) -> SafeString:
    """Flags of one level and rule, under the rule's own words."""
    drawn = (work_group(number, group) for number, group in enumerate(groups, 1))
    return mark_safe("".join(drawn))  # noqa: S308 - every part is escaped


def work_group(number: int, group: Any) -> str:
    return (
        f'<section class="work" aria-labelledby="group-{number}">\n'
        f'<div class="work-head">{level(group.level)}<h2 id="group-{number}">{escape(group.name)}</h2>'
        f'<span class="meta num">{escape(group.flags)}</span><p class="meta">{escape(group.rule)}</p></div>\n'
        f'<ul class="rows">{work_rows(group.rows)}</ul>\n</section>'
    )


@register.simple_tag
def work_rows(rows: list[Any]) -> SafeString:
    """Each row as a link to its flag: who and where they stand, what, two weeks of pain, scores, for how long."""
    urgent, waits = escape(gettext("urgent for the patient")), escape(gettext("can wait, says the patient"))
    said = {
        "urgent": f'<span class="own own-urgent">{urgent}</span> ',
        "can_wait": f'<span class="own">{waits}</span> ',
    }
    return mark_safe("".join(work_row(row, said.get(row.urgency, "")) for row in rows))  # noqa: S308 - all is escaped


def work_row(row: Any, urgency: str) -> str:
    mark = f'<path class="spark-session" d="M{row.mark} 0v32"/>' if row.mark else ""
    return (
        f'<li><a class="row-link work-row" href="{row.url}">'
        f'<span class="row-main">{html.escape(row.name)} <span class="meta">{escape(row.place)}</span></span>'
        f'<span class="work-what">{escape(row.title)} <span class="meta">{urgency}{escape(row.looked)}</span></span>'
        f'{SPARK}{mark}<path d="{row.line}"/></svg>'
        f'<span class="num">{escape(row.scores)}</span><span class="meta num">{escape(row.age)}</span></a></li>'
    )
