"""Diaries in few words: `diary(session("0h"), entry("48h 1s", 5, soreness=3))`.

Times are durations from one fixed start, and an id is the time as it was written: evidence reads as the test does.
"""

import re

from diary.clinical.assess import Assessment, assess
from diary.clinical.case import Case
from diary.clinical.diary import GRADES, Diary, Entry, Intake, Session
from diary.clinical.finding import Finding

START = 1_772_445_600  # 2026-03-02T10:00:00Z
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def lasting(text: str) -> int:
    """`lasting("2d 3h -1s")`: seconds."""
    parts = re.findall(r"([+-]?)(\d+)([smhd])", text)
    return sum((-1 if sign == "-" else 1) * int(number) * SECONDS[unit] for sign, number, unit in parts)


def at(text: str) -> int:
    return START + lasting(text)


def session(when: str = "0h", *, before=None, after=None, sharp: bool = False, id: str | None = None) -> Session:
    return Session(id or f"S {when}", at(when), before, after, sharp)


def entry(when: str, pain: int = 0, soreness: int | None = None, compared=None, *flags: str, **more) -> Entry:
    id, recorded = more.pop("id", when), more.pop("recorded", when)
    reactions = {symptom: GRADES.index(grade) for symptom, grade in more.items()}
    return Entry(id, at(when), at(recorded), pain, soreness, reactions, compared, flags)


def intake(pain: int | None = None, soreness: int | None = None, *conditions: str, **reactions: str) -> Intake:
    grades = {symptom: GRADES.index(grade) for symptom, grade in reactions.items()}
    return Intake(pain, soreness, grades, frozenset(conditions))


def diary(*parts: Session | Entry | Intake) -> Diary:
    def of(kind):
        return tuple(part for part in parts if isinstance(part, kind))

    return Diary("Europe/Lisbon", next(iter(of(Intake)), Intake()), of(Session), of(Entry))


def case(*parts: Session | Entry | Intake) -> Case:
    return Case(diary(*parts), at("60d"))


def usual(pain: int) -> list[Entry]:
    """Three days before the start with this pain: a firm baseline, from which a rise is two points."""
    return [entry(f"-{days}d", pain, id=f"usual {days}") for days in (3, 2, 1)]


def assessed(*parts: Session | Entry | Intake, now: str = "60d") -> Assessment:
    return assess(diary(*parts), at(now))


def found(rule: str, *parts: Session | Entry | Intake, now: str = "60d") -> list[Finding]:
    return [finding for finding in assessed(*parts, now=now).findings if finding.rule == rule]


def the(rule: str, *parts: Session | Entry | Intake, now: str = "60d") -> Finding:
    """The one finding of a rule."""
    (finding,) = found(rule, *parts, now=now)
    return finding
