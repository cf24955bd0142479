"""What other thresholds, or changed rules, say of past diaries, beside what was said. Nothing here is written."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Count, F, Max, Q, QuerySet

from diary.actions.reconciling import about_finding, about_flag, grouped
from diary.clinical import diary as clinical
from diary.clinical.adjustable import RULED, Thresholds
from diary.clinical.assess import assess
from diary.clinical.finding import Finding
from diary.clinical.rules import RULES, worsening_course
from diary.models import Diary, Entry, Flag, Intake, Level, TreatmentSession, User, diary_of, instant
from diary.models.readings import ENTRY, INTAKE, SESSION, clinical_entry, clinical_intake, clinical_session
from diary.permissions import visible_flags, visible_patients

PERIOD = timedelta(days=365)
PATIENTS = 100
ENTRIES = 30_000
"""As many diaries and entries as are read while somebody waits for a page; the rest is named as left out."""

LINES = [(rule.code, level) for rule in RULES for level in rule.levels]


class Told(NamedTuple):
    """What is told once: about what, when it fired (seconds since 1970), at which level."""

    about: tuple[str, ...]
    fired_at: int
    level: str

    @property
    def line(self) -> tuple[str, str]:
        return self.about[0], self.level


class Pair(NamedTuple):
    """What is told on one side and what becomes of it on the other; None where that side is silent."""

    before: Told | None
    after: Told | None

    @property
    def either(self) -> Told:
        told = self.before or self.after
        assert told  # noqa: S101 - a pair is never of nothing
        return told

    @property
    def differs(self) -> bool:
        return self.before is None or self.after is None or self.before[1:] != self.after[1:]


class Line(NamedTuple):
    """One rule at one level: how often it is told on one side and on the other."""

    rule: str
    level: str
    before: int
    after: int


def by_findings(findings: Iterable[Finding]) -> list[Told]:
    return [Told(about_finding(finding), finding.fired_at, finding.level) for finding in findings]


def by_flags(flags: Iterable[Flag]) -> list[Told]:
    """Return what flags tell: those of one finding, the first and a worse one after it, once, as the worse."""
    told: dict[tuple[tuple[str, ...], int], Told] = {}
    for flag in sorted(flags, key=lambda flag: flag.level):
        one = Told(about_flag(flag), instant(flag.fired_at), clinical.LEVELS[flag.level - Level.NOTICE])
        told[one[:2]] = one
    return list(told.values())


def pairs(before: Iterable[Told], after: Iterable[Told]) -> Iterator[Pair]:
    """Pair what two sides tell about the same: what fired at one instant, then the rest in order of time."""
    others = grouped(after, matter)
    for about, same in grouped(before, matter).items():
        yield from pairs_about_the_same(same, others.pop(about, []))
    for rest in others.values():
        yield from (Pair(None, told) for told in rest)


def matter(told: Told) -> tuple[str, ...]:
    """What something told is about; a worsening course is of all sessions, whichever it fired at."""
    return told.about[:1] if told.about[0] == worsening_course.CODE else told.about


def pairs_about_the_same(before: list[Told], after: list[Told]) -> Iterator[Pair]:
    instants = {told.fired_at: told for told in after}
    own = [told for told in before if told.fired_at in instants]
    yield from (Pair(told, instants.pop(told.fired_at)) for told in own)
    left = sorted((told for told in before if told not in own), key=lambda told: told.fired_at)
    moved = sorted(instants.values(), key=lambda told: told.fired_at)
    for place in range(max(len(left), len(moved))):
        yield Pair(next(iter(left[place : place + 1]), None), next(iter(moved[place : place + 1]), None))


def lines(paired: Iterable[Pair]) -> list[Line]:
    """Return the counts of each rule and level, in the order of the rules; all of them, those never told too."""
    before: Counter[tuple[str, str]] = Counter()
    after: Counter[tuple[str, str]] = Counter()
    for pair in paired:
        before.update([pair.before.line] if pair.before else ())
        after.update([pair.after.line] if pair.after else ())
    return [Line(*line, before[line], after[line]) for line in LINES]


# Other thresholds, for a practitioner


@dataclass(frozen=True, slots=True)
class Difference:
    """What the tried thresholds change for one patient, and the flag that tells it now, where there is one."""

    patient: User
    pair: Pair
    flag: UUID | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What past diaries would have had under other thresholds, beside what the rules say of them."""

    since: datetime
    read: int
    left_out: int
    lines: list[Line]
    differences: list[Difference]


