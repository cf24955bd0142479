"""When to ask how it goes: check-ins anchored to a session, and fewer once its reaction has settled.

Plain Python: no Django, no database, no clock. Instants are aware datetimes; days and quiet hours are those of the
patient's own clock, hours after a session are elapsed hours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SOON = timedelta(hours=3)  # ours: the evening of a session; left out where quiet hours put it on the day of the next
A_DAY_AFTER = timedelta(hours=24)
ANCHORS = (SOON, A_DAY_AFTER, timedelta(hours=48))
WHILE_SORE = timedelta(hours=72)
WEEK = timedelta(weeks=1)
SETTLED_FROM = timedelta(hours=20)  # ours: what is clear before may still begin, soreness often does on the next day
HEARD_WITHIN = timedelta(hours=8)  # ours: an entry so shortly before a check-in has answered it
LATE = timedelta(hours=6)  # ours: +48 h may become +54 h; what is later than that waits for the next
GIVES_UP_AFTER = timedelta(weeks=8)  # ours: a diary that is left alone so long is left in peace


@dataclass(frozen=True, slots=True)
class Answer:
    """The latest entry since a session that says whether a reaction is there."""

    at: datetime
    sore: bool


@dataclass(frozen=True, slots=True)
class Course:
    """What a check-in depends on: when the diary began, the latest session's end, the latest entry, its answer."""

    began: datetime
    session: datetime | None = None
    heard_at: datetime | None = None
    answer: Answer | None = None

    @property
    def settled(self) -> bool:
        """Whether the reaction to the latest session is over, as far as was said."""
        if self.session is None or self.answer is None or self.answer.sore:
            return False
        return self.answer.at >= self.session + SETTLED_FROM

    @property
    def sore(self) -> bool:
        return self.answer is not None and self.answer.sore

    def heard_since(self, moment: datetime) -> bool:
        return self.heard_at is not None and self.heard_at >= moment

    @property
    def last_sign(self) -> datetime:
        """When the diary last moved, by a session or an entry."""
        return max(filter(None, (self.began, self.session, self.heard_at)))


@dataclass(frozen=True, slots=True)
class Habits:
    """When somebody wants to be asked: quiet hours on their own clock (none where both ends are the same)."""

    zone: str
    quiet_from: time = time(21)
    quiet_until: time = time(8)
    snoozed_until: datetime | None = None
    reminded_at: datetime | None = None

    def day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def is_quiet(self, moment: datetime) -> bool:
        clock = moment.astimezone(ZoneInfo(self.zone)).time()
        if self.quiet_from <= self.quiet_until:
            return self.quiet_from <= clock < self.quiet_until
        return clock >= self.quiet_from or clock < self.quiet_until

    def allowed(self, moment: datetime) -> datetime:
        """Return the moment or, where it is in quiet hours, their end, in UTC."""
        if not self.is_quiet(moment):
            return moment.astimezone(UTC)
        local = moment.astimezone(ZoneInfo(self.zone))
        today = local.time() < self.quiet_until
        # An hour that comes twice is in quiet hours twice; an end that never comes is an hour later.
        end = datetime.combine(local, self.quiet_until, local.tzinfo).replace(fold=local.fold if today else 0)
        return self.allowed((end if today else end + timedelta(days=1)).astimezone(UTC))


def check_ins(course: Course, habits: Habits, now: datetime) -> list[datetime]:
    """Return the check-ins that are due or still to come, as far as can be told now, in order.

    No two are on one local day, nor one on the day of the last reminder; none is in quiet hours. One that is LATE is
    over, but for the weekly one, which waits.
    """
    taken = {habits.day(habits.reminded_at)} if habits.reminded_at else set()
    due: list[datetime] = []
    for moment in (*_anchored(course, habits, now), *_weekly(course, habits, now)):
        if habits.day(moment) not in taken:
            taken.add(habits.day(moment))
            due.append(moment)
    return due


def look_again_at(course: Course, habits: Habits, now: datetime) -> datetime | None:
    """Return when there may be something to ask for that cannot be told now: an entry may come before each anchor."""
    anchors = [course.session + after for after in (*ANCHORS, WHILE_SORE)] if course.session else []
    return min((moment for moment in (*anchors, *check_ins(course, habits, now)) if moment > now), default=None)


def _anchored(course: Course, habits: Habits, now: datetime) -> Iterator[datetime]:
    if course.session is None or course.settled:
        return
    for after in (*ANCHORS, WHILE_SORE) if course.sore else ANCHORS:
        wanted = course.session + after
        at = habits.allowed(wanted)
        heard = course.heard_since(max(wanted - HEARD_WITHIN, course.session))
        snoozed = habits.snoozed_until is not None and at < habits.snoozed_until
        displaces = after == SOON and habits.day(at) == habits.day(habits.allowed(course.session + A_DAY_AFTER))
        asked = habits.reminded_at is not None and habits.reminded_at >= at
        if at + LATE > now and not (heard or snoozed or displaces or asked):
            yield at


def _weekly(course: Course, habits: Habits, now: datetime) -> Iterator[datetime]:
    """A week after the diary last moved or was last asked for, until it has been left alone for long."""
    wanted = max(filter(None, (course.last_sign, habits.reminded_at))) + WEEK
    if wanted <= course.last_sign + GIVES_UP_AFTER:
        at = habits.allowed(max(filter(None, (wanted, habits.snoozed_until))))
        yield at if at + LATE > now else habits.allowed(now)
