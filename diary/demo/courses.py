"""From what is told of a patient to every step of the diary: the ordinary days are filled in here.

Courses of six to ten sessions, about a week apart, with a season of rest between; entries in the evening after, a day
and two days after, on the fifth day, then weekly. Chance is seeded by the patient's address, so that a change to one
story leaves the others as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from diary.demo import notes
from diary.demo.letters import letters_of
from diary.demo.people import ROSA, Episode, Patient, Said
from diary.demo.steps import Amended, Granted, Handled, Logged, LookedAgain, Read, Revoked, Step, ToldIntake, Treated
from diary.forms.choices import AFTERCARE, GOOD, REGIONS

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SORE_SESSIONS = 0.2
READ_BEFORE = 0.3
SILENCE_KNOWN_AFTER = timedelta(hours=96, minutes=1)


def steps_of(patient: Patient, now: datetime) -> list[Step]:
    """Return everything that happened to a patient up to now, in order."""
    steps = [*Course(patient, now, Random(patient.email)).steps(), *letters_of(patient, now)]
    return sorted((step for step in steps if step.at <= now), key=lambda step: step.at)


@dataclass
class Course:
    """One patient's half-year while it is being filled in."""

    patient: Patient
    now: datetime
    chance: Random
    joined: datetime = field(init=False)
    regions: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.joined = self.now - self.patient.joined
        self.regions = sorted(self.chance.sample(codes(REGIONS), 2))

    def steps(self) -> Iterator[Step]:
        ends = self.session_ends()
        yield from self.shares()
        yield from self.intake()
        yield from self.before_the_first(ends)
        told = {episode.back: episode for episode in self.patient.episodes}
        for back, (end, following) in zip(
            reversed(range(len(ends))), pairwise([*ends, self.now + 10 * HOUR]), strict=True
        ):
            yield from self.session(end, told.get(back, Episode()))
            yield from self.follow_up(end, following, told.get(back))
        for entry in self.patient.lately:
            yield self.logged(self.now - entry.hours * HOUR, entry)

    # When

    def session_ends(self) -> list[datetime]:
        """Return the ends of all sessions, counted back from the latest; the first leaves a week for a baseline."""
        if self.patient.last is None:
            return []
        zone, ends = ZoneInfo(self.patient.time_zone), []
        days, hour = self.patient.last
        day, left = self.now.astimezone(zone).date() - days * DAY, self.chance.randint(6, 10)
        first = (self.joined + 6 * DAY).astimezone(zone).date()
        while day >= first:
            clock = time(hour, self.chance.choice((0, 10, 20, 30)), tzinfo=zone)
            ends.append(datetime.combine(day, clock).astimezone(UTC))
            left = left - 1 or self.chance.randint(6, 10)
            day -= (self.chance.choice((6, 7, 7, 7, 8)) if left - 1 else self.chance.randint(75, 95)) * DAY
        return ends[::-1]

    def level(self, at: datetime) -> float:
        """Return the pain one would expect at a moment: from the first level to the last, evenly."""
        start, end = self.patient.level
        return start + (end - start) * ((at - self.joined) / (self.now - self.joined))

    def near(self, at: datetime, shift: float = 0) -> int:
        return min(10, max(0, round(self.level(at) + shift + self.chance.uniform(-0.5, 0.5))))

    # What

    def shares(self) -> Iterator[Step]:
        for lent in self.patient.lent:
            until = self.now + lent.until * DAY if lent.until else None
            yield Granted(at=self.now - lent.days * DAY, to=lent.to, until=until)
            if lent.revoked:
                yield Revoked(at=self.now - lent.revoked * DAY, to=lent.to)

    def intake(self) -> Iterator[Step]:
        if self.patient.intake is not None:
            usual = {"usual_pain": round(self.patient.level[0]), "needle_nervousness": self.chance.randint(0, 5)}
            yield ToldIntake(at=self.joined + timedelta(minutes=4), answers=usual | dict(self.patient.intake))

    def before_the_first(self, ends: list[datetime]) -> Iterator[Step]:
        for days in (5.1, 3.2, 1.1) if ends else ():
            at = ends[0] - days * DAY + self.chance.uniform(0, 2) * HOUR
            yield self.logged(at, Said(0, self.near(at), 0, self.extras(sore=False)))

    def session(self, end: datetime, episode: Episode) -> Iterator[Step]:
        if self.chance.random() < READ_BEFORE:
            yield Read(at=end - timedelta(minutes=50), by=self.patient.reader)
        before = self.near(end)
        ordinary = {
            "pain_before": before,
            "pain_after": max(0, before - self.chance.choice((0, 1, 1, 2))),
            "sites": self.regions,
            "aftercare": sorted(self.chance.sample(codes(AFTERCARE), 2)),
            "note": self.chance.choice(notes.OF_SESSIONS) if self.chance.random() < 0.3 else "",
        }
        yield Treated(
            at=end + self.chance.randint(4, 15) * timedelta(minutes=1),
            id=self.id(),
            ended_at=end,
            by=None if self.patient.records_own_sessions else self.patient.reader,
            answers=ordinary | dict(episode.session),
        )

    def follow_up(self, end: datetime, following: datetime, told: Episode | None) -> Iterator[Step]:
        if told is None:
            yield from self.ordinary_days(end, following)
            return
        yield LookedAgain(at=end + SILENCE_KNOWN_AFTER)
        for entry in told.said:
            yield self.logged(end + entry.hours * HOUR, entry)
        for did in told.did:
            at = end + did.hours * HOUR
            yield Handled(at=at, by=self.patient.reader, rule=did.rule, outcome=did.outcome, note=did.note)

    def ordinary_days(self, end: datetime, following: datetime) -> Iterator[Step]:
        for entry in self.ordinary_entries(end):
            at = end + entry.hours * HOUR
            if at < following - 10 * HOUR:
                yield from self.logged_or_mistyped(at, entry)

    def ordinary_entries(self, end: datetime) -> Iterator[Said]:
        """Soreness settles in a day; who was sore says so on the second day, others sometimes leave a day out."""
        sore = self.chance.random() < SORE_SESSIONS
        yield self.ordinary(end, self.chance.uniform(3, 5), 0.2, self.chance.randint(2, 4) if sore else 0)
        if sore or self.chance.random() < 0.6:
            yield self.ordinary(end, self.chance.uniform(23.5, 28), 0, self.chance.randint(0, 1) if sore else 0)
        if sore or self.chance.random() < 0.6:
            yield self.ordinary(end, self.chance.uniform(49, 53), -0.2, 0)
        for week in range(12):
            if self.chance.random() < 0.6:
                yield self.ordinary(end, 120 + 168 * week + self.chance.uniform(0, 4), 0, None)

    def ordinary(self, end: datetime, hours: float, shift: float, soreness: int | None) -> Said:
        return Said(hours, self.near(end + hours * HOUR, shift), soreness, self.extras(sore=bool(soreness)))

    def extras(self, *, sore: bool) -> dict[str, Any]:
        """Return what some people add to the scores."""
        extras: dict[str, Any] = {}
        if self.chance.random() < 0.35:
            extras["compared"] = self.chance.choice(("same", "same", "better"))
        if self.chance.random() < 0.25:
            extras["good"] = [self.chance.choice(codes(GOOD))]
        if self.chance.random() < 0.15:
            extras["aftercare"] = [self.chance.choice(codes(AFTERCARE))]
        if sore and self.chance.random() < 0.4:
            extras[self.chance.choice(("stiffness", "fatigue", "bruising"))] = 1
        if self.chance.random() < 0.2:
            words = (notes.SORE if sore else notes.CALM)[self.patient.writes or self.patient.language]
            extras["note"] = self.chance.choice(words)
        return extras

    def logged(self, at: datetime, entry: Said) -> Logged:
        answers = {"regions": self.regions} | dict(entry.answers)
        recorded = at + self.chance.randint(10, 90) * timedelta(seconds=1)
        return Logged(
            at=recorded, id=self.id(), observed_at=at, pain=entry.pain, soreness=entry.soreness, answers=answers
        )

    def logged_or_mistyped(self, at: datetime, entry: Said) -> Iterator[Step]:
        """Log an entry; the demo's own patient once mistypes a score and puts it right."""
        mistyped = self.patient.name == ROSA and self.chance.random() < 0.05
        logged = self.logged(at, replace(entry, pain=entry.pain + 1) if mistyped else entry)
        yield logged
        if mistyped:
            right = {"pain": entry.pain, "note": "Put right: I had slipped by one."}
            yield Amended(at=logged.at + timedelta(minutes=3), id=logged.id, answers=right)

    def id(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)


def codes(choices: list[tuple[str, Any]]) -> list[str]:
    return [code for code, _ in choices]