def tried(user: User, thresholds: Thresholds, now: datetime) -> Trial:
    """Try thresholds on the diaries that a practitioner may read, the latest kept first, up to so many entries.

    Both sides read the diaries as they stand, whole; what fired within the last year is compared. So they differ by
    the thresholds alone, and under those of the rules not at all.
    """
    patients, left_out = within_limits(user, now)
    since = now - PERIOD
    compared = [
        (patient, pair) for patient, diary in diaries_of(patients) for pair in tried_on(diary, thresholds, since, now)
    ]
    flags = flags_by_what_they_tell(user, patients, since, now)
    differences = [
        Difference(patient, pair, flags.get((patient.pk, *pair.before[:2])) if pair.before else None)
        for patient, pair in compared
        if pair.differs
    ]
    differences.sort(key=lambda one: (one.patient.name, one.patient.pk, one.pair.either.fired_at))
    return Trial(since, len(patients), left_out, lines(pair for _, pair in compared), differences)


def within_limits(user: User, now: datetime) -> tuple[list[User], int]:
    """Return the patients whose diaries are read, and how many more there are."""
    standing = Q(entries__withdrawn_at=None)
    counted = visible_patients(user, now).annotate(
        count=Count("entries", filter=standing), latest=Max("entries__observed_at", filter=standing)
    )
    kept = list(counted.order_by(F("latest").desc(nulls_last=True), "pk"))
    taken: list[User] = []
    entries = 0
    for patient in kept[:PATIENTS]:
        entries += patient.count
        if taken and entries > ENTRIES:
            break
        taken.append(patient)
    return taken, len(kept) - len(taken)


def diaries_of(patients: list[User]) -> Iterator[tuple[User, clinical.Diary]]:
    """Yield each patient with what the rules read of them: three statements for all."""
    intakes = rows_of(Intake.objects.all(), patients, INTAKE)
    sessions = rows_of(TreatmentSession.objects.standing(), patients, SESSION)
    entries = rows_of(Entry.objects.standing(), patients, ENTRY)
    for patient in patients:
        yield (
            patient,
            clinical.Diary(
                time_zone=patient.time_zone,
                intake=clinical_intake(*intakes[patient.pk]),
                sessions=tuple(map(clinical_session, sessions[patient.pk])),
                entries=tuple(map(clinical_entry, entries[patient.pk])),
            ),
        )


def rows_of(rows: QuerySet[Any], patients: list[User], columns: Sequence[Any]) -> dict[int, list[tuple[Any, ...]]]:
    """Return columns of rows by the patient whose they are."""
    held: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for patient, *row in rows.filter(patient__in=patients).order_by().values_list("patient_id", *columns):
        held[patient].append(tuple(row))
    return held


def tried_on(diary: clinical.Diary, thresholds: Thresholds, since: datetime, now: datetime) -> list[Pair]:
    at = instant(now)
    before = by_findings(assess(diary, at).findings)
    after = before if thresholds == RULED else by_findings(assess(diary, at, thresholds).findings)
    return [pair for pair in pairs(before, after) if pair.either.fired_at >= instant(since)]


def flags_by_what_they_tell(
    user: User, patients: list[User], since: datetime, now: datetime
) -> dict[tuple[int, tuple[str, ...], int], UUID]:
    standing = visible_flags(user, now).filter(patient__in=patients, withdrawn_at=None, fired_at__gte=since)
    return {
        (flag.patient_id, about_flag(flag), instant(flag.fired_at)): flag.pk for flag in standing.order_by("raised_at")
    }


# Changed rules, for whoever runs the site


def changed_by_the_rules(now: datetime) -> Iterator[tuple[int, list[Pair]]]:
    """Yield each diary's patient with its flags beside what the present rules find, one diary at a time.

    A red flag of an entry that was taken back stands by itself, under any rules: it is left out.
    """
    for diary in Diary.objects.select_related("patient").order_by("pk").iterator(chunk_size=100):
        flags = Flag.objects.of(diary.patient).filter(withdrawn_at=None).exclude(entry__withdrawn_at__isnull=False)
        found = assess(diary_of(diary.patient), instant(now)).findings
        yield diary.pk, list(pairs(by_flags(flags), by_findings(found)))
