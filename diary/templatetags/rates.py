"""Reaction rates and their months, as plain text: loops in templates over them cost several times the whole page."""

from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from diary.templatetags.said import percent_in
from diary.templatetags.settle import month as month_and_year

register = template.Library()


# The table of all reactions


@register.simple_tag
def rate_rows(rates: list[Any]) -> SafeString:
    """Each reaction as a row of seven cells; on a phone each cell says by itself what it is."""
    labels = (gettext("Sessions"), gettext("Rate"), gettext("Answered"), gettext("Patients"), gettext("Published"))
    said, language = [escape(label) for label in (*labels, gettext("Beside it"))], get_language() or ""
    rows = [
        f'<tr><th scope="row">{escape(str(words.name))}</th>\n{cells(words, stands, rate, said, language)}</tr>'
        for words, stands, rate in rates
    ]
    return mark_safe("".join(rows))  # noqa: S308 - every part is escaped


def cells(words: Any, stands: Any, rate: Any, said: list[str], language: str) -> str:
    people = of(language, rate.patients, rate.patients_answered)
    people += within(language, rate.patients_interval) if rate.patients_answered else ""
    share = percent_of(language, rate.share) + within(language, rate.interval) if rate.answered else "–"
    return (
        f'<td class="num" data-label="{said[0]}">{of(language, rate.reported, rate.answered)}</td>\n'
        f'<td class="num" data-label="{said[1]}"><span>{share}</span></td>\n'
        f'<td class="num" data-label="{said[2]}">{percent_of(language, rate.completeness)}</td>\n'
        f'<td class="num" data-label="{said[3]}"><span>{people}</span></td>\n'
        f'<td class="num" data-label="{said[4]}">{escape(str(words.published))}</td>\n'
        f'<td data-label="{said[5]}">{escape(str(stands))}</td>'
    )


def within(language: str, interval: Any) -> str:
    return f' <span class="meta">({percent_of(language, interval.low)}–{percent_of(language, interval.high)})</span>'


@lru_cache(maxsize=4096)
def of(language: str, reported: int, answered: int) -> str:
    return escape(gettext("%(reported)s of %(answered)s") % {"reported": reported, "answered": answered})


def percent_of(language: str, share: float | None) -> str:
    return escape(percent_in(language, share))


# One reaction, month by month


@register.simple_tag
def month_marks(months: list[Any]) -> SafeString:
    """Each month of a chart: what it came to, between the dashes of what chance allows, above its name."""
    language = get_language() or ""
    return mark_safe("".join(mark(one) + name(language, one) for one in months))  # noqa: S308 - numbers, and words escaped


def mark(one: Any) -> str:
    if not one.answered:
        return ""
    look, radius = (" outside", 7) if one.is_outside else ("", 5)
    return (
        f'<path class="rate-limit" d="M{one.x} {one.low_y}m-12 0h24M{one.x} {one.high_y}m-12 0h24"/>'
        f'<circle class="rate-dot{look}" cx="{one.x}" cy="{one.y}" r="{radius}"/>'
    )


def name(language: str, one: Any) -> str:
    return f'<text x="{one.x}" y="152" text-anchor="middle">{months_name(language, one.month)[0]}</text>'


@register.simple_tag
def month_rows(months: list[Any]) -> SafeString:
    """The same numbers as rows of a table."""
    word = escape(gettext("outside"))  # an f-string is not gathered
    outside, language = f" <strong>{word}</strong>", get_language() or ""
    return mark_safe("".join(month_row(language, one, outside) for one in months))  # noqa: S308 - every part is escaped


def month_row(language: str, one: Any, outside: str) -> str:
    share = chance = "–"
    if one.answered:
        share = percent_of(language, one.share)
        by_chance = f"{percent_of(language, one.limits.low)}–{percent_of(language, one.limits.high)}"
        chance = by_chance + (outside if one.is_outside else "")
    return (
        f'<tr><th scope="row">{months_name(language, one.month)[1]}</th>'
        f'<td class="num">{of(language, one.reported, one.answered)}</td>'
        f'<td class="num">{share}</td><td class="num">{chance}</td></tr>'
    )


@lru_cache(maxsize=512)
def months_name(language: str, month: Any) -> tuple[str, str]:
    """Return a month in short and with its year."""
    return escape(date_format(month, "M")), escape(month_and_year(month))
