"""The flags a practitioner has still to do, as numbers: where each patient stands, read in one prepared statement."""

import json
from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import Case, DateTimeField, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, Greatest, Least

from diary.actions.shares import SAME_LOOK
from diary.clinical.baseline import baseline
from diary.clinical.thresholds import BASELINE_REACHES_BACK, DOUBLED_WITHIN, SETTLES_WITHIN
from diary.models import Entry, Flag, TreatmentSession, User
from diary.models.columns import Column, Minute
from diary.models.prepared import LONG_AGO, SOMEBODY, Prepared
from diary.models.readings import Second, dashed
from diary.permissions import beside, looks_of_practice, visible_entries, visible_flags, visible_intakes

DRAWN = 14  # days, and what has passed of today
BEFORE = timedelta(days=9)  # what a baseline needs from before a session
WIDE, HIGH = 120, 32
HEIGHTS = [f"{HIGH - 3 - pain * (HIGH - 6) / 10:g}" for pain in range(11)]
A_DAY = 24 * 3600
GAP, SPAN = 2 * A_DAY, (DRAWN + 1) * A_DAY
PLACE, LATEST = 30, 2**26 - 1

Points = list[int]
"""Pain ratings in the order of the rules, each in one number: its second since 1970, then in 26 bits how many seconds
later it was recorded, which decides between two of one second, then in four the pain."""
Sessions = list[int]
"""Sessions in order, each in one number: the second of its end times 256, and both scores, one higher; 0: none."""


class Listed(NamedTuple):
    """A flag as the list reads it; moments in minutes since 1970, `ended` in seconds, sessions and points packed.

    `looked` is the last look of the reader's practice at the diary: its minute, who as a key, and their name.
    """

    id: Any
    level: int
    rule: str
    symptom: str
    code: str
    status: str
    raised: int
    resolved: int | None
    withdrawn: int | None
    ended: int | None
    patient: int
    name: str
    zone: str
    usual_pain: int | None
    urgency: str
    handled_by: int | None
    handled_name: str | None
    handled: int | None
    looked: str | None
    sessions: str | None
    points: str | None

    @property
    def key(self) -> str:
        """Its id as addresses have it."""
        return dashed(str(self.id))

    @property
    def holds(self) -> bool:
        return self.resolved is None and self.withdrawn is None


class Point(NamedTuple):
    """One pain rating at an instant (seconds); `settled` where no session ended less than 48 h before it."""

    at: int
    pain: int
    settled: bool
    compared: None = None


class Standing(NamedTuple):
    """Where a patient stands: the session counted from 1 (0: none yet) and its end, the usual pain before it, the last
    rating of two weeks, and those weeks as the path of a line WIDE by HIGH with the session's place on it."""

    number: int
    ended_at: int | None
    usual: float | None
    latest: int | None
    line: str
    mark: int | None


# Reading


def listed(user: User, now: datetime) -> list[Listed]:
    """Return the flags to do, the most pressing first, in one statement."""
    drawn = datetime.fromtimestamp(start(now), UTC)
    times = {"since": drawn - BEFORE, "drawn": drawn, "fresh": drawn + BEFORE}
    values = times | {"me": str(user.pk), "sitting": now - SAME_LOOK}
    flags = [Listed(*row) for row in LISTED.rows(user=user, now=now, **values)]
    return sorted(flags, key=lambda flag: (-flag.level, flag.rule, flag.urgency != Flag.PatientUrgency.URGENT))


