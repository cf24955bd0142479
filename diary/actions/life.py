"""The life of a flag in the hands of people: one table, which the actions follow and `docs/flag-life.md` draws.

Who may act is asked in `permissions`; here stands what may be done to a flag now.

What the diary does to a flag (it settles, it is no longer supported) runs beside this and changes nothing here.
"""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from diary.models import Flag, Step

OPEN, ACKNOWLEDGED, CLOSED = Flag.Status.OPEN, Flag.Status.ACKNOWLEDGED, Flag.Status.CLOSED
BEFORE = "before"
"""Where it was before the last step: an undoing has no end of its own."""

CLOSING = (Flag.Outcome.CONTACTED, Flag.Outcome.REFERRED, Flag.Outcome.NOT_A_CONCERN)
ACTS = (Flag.Outcome.ACKNOWLEDGED, *CLOSING, "reopened", "undone")

LIFE: dict[tuple[str, str], str] = {
    (OPEN, Flag.Outcome.ACKNOWLEDGED): ACKNOWLEDGED,
    **{(OPEN, act): CLOSED for act in CLOSING},
    **{(ACKNOWLEDGED, act): CLOSED for act in CLOSING},
    (ACKNOWLEDGED, "reopened"): OPEN,
    (CLOSED, "reopened"): OPEN,
    (OPEN, "undone"): BEFORE,
    (ACKNOWLEDGED, "undone"): BEFORE,
    (CLOSED, "undone"): BEFORE,
}
"""From a state, by an act, to a state. A pair that is not here is refused: somebody else was first."""


def is_undoable(step: Step, now: datetime, zone: str) -> bool:
    """Tell whether a step may still be taken back: on the same day in the zone of who took it, and once."""
    here = ZoneInfo(zone)
    return step.action != "undone" and step.at.astimezone(here).date() == now.astimezone(here).date()


def takes_urgency(flag: Flag) -> bool:
    """Tell whether a patient may still say how urgent a flag is to them: while nobody has closed it."""
    return flag.status != Flag.Status.CLOSED


PAGE = """# A flag's life

Drawn from the table that the actions follow (`diary/actions/life.py`) by `manage.py flag_life`; a test compares the
two. Worse is new: a flag that people handled stays handled whatever the diary says next, and what has become worse
raises a flag of its own, which starts here at `open`.

```mermaid
stateDiagram-v2
    [*] --> open: raised by the rules
{arrows}
```

| from | {acts} |
| --- |{rule}
{rows}

A dash is refused, and the page says who was first and what they did. `not_a_concern` needs its reason. `undone` goes
back to where the last step began: only for who took it, on the same day where they are, and once. Beside all this the
diary moves on: a flag settles or is no longer supported in whatever state people have left it.
"""


def drawn() -> str:
    """Return the table as a page of Markdown, with a diagram."""
    return PAGE.format(
        arrows="\n".join(arrows()),
        acts=" | ".join(ACTS),
        rule=" --- |" * len(ACTS),
        rows="\n".join(row(state) for state in Flag.Status.values),
    )


def arrows() -> Iterator[str]:
    ends: dict[tuple[str, str], list[str]] = {}
    for (start, act), end in LIFE.items():
        if end != BEFORE:
            ends.setdefault((str(start), str(end)), []).append(str(act))
    for (start, end), acts in ends.items():
        yield f"    {start} --> {end}: {', '.join(acts)}"


def row(state: str) -> str:
    cells = (str(LIFE.get((state, act), "–")) for act in ACTS)
    return f"| {state} | {' | '.join(cells)} |"
