"""What must be true of a practice's diaries, without a database: the site is compared with it after every step."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

DAY = timedelta(days=1)
NEVER = datetime.min.replace(tzinfo=UTC)
ANSWERED_WITHIN = timedelta(minutes=30)  # of reading
OPENS, CLOSES, WEEKEND = time(9, tzinfo=UTC), time(17, tzinfo=UTC), 5  # the hours of `tests.people.OFFICE`
URGENT, REVIEW = 4, 2
LEADS_TO = {
    "open": {"acknowledged": "acknowledged", "contacted": "closed", "referred": "closed", "not_a_concern": "closed"},
    "acknowledged": {"contacted": "closed", "referred": "closed", "not_a_concern": "closed", "reopened": "open"},
    "closed": {"reopened": "open"},
}


def reading(since: datetime, until: datetime) -> timedelta:
    """Return how much time of reading lies between two instants."""
    days = (since.date() + number * DAY for number in range((until.date() - since.date()).days + 1))
    return sum((open_on(day, since, until) for day in days if day.weekday() < WEEKEND), timedelta(0))


def open_on(day: date, since: datetime, until: datetime) -> timedelta:
    opens, closes = max(since, datetime.combine(day, OPENS)), min(until, datetime.combine(day, CLOSES))
    return max(closes - opens, timedelta(0))


@dataclass
class Said:
    """An entry as it was acknowledged; of red flags all that it ever reported."""

    patient: str
    answers: dict[str, Any]
    withdrawn: bool = False
    version: int = 1


@dataclass
class Held:
    """A session as it was acknowledged."""

    patient: str
    by: str
    ended_at: datetime
    withdrawn: bool = False


@dataclass
class Step:
    """The last thing that a person did with a flag, and what it was before."""

    by: str
    day: date
    before: tuple[str, str, str]


@dataclass
class Told:
    """A flag: what people made of it, since when it waits as urgent and for whom, who is owed a notice of it."""

    patient: str
    state: tuple[str, str, str] = ("open", "", "")  # status, outcome, by whom
    level: int = 0
    waits_since: datetime | None = None
    waits_for: frozenset[str] = frozenset()
    owed: set[str] = field(default_factory=set)
    opened_again: datetime = NEVER
    last: Step | None = None

    @property
    def status(self) -> str:
        return self.state[0]

    def may(self, act: str) -> bool:
        return act in LEADS_TO[self.status]

    def may_undo(self, by: str, now: datetime) -> bool:
        return self.last is not None and (self.last.by, self.last.day) == (by, now.date())

    def act(self, act: str, by: str, now: datetime) -> None:
        status = LEADS_TO[self.status][act]
        self.last = Step(by, now.date(), self.state)
        self.state = ("open", "", "") if status == "open" else (status, act, by)

    def undo(self) -> None:
        assert self.last
        self.state, self.last = self.last.before, None

    def open_again(self, readers: frozenset[str], now: datetime) -> None:
        """Owe a new notice to who reads now: a person had answered it."""
        self.opened_again, self.owed = now, {*readers} if self.level == URGENT else set()

    def is_overdue(self, worked_at: datetime) -> bool:
        """Tell whether it waited for its reader for long enough, or for nobody, when the worker last looked."""
        if self.waits_since is None or worked_at <= self.waits_since:
            return False
        return not self.waits_for or reading(self.waits_since, worked_at) >= ANSWERED_WITHIN


@dataclass
class Model:
    """Diaries, who reads them and what was told of them, by the names of people."""

    now: datetime
    readers: tuple[str, ...]
    entries: dict[UUID, Said] = field(default_factory=dict)
    sessions: dict[UUID, Held] = field(default_factory=dict)
    shares: dict[tuple[str, str], datetime | None] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)  # whose account is closed
    flags: dict[UUID, Told] = field(default_factory=dict)
    worked_at: datetime = NEVER

    def is_shared(self, patient: str, reader: str) -> bool:
        if (patient, reader) not in self.shares:
            return False
        ends = self.shares[patient, reader]
        return ends is None or ends > self.now

    def reads(self, reader: str, patient: str) -> bool:
        return reader not in self.away and self.is_shared(patient, reader)

    def readers_of(self, patient: str) -> frozenset[str]:
        return frozenset(reader for reader in self.readers if self.reads(reader, patient))

    def see(self, id: UUID, patient: str, level: int) -> None:
        """Take note of how a flag stands after a step: a new one is open, and its readers are owed a notice."""
        told = self.flags.setdefault(id, Told(patient))
        readers = self.readers_of(told.patient)
        if level == URGENT and told.level < URGENT:
            told.owed |= readers
        told.level = level
        if told.status != "open" or level < URGENT:
            told.waits_since = None
        elif told.waits_since is None:
            told.waits_since, told.waits_for = self.now, readers

    def wants(self, kind: str, recipient: str, flag: UUID | None) -> bool:
        """Tell whether a message may be sent: something that waits, to somebody who reads it now."""
        if flag is None:
            waiting = [told for told in self.flags.values() if told.status == "open" and told.level >= REVIEW]
            return any(self.reads(recipient, told.patient) for told in waiting)
        told = self.flags[flag]
        return told.status == "open" and self.reads(recipient, told.patient)
