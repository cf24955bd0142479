"""The figures of a run as one SVG: every row a share, each ruler a mark with its interval, each bar a line."""

from collections.abc import Iterator
from html import escape
from operator import ge
from typing import NamedTuple

from diary.simulation.bars import BARS, WITHIN_TWO_DAYS
from diary.simulation.cases import LASTING_AGGRAVATION, LINGERING_SORENESS, PROGRESSIVE
from diary.simulation.report import NATURE, said
from diary.simulation.run import Run
from diary.simulation.tally import Share

LEFT, WIDTH, TOP, ROW, RIGHT = 330, 400, 96, 56, 40
LANE = 14
STYLE = """
  .page { fill: #ffffff } .ink { fill: #1b2a2c } .soft { fill: #4d5f5e } .grid { stroke: #dfe6e4 }
  .m0 { fill: #0e6470; stroke: #0e6470 } .m1 { fill: #96591d; stroke: #96591d } .m2 { fill: #5a4b8a; stroke: #5a4b8a }
  .bar { stroke: #1b2a2c; stroke-dasharray: 4 3 } .wanted { fill: #1b2a2c; opacity: .08 }
  text { font: 14px system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif } .small { font-size: 12px }
  .title { font-size: 17px; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .page { fill: #12191a } .ink { fill: #e8eeec } .soft { fill: #a9b8b6 } .grid { stroke: #2c3a3b }
    .m0 { fill: #5fc3cf; stroke: #5fc3cf } .m1 { fill: #e0a263; stroke: #e0a263 } .m2 { fill: #b3a4e6; stroke: #b3a4e6 }
    .bar { stroke: #e8eeec } .wanted { fill: #e8eeec; opacity: .12 }
  }
"""


class Line(NamedTuple):
    """One row: its words, the bar's place in `BARS` (None: no bar), and the share each ruler has; None: not drawn."""

    name: str
    bar: int | None
    shares: list[Share | None]


def svg(run: Run) -> str:
    lines = rows(run)
    lines_drawn = [part for place, line in enumerate(lines) for part in _row(line, TOP + place * ROW)]
    body = [*_head(run), *_axis(TOP, TOP + len(lines) * ROW), *lines_drawn]
    height = TOP + len(lines) * ROW + 44
    width = LEFT + WIDTH + RIGHT
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-labelledby="t d">',
            f'<title id="t">{escape(_title(run))}</title>',
            f'<desc id="d">{escape(described(lines, list(run.tallies)))}</desc>',
            f"<style>{STYLE}</style>",
            f'<rect class="page" width="{width}" height="{height}"/>',
            *body,
            "</svg>\n",
        ]
    )


def rows(run: Run) -> list[Line]:
    tallies = list(run.tallies.values())
    rules, others = tallies[0], [None] * (len(tallies) - 1)
    return [
        Line("Flags per 100 sessions", 0, [_drawn(tally.told) for tally in tallies]),
        Line("Courses with a false alarm", None, [tally.courses_with_false_alarm for tally in tallies]),
        Line("Expected reactions silent", 2, [tally.silent_on(WITHIN_TWO_DAYS) for tally in tallies]),
        Line("Lingering soreness told, given an entry", 1, [each.told_of(LINGERING_SORENESS) for each in tallies]),
        Line(
            "Aggravation over 48 h told, given an entry",
            None,
            [each.told_of([LASTING_AGGRAVATION]) for each in tallies],
        ),
        Line("Progressive harm told in any way", None, [each.told_of([PROGRESSIVE]) for each in tallies]),
        Line("Progressive harm: course confirmed", 3, [rules.confirmed, *others]),
        Line("Well, yet course confirmed as worse", 4, [rules.confirmed_of_well, *others]),
    ]


def described(lines: list[Line], names: list[str]) -> str:
    """The chart in words, for who cannot see it."""
    parts = []
    for line in lines:
        shares = [f"{name} {said(share)}" for name, share in zip(names, line.shares, strict=True) if share]
        wanted = f" (wanted {BARS[line.bar].wanted})" if line.bar is not None else ""
        parts.append(f"{line.name}{wanted}: {', '.join(shares)}.")
    return " ".join(parts)


def _drawn(share: Share) -> Share | None:
    """More than one flag a session lies off the chart."""
    return share if share.are <= share.of else None


def _title(run: Run) -> str:
    return f"{run.patients} simulated patients, seed {run.seed}"


def _head(run: Run) -> Iterator[str]:
    yield f'<text class="ink title" x="16" y="28">{escape(_title(run))}</text>'
    yield f'<text class="soft small" x="16" y="48">{escape(NATURE)}</text>'
    x = 16
    for lane, name in enumerate(run.tallies):
        yield _mark(lane, x + 6, 70)
        yield f'<text class="ink small" x="{x + 18}" y="74">{escape(name)}</text>'
        x += 46 + 7 * len(name)
    yield f'<line class="bar" x1="{x}" x2="{x + 22}" y1="70" y2="70"/>'
    yield f'<text class="ink small" x="{x + 28}" y="74">bar for the rules; shaded: where it is met</text>'


def _axis(top: int, bottom: int) -> Iterator[str]:
    for percent in range(0, 101, 20):
        x = _x(percent / 100)
        yield f'<line class="grid" x1="{x}" x2="{x}" y1="{top}" y2="{bottom}"/>'
        yield f'<text class="soft small" text-anchor="middle" x="{x}" y="{bottom + 18}">{percent}</text>'
    yield f'<text class="soft small" text-anchor="middle" x="{_x(0.5)}" y="{bottom + 36}">in 100</text>'


def _row(line: Line, top: int) -> Iterator[str]:
    if line.bar is not None:
        bar = BARS[line.bar]
        low, high = (bar.limit, 1.0) if bar.holds is ge else (0.0, bar.limit)
        width = round(_x(high) - _x(low), 1)
        yield f'<rect class="wanted" x="{_x(low)}" y="{top + 3}" width="{width}" height="{ROW - 6}"/>'
        yield f'<line class="bar" x1="{_x(bar.limit)}" x2="{_x(bar.limit)}" y1="{top + 3}" y2="{top + ROW - 3}"/>'
    yield f'<text class="ink" text-anchor="end" x="{LEFT - 14}" y="{top + ROW // 2 + 5}">{escape(line.name)}</text>'
    middle = len([share for share in line.shares if share]) // 2
    for lane, share in enumerate(line.shares):
        if share and share.value is not None:
            yield from _point(lane, share, top + ROW // 2 + (lane - middle) * LANE)


def _point(lane: int, share: Share, y: int) -> Iterator[str]:
    if share.interval:
        low, high = (_x(end) for end in share.interval)
        yield f'<line class="m{lane}" stroke-width="2" x1="{low}" x2="{high}" y1="{y}" y2="{y}"/>'
    yield _mark(lane, _x(share.value or 0.0), y)


def _mark(lane: int, x: float, y: int) -> str:
    """A circle, a square, a triangle: told apart without their colours."""
    if lane == 0:
        return f'<circle class="m0" cx="{x}" cy="{y}" r="5.5"/>'
    if lane == 1:
        return f'<rect class="m1" x="{x - 4.5:.1f}" y="{y - 4.5}" width="9" height="9"/>'
    return f'<path class="m2" d="M{x} {y - 5.5}l5.5 10h-11z"/>'


def _x(share: float) -> float:
    return round(LEFT + share * WIDTH, 1)
