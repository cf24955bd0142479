"""Matching what the rules say now with what the practice was told: pure, and apart from the writing."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from diary.clinical.assess import RULES_VERSION, Finding
from diary.models import Flag, instant

RED_FLAG = "red-flag"
Thing = TypeVar("Thing")


@dataclass(slots=True)
class Matched:
    """Findings beside the flags that tell them, findings untold, and flags that the diary no longer supports."""

    told: list[tuple[Finding, list[Flag]]] = field(default_factory=list)
    untold: list[Finding] = field(default_factory=list)
    unsupported: list[Flag] = field(default_factory=list)


def match(findings: Sequence[Finding], flags: Sequence[Flag], version: str = RULES_VERSION) -> Matched:
    """Match each finding with the flags that tell it: usually one, more where a handled one was followed by a worse.

    Flags that fired at the same instant are the finding's own. What then remains is paired in order of time: a finding
    moves when the diary behind it is amended or filled in later. A withdrawn flag comes back only for the very same
    finding. A flag raised by other rules than those of this `version` does not move: it tells what they found.
    """
    matched = Matched()
    flags_about = grouped(flags, about_flag)
    for about, same in grouped(findings, about_finding).items():
        match_same(same, flags_about.pop(about, []), matched, version)
    matched.unsupported += [flag for rest in flags_about.values() for flag in rest]
    matched.unsupported = [flag for flag in matched.unsupported if not flag.withdrawn_at and flag.rule != RED_FLAG]
    return matched


def match_same(findings: Iterable[Finding], flags: Iterable[Flag], matched: Matched, version: str) -> None:
    tellings = grouped(flags, lambda flag: instant(flag.fired_at))
    moved = []
    for finding in sorted(findings, key=lambda finding: finding.fired_at):
        if finding.fired_at in tellings:
            matched.told.append((finding, tellings.pop(finding.fired_at)))
        else:
            moved.append(finding)
    rest = [telling for _, telling in sorted(tellings.items())]
    movable = [telling for telling in rest if any(may_move(flag, version) for flag in telling)]
    matched.told += zip(moved, movable, strict=False)
    matched.untold += moved[len(movable) :]
    left = [*movable[len(moved) :], *(telling for telling in rest if telling not in movable)]
    matched.unsupported += [flag for telling in left for flag in telling]


def may_move(flag: Flag, version: str) -> bool:
    return not flag.withdrawn_at and flag.rules_version == version


def grouped(things: Iterable[Thing], key: Callable[[Thing], Any]) -> dict[Hashable, list[Thing]]:
    groups = defaultdict(list)
    for thing in things:
        groups[key(thing)].append(thing)
    return groups


def about_finding(finding: Finding) -> tuple[str, ...]:
    subject = finding.session or finding.evidence[0]  # a red flag is about its entry
    return finding.rule, subject, finding.symptom or "", finding.code or ""


def about_flag(flag: Flag) -> tuple[str, ...]:
    return flag.rule, str(flag.session_id or flag.entry_id), flag.symptom, flag.code
