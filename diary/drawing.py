"""Numbers as SVG: charts that need no script, the same on a page, on paper and in a PDF.

Places across are per cent of the picture's width, downward they are pixels: letters and dots keep their size on a
phone and on a sheet. The attributes are for paper, where no stylesheet reaches into a picture; on a page the classes
(static/css/60-charts.css) win, and follow light and dark.
"""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from html import escape
from io import BytesIO
from itertools import pairwise
from math import ceil
from statistics import median
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

from diary.charts import Course, Reading
from diary.clinical.diary import HOUR
from diary.clinical.thresholds import GAP, SETTLES_WITHIN
from diary.clinical.weeks import Week

TOP, LETTERS = 20, 12  # pixels: room above the highest line, height of the words
LEFT, ACROSS = 7.0, 91.5  # per cent: where the first and the last thing may stand
TWO_DAYS = SETTLES_WITHIN // HOUR
WEEK_OF_HOURS, STEPS = 168, 5  # no more lines across than this, however long it took
LABELS = 6
EACH = 300  # entries drawn one by one; more are drawn as stretches
STRETCHES = 90

LOOK = {
    "grid": 'stroke="#d5dddb" stroke-width="1"',
    "rule": 'stroke="#5c706e" stroke-width="1.25" stroke-dasharray="2 3"',
    "session": 'stroke="#5a4b8a" stroke-width="1.25" stroke-dasharray="2 3"',
    "number": 'fill="#5a4b8a" font-size="11" text-anchor="middle"',
    "left": 'fill="#4d5f5e" font-size="11" text-anchor="start"',
    "middle": 'fill="#4d5f5e" font-size="11" text-anchor="middle"',
    "unknown": 'fill="#4d5f5e" font-size="14" font-weight="700" text-anchor="middle"',
    "pain": 'stroke="#0e6470" stroke-width="2" stroke-linecap="round"',
    "soreness": 'stroke="#96591d" stroke-width="1.5" stroke-dasharray="4 3"',
    "span": 'stroke="#0e6470" stroke-opacity="0.4" stroke-width="7" stroke-linecap="round"',
    "fine": 'stroke="#0e6470" stroke-opacity="0.4" stroke-width="4" stroke-linecap="round"',
    "stem": 'stroke="#96591d" stroke-width="2"',
    "open": 'stroke="#96591d" stroke-width="2" stroke-dasharray="4 4"',
    "dot": 'fill="#0e6470"',
    "late": 'fill="#ffffff" stroke="#0e6470" stroke-width="1.5"',
    "sore": 'fill="#96591d"',
    "still": 'fill="#ffffff" stroke="#96591d" stroke-width="2"',
    "flag": 'fill="#9a6200" font-size="11" text-anchor="middle"',
}


# The pen: x in per cent, y in pixels


