"""Matching what the rules say now with what the practice was told: pure, and apart from the writing."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from diary.clinical.assess import Finding
from diary.models import Flag, instant

RED_FLAG = "red-flag"
Thing = TypeVar("Thing")


@dataclass(slots=True)
class Matched:
    """Findings beside the flags that tell them, findings untold, and flags that the diary no longer supports."""

    told: list[tuple[Finding, list[Flag]]] = field(default_factory=list)
    untold: list[Finding] = field(default_factory=list)
    unsupported: list[Flag] = field(default_factory=list)


def match(findings: Sequence[Finding], flags: Sequence[Flag]) -> Matched:
    """Match each finding with the flags that tell it: usually one, more where a handled one was followed by a worse.

    Flags that fired at the same instant are the finding's own. What then remains is paired in order of time: a finding
    moves when the diary behind it is amended or filled in later. A withdrawn flag comes back only for the very same
    finding.
    """
    matched = Matched()
    flags_about = grouped(flags, about_flag)
    for about, same in grouped(findings, about_finding).items():
        match_same(same, flags_about.pop(about, []), matched)
    matched.unsupported += [flag for rest in flags_about.values() for flag in rest]
    matched.unsupported = [flag for flag in matched.unsupported if not flag.withdrawn_at and flag.rule != RED_FLAG]
    return matched


def match_same(findings: Iterable[Finding], flags: Iterable[Flag], matched: Matched) -> None:
    tellings = grouped(flags, lambda flag: instant(flag.fired_at))
    moved = []
    for finding in sorted(findings, key=lambda finding: finding.fired_at):
        if finding.fired_at in tellings:
            matched.told.append((finding, tellings.pop(finding.fired_at)))
        else:
            moved.append(finding)
    standing = [telling for _, telling in sorted(tellings.items()) if not all(flag.withdrawn_at for flag in telling)]
    matched.told += zip(moved, standing, strict=False)
    matched.untold += moved[len(standing) :]
    matched.unsupported += [flag for telling in standing[len(moved) :] for flag in telling]


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
