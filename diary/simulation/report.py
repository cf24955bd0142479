"""A run as a plain-text table, and as numbers for a machine."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from diary.clinical.assess import RULES_VERSION
from diary.clinical.diary import LEVELS
from diary.clinical.rules import RULES
from diary.simulation.bars import WITHIN_TWO_DAYS, verdicts
from diary.simulation.cases import EXPECTED, HARMS
from diary.simulation.run import Run
from diary.simulation.tally import CAUSES, Sensitivity, Share, Tally

NATURE = "Verification, not clinical validation: made-up patients, known truth. It shows what the rules do with them."
CODES = tuple(rule.code for rule in RULES)
Table = Sequence[Sequence[str]]


def text(run: Run) -> str:
    """The whole report, as plain text."""
    rules, *_ = run.tallies.values()
    head = (
        f"{run.patients} patients, {rules.sessions} sessions, {rules.entries} entries; seed {run.seed}; rules version"
    )
    parts = [
        f"{head} {RULES_VERSION}\n{NATURE}\nIn brackets: count of how many, and Wilson's 95 % interval.",
        section("Bars (of the rules)", _bars(rules)),
        section("Told to the practitioner (review and above)", _compared(run)),
        section("Flags of the rules per 100 sessions, by level", _flags(rules)),
        section("Harm of which the practitioner was told, by kind", _harms(run)),
        section("The same, of the rules, and hours until told", _closer(rules)),
        section("Expected reactions of which nobody was told", _silent(run)),
        section("What lay behind what the rules told the practitioner, per 100 sessions", _behind(rules)),
    ]
    return "\n\n".join(parts) + "\n"


def section(title: str, table: Table) -> str:
    return "\n".join([title, *columns(table)])


def columns(table: Table) -> Iterable[str]:
    """Lines of a table whose first column is words and whose others are figures, as wide as they need to be."""
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    for first, *others in table:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        yield "  ".join(["  " + first.ljust(widths[0]), *cells]).rstrip()


def said(share: Share, unit: str = " %") -> str:
    """A share as `12.3 % [45/366; 9.3-16.0]`."""
    if share.value is None:
        return "none to tell of"
    interval = share.interval
    within = f"; {100 * interval.low:.1f}-{100 * interval.high:.1f}" if interval else "; more than one each"
    return f"{100 * share.value:.1f}{unit} [{share.are}/{share.of}{within}]"


def _bars(tally: Tally) -> Table:
    rows = [("", "wanted", "figure", "")]
    for bar, share, result, clear in verdicts(tally):
        rows.append((bar.name, bar.wanted, said(share, bar.unit), result if clear else f"{result}, interval crosses"))
    return rows


def _compared(run: Run) -> Table:
    tallies = run.tallies.values()
    return [
        ("", *run.tallies),
        ("flags per 100 sessions", *(said(tally.told, "") for tally in tallies)),
        ("sessions with a flag before the next", *(said(tally.sessions_told) for tally in tallies)),
        ("false alarms per patient course", *(f"{tally.false_alarms / tally.patients:.2f}" for tally in tallies)),
        ("courses with a false alarm", *(said(tally.courses_with_false_alarm) for tally in tallies)),
    ]


def _flags(tally: Tally) -> Table:
    rows: list[Sequence[str]] = [("", *LEVELS)]
    for code in CODES:
        shares = [Share(tally.sessions, tally.flags[code, level]) for level in LEVELS]
        rows.append((code, *(said(share, "") if share.are else "-" for share in shares)))
    return rows


def _harms(run: Run) -> Table:
    tallies = run.tallies.values()
    none = Sensitivity()
    return [
        ("", *run.tallies),
        *((kind, *(said(tally.harms.get(kind, none).told) for tally in tallies)) for kind in HARMS),
    ]


def _closer(tally: Tally) -> Table:
    rows = [("", "told, given an entry", "any level, given an entry", "median h (quartiles)")]
    for kind in HARMS:
        counts = tally.harms.get(kind, Sensitivity())
        quartiles = counts.quartiles()
        hours = f"{quartiles[1]:.0f} ({quartiles[0]:.0f}-{quartiles[2]:.0f})" if quartiles else "-"
        rows.append((kind, said(counts.told_given_entry), said(counts.found_given_entry), hours))
    return rows


def _silent(run: Run) -> Table:
    tallies = run.tallies.values()
    kinds = {**{kind: [kind] for kind in EXPECTED}, "all but bruises": WITHIN_TWO_DAYS}
    rows = ((name, *(said(tally.silent_on(of)) for tally in tallies)) for name, of in kinds.items())
    return [("", *run.tallies), *rows]


def _behind(tally: Tally) -> Table:
    rows: list[Sequence[str]] = [("", *CAUSES)]
    for code in CODES:
        counts = [tally.behind[code, cause] for cause in CAUSES]
        if any(counts):
            rows.append((code, *(f"{100 * count / tally.sessions:.2f}" if count else "-" for count in counts)))
    return rows


def numbers(run: Run) -> dict[str, Any]:
    """The whole run as JSON can hold it."""
    rules, *_ = run.tallies.values()
    return {
        "nature": NATURE,
        "rules_version": RULES_VERSION,
        "patients": run.patients,
        "seed": run.seed,
        "parameters": asdict(run.given),
        "bars": [
            {"bar": bar.name, "wanted": bar.wanted, **counted(share), "result": result, "clear": clear}
            for bar, share, result, clear in verdicts(rules)
        ],
        "rulers": {name: _tallied(tally) for name, tally in run.tallies.items()},
    }


def counted(share: Share) -> dict[str, Any]:
    interval = share.interval if share.of else None
    return {"are": share.are, "of": share.of, "share": share.value, "interval": list(interval) if interval else None}


def _tallied(tally: Tally) -> dict[str, Any]:
    return {
        "sessions": tally.sessions,
        "entries": tally.entries,
        "told": counted(tally.told),
        "sessions_told": counted(tally.sessions_told),
        "flags": [
            {"rule": rule, "level": level, **counted(Share(tally.sessions, count))}
            for (rule, level), count in sorted(tally.flags.items())
        ],
        "behind": [
            {"rule": rule, "cause": cause, **counted(Share(tally.sessions, count))}
            for (rule, cause), count in sorted(tally.behind.items())
        ],
        "false_alarms_per_course": tally.false_alarms / tally.patients,
        "courses_with_false_alarm": counted(tally.courses_with_false_alarm),
        "harms": {kind: _sensitivity(counts) for kind, counts in sorted(tally.harms.items())},
        "silent": {kind: counted(share) for kind, share in sorted(tally.silent.items())},
        "well_confirmed": counted(tally.confirmed_of_well),
    }


def _sensitivity(counts: Sensitivity) -> dict[str, Any]:
    return {
        "told": counted(counts.told),
        "told_given_entry": counted(counts.told_given_entry),
        "found_given_entry": counted(counts.found_given_entry),
        "hours_quartiles": counts.quartiles(),
    }