def start(now: datetime) -> int:
    """Return where the lines begin, in seconds: at a midnight, so that an unwritten diary comes to the same all day."""
    return (int(now.timestamp()) // A_DAY - DRAWN) * A_DAY


def rows_of(
    user: User, now: datetime, since: datetime, drawn: datetime, fresh: datetime, me: str, sitting: datetime
) -> QuerySet[Any, Any]:
    """Return the columns of `Listed`: what this practitioner may see and has still to do, with ratings since `since`.

    Of a session that ended after `fresh`, all that bears on it lies after `drawn`: no more is read. One's own looks
    since `sitting` are left out: whoever goes through the list would read nobody but themselves.
    """
    usual = visible_intakes(user, now).filter(patient=OuterRef("patient")).values("usual_pain")
    held = beside(TreatmentSession.objects.all(), OuterRef("patient")).standing()
    reach = Case(When(session__ended_at__gte=fresh, then=instant(drawn)), default=instant(since))
    recent = beside(Entry.objects.all(), OuterRef("patient")).standing().filter(observed_at__gte=OuterRef("reach"))
    looks = looks_of_practice(user, OuterRef("patient")).exclude(actor=me, at__gt=sitting).order_by("-at")
    look = Concat(
        Cast(Minute("at"), TextField()), Value(" "), "actor", Value(" "), "actor_name", output_field=TextField()
    )
    scores = Coalesce(F("pain_before") + 1, 0) * 16 + Coalesce(F("pain_after") + 1, 0)
    flags = visible_flags(user, now).on_worklist().order_by("-level", "rule", "raised_at", "pk").annotate(reach=reach)
    return flags.values_list(
        *("id", "level", "rule", "symptom", "code", "status"),
        *map(Minute, ("raised_at", "resolved_at", "withdrawn_at")),
        Second("session__ended_at"),
        *("patient_id", "patient__name", "patient__time_zone"),
        Subquery(usual),
        *("patient_urgency", "handled_by_id", "handled_by__name", Minute("handled_at")),
        Subquery(looks.values_list(look)[:1]),
        together(held, Second("ended_at") * 256 + scores),
        together(recent, rating()),
    )


def rating() -> Any:
    """Return a rating as one of `Points`; most are recorded as they are observed, and a file may say before."""
    later = Greatest(Least(Second("recorded_at") - Second("observed_at"), LATEST), 0)
    late = Case(When(recorded_at=F("observed_at"), then=0), default=later)
    return Second("observed_at") * 2**PLACE + late * 16 + F("pain")


def instant(moment: datetime) -> Value:
    return Value(moment, output_field=DateTimeField())


def together(rows: QuerySet[Any], number: Any) -> Subquery:
    """Return one number a row, of all rows of one patient, as one text."""
    return Subquery(rows.order_by().values("patient").annotate(numbers=Column(number)).values("numbers"))


LISTED = Prepared(
    rows_of,
    user=SOMEBODY,
    now=LONG_AGO,
    since=LONG_AGO - 2 * BEFORE,
    drawn=LONG_AGO - 3 * BEFORE,
    fresh=LONG_AGO - 4 * BEFORE,
    me="somebody",
    sitting=LONG_AGO - 5 * BEFORE,
)


def older_points(user: User, flags: list[Listed], now: datetime) -> dict[int, Points]:
    """Return the ratings before sessions so old that `listed` does not reach back to them, by patient."""
    drawn = datetime.fromtimestamp(start(now), UTC)
    reach = drawn - BEFORE
    old = {(flag.patient, moment(flag.ended)) for flag in flags if flag.ended and moment(flag.ended) < drawn}
    if not old:
        return {}
    wanted = Q()
    for patient, ended_at in old:
        wanted |= Q(patient=patient, observed_at__gte=ended_at - BEFORE, observed_at__lt=min(ended_at, reach))
    rows = visible_entries(user, now).standing().filter(wanted).order_by().values_list("patient")
    numbers = rows.annotate(numbers=Column(rating()))
    return {patient: in_time(packed) for patient, packed in numbers}


def moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def in_time(packed: str | None) -> list[int]:
    return sorted(json.loads(packed)) if packed else []


def score(packed: int) -> int | None:
    """Return a score that was packed one higher, so that 0 can say that there is none."""
    return packed - 1 if packed else None


# What it comes to


def standing(flag: Listed, older: Points, now: datetime) -> Standing:
    """Return where the patient of a flag stands; a sign without a session is told beside the latest one."""
    return stands(flag.sessions, flag.points, tuple(older), flag.ended, flag.usual_pain, start(now))


@lru_cache(maxsize=2048)
def stands(
    held: str | None, rated: str | None, older: tuple[int, ...], ended: int | None, usual_pain: int | None, since: int
) -> Standing:
    """Return what these numbers come to, drawn since then (seconds).

    Kept under all of them and nothing else: other numbers get another answer, and the same numbers the same, whosever
    they are. A list is looked at many times a day, and few of its diaries have changed.
    """
    sessions, points = in_time(held), put_right([*older, *in_time(rated)])
    number = bisect_left(sessions, ended + 1 << 8) if ended else len(sessions)
    drawn = points[bisect_left(points, since << PLACE) :]
    ended_at = sessions[number - 1] >> 8 if number else None
    return Standing(
        number=number,
        ended_at=ended_at,
        usual=usual(sessions[:number], points, usual_pain),
        latest=drawn[-1] & 15 if drawn else None,
        line=line(drawn, since),
        mark=across(ended_at - since) if ended_at and ended_at >= since else None,
    )


def put_right(points: Points) -> Points:
    """Leave out a rating that was put right within minutes."""
    kept = [point for point, following in pairwise(points) if (following >> PLACE) - (point >> PLACE) > DOUBLED_WITHIN]
    return kept + points[-1:]


def usual(sessions: Sessions, points: Points, usual_pain: int | None) -> float | None:
    """Return the baseline of the last of these sessions, as the rules find it."""
    if not sessions:
        return usual_pain
    *earlier, session = sessions
    ended_at, ends = session >> 8, [one >> 8 for one in earlier]
    since = ended_at - BASELINE_REACHES_BACK
    before = points[bisect_left(points, since << PLACE) : bisect_left(points, ended_at << PLACE)]
    rated = [Point(at, one & 15, is_settled(at, ends)) for one in before for at in (one >> PLACE,)]
    rated += [Point(one >> 8, (one & 15) - 1, False) for one in earlier[bisect_left(ends, since) :] if one & 15]
    found = baseline(ended_at, rated, score(session >> 4 & 15), usual_pain)
    return found.value if found else None


def is_settled(at: int, ends: list[int]) -> bool:
    place = bisect_right(ends, at)
    return place == 0 or at - ends[place - 1] >= SETTLES_WITHIN


def line(points: Points, start: int) -> str:
    """Return the path of the last two weeks; gaps of over two days stay gaps, a rating alone is a dot."""
    steps, last = [], 0
    for one in points:
        at = one >> PLACE
        step = f"{across(at - start)} {HEIGHTS[one & 15]}"
        steps.append(f"L{step}" if at - last <= GAP else f"M{step}h.01")
        last = at
    return "".join(steps)


def across(seconds: int) -> int:
    return 2 + seconds * (WIDE - 4) // SPAN
