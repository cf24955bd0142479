"""Counting, for one ruler: what it told of each patient, beside what was true."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import quantiles

from diary.clinical.diary import HOUR, LEVELS, PRIORITY, REVIEW, Diary, Entry
from diary.clinical.finding import Finding
from diary.clinical.rates import Interval, wilson
from diary.simulation.cases import BRUISING, CONFIRMED, COURSE, LINGERING, Case, expected, harms
from diary.simulation.cohort import Patient
from diary.simulation.truth import Truth

CAUSES = (
    "harm",
    "expected reaction",
    "natural flare",
    "red flag ticked by mistake",
    "soreness answered by mistake",
    "no more than noise",
)


@dataclass(slots=True)
class Share:
    """So many of so many."""

    of: int = 0
    are: int = 0

    def add(self, is_one: bool) -> None:
        self.of += 1
        self.are += is_one

    @property
    def value(self) -> float | None:
        return self.are / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        """Wilson's at 95 %; None where there are more than one each, which is no proportion."""
        return wilson(self.are, self.of) if self.are <= self.of else None


def pooled(shares: Iterable[Share]) -> Share:
    parts = list(shares)
    return Share(sum(part.of for part in parts), sum(part.are for part in parts))


@dataclass(slots=True)
class Sensitivity:
    """Of one kind of harm: told (review and above), and told or found (at any level) where an entry could show it."""

    told: Share = field(default_factory=Share)
    told_given_entry: Share = field(default_factory=Share)
    found_given_entry: Share = field(default_factory=Share)
    hours: list[float] = field(default_factory=list)

    def quartiles(self) -> list[float] | None:
        """Lower quartile, median and upper quartile of the hours until it was told."""
        return quantiles(self.hours, n=4, method="inclusive") if len(self.hours) > 1 else None


@dataclass(slots=True)
class Tally:
    """What one ruler told of a cohort."""

    patients: int = 0
    sessions: int = 0
    entries: int = 0
    flags: Counter[tuple[str, str]] = field(default_factory=Counter)
    behind: Counter[tuple[str, str]] = field(default_factory=Counter)
    harms: dict[str, Sensitivity] = field(default_factory=dict)
    silent: dict[str, Share] = field(default_factory=dict)
    sessions_told: Share = field(default_factory=Share)
    courses_with_false_alarm: Share = field(default_factory=Share)
    confirmed_of_well: Share = field(default_factory=Share)

    def told_of(self, kinds: Iterable[str]) -> Share:
        """Of these kinds of harm, where an entry could show it: those told."""
        return pooled(self.harms.get(kind, Sensitivity()).told_given_entry for kind in kinds)

    def silent_on(self, kinds: Iterable[str]) -> Share:
        """Of these kinds of expected reaction: those of which nobody was told."""
        return pooled(self.silent.get(kind, Share()) for kind in kinds)

    @property
    def confirmed(self) -> Share:
        """Of all patients harmed progressively, entries or none: those whose course was confirmed as worse."""
        return self.harms.get(CONFIRMED, Sensitivity()).told

    @property
    def told(self) -> Share:
        """Practitioner-facing flags per session."""
        return Share(self.sessions, sum(count for (_, level), count in self.flags.items() if faces(level)))

    @property
    def false_alarms(self) -> int:
        return sum(count for (_, cause), count in self.behind.items() if cause != "harm")

    def add(self, patient: Patient, findings: Sequence[Finding]) -> None:
        """Count one patient in."""
        truth, diary = patient.truth, patient.diary
        self.patients += 1
        self.sessions += len(truth.sessions)
        self.entries += len(diary.entries)
        self.flags.update((finding.rule, finding.level) for finding in findings)
        cases = list(harms(truth))
        for case in cases:
            self._add_harm(case, diary.entries, findings)
        facing = [finding for finding in findings if faces(finding.level)]
        for start, end in pairwise([*truth.sessions, truth.ends + 1]):
            self.sessions_told.add(any(start <= finding.fired_at < end for finding in facing))
        causes = [(finding.rule, cause(finding, cases, patient)) for finding in facing]
        self.behind.update(causes)
        self.courses_with_false_alarm.add(any(behind != "harm" for _, behind in causes))
        beside = [finding for finding in findings if not any(speaks_of(finding, case) for case in cases)]
        for case in expected(truth):
            told = any(speaks_of(finding, case) and faces(finding.level) for finding in beside)
            self.silent.setdefault(case.kind, Share()).add(not told)
        if truth.harm is None:
            confirmed = any(finding.rule == COURSE and finding.level == PRIORITY for finding in findings)
            self.confirmed_of_well.add(confirmed)

    def _add_harm(self, case: Case, entries: Iterable[Entry], findings: Sequence[Finding]) -> None:
        about = [finding for finding in findings if speaks_of(finding, case) or goes_on(finding, case)]
        told = [finding.fired_at for finding in about if LEVELS.index(finding.level) >= LEVELS.index(case.level)]
        counts = self.harms.setdefault(case.kind, Sensitivity())
        counts.told.add(bool(told))
        if any(case.since < entry.observed_at <= case.end for entry in entries):
            counts.told_given_entry.add(bool(told))
            counts.found_given_entry.add(bool(about))
        if told:
            since = case.start if case.symptom is None else case.since
            counts.hours.append(max(0, min(told) - since) / HOUR)


def faces(level: str) -> bool:
    """Whether the practitioner is told: review and above. A notice stands on the chart, and tells nobody."""
    return LEVELS.index(level) >= LEVELS.index(REVIEW)


def speaks_of(finding: Finding, case: Case) -> bool:
    """Whether a finding is about a case: of a rule and symptom that would be, and fired while it lasted."""
    return _is_of(finding, case) and case.start <= finding.fired_at <= case.end


def goes_on(finding: Finding, case: Case) -> bool:
    """Whether a lingering reaction told before is still open where the case becomes one: one spell, one flag."""
    return finding.rule == LINGERING and _is_of(finding, case) and finding.open_at(case.since)


def _is_of(finding: Finding, case: Case) -> bool:
    return finding.rule in case.rules and finding.symptom in (None, case.symptom)


def cause(finding: Finding, cases: Iterable[Case], patient: Patient) -> str:
    """What lay behind a finding: one of `CAUSES`, the first that holds."""
    if any(speaks_of(finding, case) for case in cases):
        return "harm"
    if finding.rule == "red-flag":
        return "red flag ticked by mistake"
    if any(speaks_of(finding, case) for case in expected(patient.truth)):
        return "expected reaction"
    if finding.symptom == "soreness":
        return "soreness answered by mistake"
    flare = finding.symptom is None and finding.rule != BRUISING and _in_flare(finding, patient.truth, patient.diary)
    return "natural flare" if flare else "no more than noise"


def _in_flare(finding: Finding, truth: Truth, diary: Diary) -> bool:
    """Whether a natural flare was on at an entry of its evidence, or where it fired."""
    evidence = {entry.observed_at for entry in diary.entries if entry.id in finding.evidence} | {finding.fired_at}
    return any(episode.session is None and episode.covers(at) for episode in truth.episodes for at in evidence)