def line(kind: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="d-{kind}" {LOOK[kind]} x1="{x1:.2f}%" y1="{y1:.1f}" x2="{x2:.2f}%" y2="{y2:.1f}"/>'


def dot(kind: str, x: float, y: float, size: float = 4) -> str:
    return f'<circle class="d-{kind}" {LOOK[kind]} cx="{x:.2f}%" cy="{y:.1f}" r="{size}"/>'


def text(kind: str, x: float, y: float, words: object) -> str:
    return f'<text class="d-{kind}" {LOOK[kind]} x="{x:.2f}%" y="{y:.1f}">{escape(str(words))}</text>'


def picture(parts: Iterable[str], height: int, label: str) -> SafeString:
    opening = f'<svg class="drawing" role="img" aria-label="{escape(label)}" width="100%" height="{height}"'
    drawn = f'{opening} font-family="sans-serif" xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    return mark_safe(drawn)  # noqa: S308 - numbers, our own constants, and words that are escaped


class Upward(NamedTuple):
    """A scale from nought at the floor to `highest` at the top."""

    highest: float
    floor: int

    def y(self, value: float) -> float:
        return self.floor - value / self.highest * (self.floor - TOP)

    def grid(self, values: Iterable[int], said: Callable[[int], str] = str) -> Iterator[str]:
        """Lines across, each with what it stands for written above it at the left."""
        for value in values:
            yield line("grid", 0, self.y(value), 100, self.y(value))
            yield text("left", 0, self.y(value) - 4, said(value))


def column(place: int, count: int) -> float:
    return LEFT + ACROSS * (place + 0.5) / count


def beneath(labels: Sequence[object], y: int) -> Iterator[str]:
    """Yield those labels of columns that fit beside each other, the last among them."""
    count = len(labels)
    for place, words in enumerate(labels):
        if (count - 1 - place) % ceil(count / LABELS) == 0:
            yield text("middle", column(place, count), y, words)


# How long soreness took to settle, session by session


def settling(courses: Sequence[Course], label: str, hours: Callable[[int], str]) -> SafeString:
    """Draw each session's settling time. What is not known is a question mark, and never nought."""
    known = [course.settling.hours for course in courses if course.settling.hours is not None]
    up = Upward(max(72.0, *known, 0.0), floor=150)
    step = step_to(up.highest)
    ticks = [value for value in range(0, int(up.highest) + 1, step) if value != TWO_DAYS]
    parts = [*up.grid(ticks, hours), line("rule", 0, up.y(TWO_DAYS), 100, up.y(TWO_DAYS))]
    parts.append(text("left", 0, up.y(TWO_DAYS) - 4, hours(TWO_DAYS)))
    for place, course in enumerate(courses):
        parts.extend(settled(course, column(place, len(courses)), up))
    parts.extend(beneath([course.number for course in courses], up.floor + 20))
    return picture(parts, up.floor + 28, label)


def step_to(highest: float) -> int:
    """Return the hours from one line to the next. Who was silent for months settles with their next answer."""
    weeks = ceil(highest / STEPS / WEEK_OF_HOURS)
    return next((step for step in (24, 48, 96) if highest / step <= STEPS), weeks * WEEK_OF_HOURS)


def settled(course: Course, x: float, up: Upward) -> Iterator[str]:
    state, hours = course.settling
    if hours is not None:
        yield line("stem", x, up.floor, x, up.y(hours))
        yield dot("sore", x, up.y(hours), 4.5)
    elif state in ("still sore", "clear for now"):
        yield line("open", x, up.floor, x, up.y(up.highest))
        yield dot("still", x, up.y(up.highest), 4.5)
    elif state == "never sore":
        yield dot("sore", x, up.floor, 3)
    else:
        yield text("unknown", x, up.floor - 6, "?")


# Week by week


def by_week(weeks: Sequence[Week], label: str, said: Callable[[date], str]) -> SafeString:
    """Draw each week's pain from lowest to highest, with its middle; a week without a word is left open."""
    up, count = Upward(10, floor=140), len(weeks)
    parts = [*up.grid((0, 5, 10))]
    for place, week in enumerate(weeks):
        parts.extend(one_week(week, column(place, count), up, "span" if count <= 26 else "fine"))
    parts.extend(beneath([said(week.monday) for week in weeks], up.floor + 24))
    return picture(parts, up.floor + 32, label)


def one_week(week: Week, x: float, up: Upward, span: str) -> Iterator[str]:
    if week.sessions:
        yield line("session", x, up.floor, x, up.floor + 9)
    if week.low is None or week.middle is None or week.high is None:
        return
    yield line(span, x, up.y(week.low), x, up.y(week.high))
    yield dot("dot", x, up.y(week.middle), 4 if span == "span" else 2.5)


# Over time, for a report


class Span(NamedTuple):
    """The stretch of time that a picture shows, from its left to its right edge."""

    since: datetime
    until: datetime

    def x(self, at: datetime) -> float:
        return LEFT - 2 + (ACROSS + 3) * ((at - self.since) / (self.until - self.since))


def over_time(
    readings: Sequence[Reading],
    span: Span,
    *,
    sessions: Iterable[tuple[int, datetime]],
    flags: Iterable[datetime],
    label: str,
    said: Callable[[datetime], str],
) -> SafeString:
    """Draw pain and soreness of a period, the oldest first, with numbered sessions below and flags above."""
    up = Upward(10, floor=190)
    parts = [*up.grid((0, 2, 4, 6, 8, 10)), *marked(sessions, flags, span, up)]
    if len(readings) <= EACH:
        parts += curve("soreness", ((one.at, one.soreness) for one in readings if one.soreness is not None), span, up)
        parts += curve("pain", ((one.at, one.pain) for one in readings), span, up)
        if len(readings) <= EACH / 2:
            parts += [
                dot("sore", span.x(one.at), up.y(one.soreness), 1.75) for one in readings if one.soreness is not None
            ]
            parts += [dot("late" if one.late else "dot", span.x(one.at), up.y(one.pain), 2.5) for one in readings]
    else:
        parts += stretched(readings, span, up)
    for place in range(LABELS):
        at = span.since + (span.until - span.since) * (place + 0.5) / LABELS
        parts.append(text("middle", span.x(at), up.floor + 32, said(at)))
    return picture(parts, up.floor + 38, label)


def marked(
    sessions: Iterable[tuple[int, datetime]], flags: Iterable[datetime], span: Span, up: Upward
) -> Iterator[str]:
    """Yield a line for each session, its number where there is room, and a diamond for each flag."""
    free = 0.0
    for number, at in sessions:
        x = span.x(at)
        yield line("session", x, TOP - 6, x, up.floor)
        if x >= free:
            yield text("number", x, up.floor + 14, number)
            free = x + 2.5
    for at in flags:
        yield text("flag", span.x(at), TOP - 8, "◆")


def curve(kind: str, points: Iterable[tuple[datetime, float | None]], span: Span, up: Upward) -> Iterator[str]:
    """Yield the lines from point to point; none over a gap, of which nobody knows what lay in it."""
    placed = [(at, span.x(at), up.y(value or 0)) for at, value in points]
    for (before, x1, y1), (after, x2, y2) in pairwise(placed):
        if after - before <= timedelta(seconds=GAP):
            yield line(kind, x1, y1, x2, y2)


def stretched(readings: Sequence[Reading], span: Span, up: Upward) -> Iterator[str]:
    """Yield what lies too close to be told apart: stretches of time, each from its lowest to its highest pain."""
    width = (span.until - span.since) / STRETCHES
    stretches: dict[int, list[int]] = defaultdict(list)
    for one in readings:
        stretches[(one.at - span.since) // width].append(one.pain)
    for place, pain in stretches.items():
        x = span.x(span.since + (place + 0.5) * width)
        yield line("fine", x, up.y(min(pain)), x, up.y(max(pain)))
        yield dot("dot", x, up.y(median(pain)), 2)


# An address, for the camera of another device


def qr(address: str) -> str:
    """Return an address as a QR code: a picture as a data: address."""
    import qrcode  # here: no other page needs it
    from qrcode.image.svg import SvgPathImage

    made = BytesIO()
    qrcode.make(address, image_factory=SvgPathImage, border=2).save(made)
    return f"data:image/svg+xml;base64,{b64encode(made.getvalue()).decode()}"
