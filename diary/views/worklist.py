"""What wants a practitioner's eye, the most pressing first: a constant number of statements, whatever its length."""

import json
from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from diary import wording
from diary.charts import Column, Minute
from diary.clinical.baseline import baseline
from diary.clinical.thresholds import BASELINE_REACHES_BACK, DOUBLED_WITHIN, SETTLES_WITHIN
from diary.permissions import is_verified, visible_entries, visible_flags, visible_intakes, visible_sessions
from diary.views import for_practitioners

DRAWN = timedelta(days=14)
RECENT = DRAWN + timedelta(days=9)  # with what a baseline needs before a session of that time
WIDE, HIGH = 120, 32
GAP = 48 * 3600
LEVELS = ("", "notice", "review", "priority", "urgent")


class Point(NamedTuple):
    """One pain rating at an instant (seconds); `settled` where no session ended less than 48 h before it."""

    at: int
    pain: int
    settled: bool


class Session(NamedTuple):
    """When a session ended (seconds), and the pain before and after it."""

    ended_at: int
    pain_before: int | None
    pain_after: int | None


class Row(NamedTuple):
    """One flag on the list, in words that are ready to print."""

    url: str
    name: str
    title: str
    place: str
    scores: str
    line: str
    session: float | None
    age: str


class Group(NamedTuple):
    """Flags of one level and rule, with the rule in a sentence."""

    level: str
    rule: str
    rows: list[Row]


@for_practitioners
def show(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    flags = list(listed(request.user, now))
    verified = bool(flags) or is_verified(request.user, now)
    open_flags = [flag for flag in flags if holds(flag) and flag.status == "open"]
    context = {
        "groups": groups(request.user, open_flags, now),
        "seen": [brief(flag, now) for flag in flags if flag.status != "open"],
        "settled": [brief(flag, now) for flag in flags if flag.resolved_at and not flag.withdrawn_at],
        "withdrawn": [brief(flag, now) for flag in flags if flag.withdrawn_at],
        "rules": [words.rule for words in wording.RULES.values()],
        "verified": verified,
    }
    return render(request, "worklist/show.html", context)


def listed(user: Any, now: datetime) -> QuerySet[Any]:
    """Return the flags to show, each with its patient, its session, and the usual pain where the intake is shared."""
    usual = visible_intakes(user, now).filter(patient=OuterRef("patient")).values("usual_pain")
    flags = visible_flags(user, now).on_worklist().select_related("patient", "session")
    return flags.annotate(usual_pain=Subquery(usual)).order_by("-level", "rule", "raised_at", "pk")


def holds(flag: Any) -> bool:
    return flag.resolved_at is None and flag.withdrawn_at is None


def groups(user: Any, flags: list[Any], now: datetime) -> list[Group]:
    """Group flags by level, then rule; notices of silence come last by their level."""
    if not flags:
        return []
    sessions, points = sessions_of(user, flags, now), points_of(user, flags, now)
    grouped = groupby(flags, key=lambda flag: (flag.level, flag.rule))
    return [
        Group(
            LEVELS[level],
            wording.RULES[rule].rule,
            [row(flag, sessions.get(flag.patient_id, []), points.get(flag.patient_id, []), now) for flag in same],
        )
        for (level, rule), same in grouped
    ]


def sessions_of(user: Any, flags: list[Any], now: datetime) -> dict[int, list[Session]]:
    """Return each patient's sessions, in order."""
    rows = visible_sessions(user, now).standing().filter(patient__in={flag.patient_id for flag in flags}).order_by()
    columns = rows.values_list("patient").annotate(
        at=Column(Minute("ended_at")), before=Column("pain_before"), after=Column("pain_after")
    )
    return {patient: sorted(map(Session._make, unpacked(*lists)), key=first) for patient, *lists in columns}


def points_of(user: Any, flags: list[Any], now: datetime) -> dict[int, list[tuple[int, int]]]:
    """Return each patient's recent ratings and those before a flag's older session, in order, as (seconds, pain)."""
    wanted = Q(patient__in={flag.patient_id for flag in flags}, observed_at__gte=now - RECENT)
    for patient, ended_at in {(flag.patient_id, flag.session.ended_at) for flag in flags if flag.session}:
        if ended_at < now - DRAWN:
            wanted |= Q(patient=patient, observed_at__range=(ended_at - timedelta(days=9), ended_at))
    rows = visible_entries(user, now).standing().filter(wanted).order_by()
    columns = rows.values_list("patient").annotate(at=Column(Minute("observed_at")), pain=Column("pain"))
    return {patient: put_right(sorted(unpacked(*lists))) for patient, *lists in columns}


def unpacked(minutes: str, *others: str) -> Any:
    return zip((minute * 60 for minute in json.loads(minutes)), *map(json.loads, others), strict=True)


def first(session: Session) -> int:
    return session.ended_at


def put_right(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leave out a rating that was put right within minutes."""
    kept = [point for point, following in pairwise(points) if following[0] - point[0] > DOUBLED_WITHIN]
    return kept + points[-1:]


def row(flag: Any, sessions: list[Session], points: list[tuple[int, int]], now: datetime) -> Row:
    ended_at = int(flag.session.ended_at.timestamp()) // 60 * 60 if flag.session else None
    number = bisect_right(sessions, ended_at, key=first) if ended_at is not None else len(sessions)
    start = int((now - DRAWN).timestamp())
    drawn = points[bisect_left(points, (start, 0)) :]
    return Row(
        url=reverse("review-show", args=[flag.pk]),
        name=flag.patient.name,
        title=wording.of(flag, number).title,
        place=place(flag, number, sessions, now),
        scores=scores(usual(sessions[:number], points, flag.usual_pain), drawn[-1][1] if drawn else None),
        line=sparkline(drawn, start),
        session=across(ended_at, start) if ended_at and ended_at >= start else None,
        age=age(now - flag.raised_at),
    )


def place(flag: Any, number: int, sessions: list[Session], now: datetime) -> str:
    """Say which session and which day after it; a sign of an entry stands beside the latest session before now."""
    if not number:
        return gettext("no session yet")
    ended_at = datetime.fromtimestamp(sessions[number - 1].ended_at, UTC)
    days = wording.day_of(ended_at, now, flag.patient.time_zone)
    return gettext("session %(number)d, day %(days)d") % {"number": number, "days": days}


def usual(sessions: list[Session], points: list[tuple[int, int]], usual_pain: int | None) -> float | None:
    """Return the baseline of the last of these sessions, as the rules find it."""
    if not sessions:
        return usual_pain
    *earlier, session = sessions
    ends = [one.ended_at for one in earlier]
    since = session.ended_at - BASELINE_REACHES_BACK
    before = points[bisect_left(points, (since, 0)) : bisect_left(points, (session.ended_at, 0))]
    rated = [Point(at, pain, is_settled(at, ends)) for at, pain in before]
    rated += [Point(one.ended_at, one.pain_after, False) for one in earlier[-9:] if one.pain_after is not None]
    found = baseline(session.ended_at, [one for one in rated if one.at >= since], session.pain_before, usual_pain)
    return found and found.value


def is_settled(at: int, ends: list[int]) -> bool:
    place = bisect_right(ends, at)
    return place == 0 or at - ends[place - 1] >= SETTLES_WITHIN


def scores(usual: float | None, now: int | None) -> str:
    facts = {"usual": "–" if usual is None else f"{usual:g}", "now": "–" if now is None else now}
    return gettext("usual %(usual)s → now %(now)s") % facts


def sparkline(points: list[tuple[int, int]], start: int) -> str:
    """Return the path of the last two weeks on a field of WIDE by HIGH; gaps of over two days stay gaps."""
    steps, last = [], 0
    for at, pain in points:
        x, y = across(at, start), HIGH - 3 - pain * (HIGH - 6) / 10
        steps.append(f"L{x:g} {y:g}" if at - last <= GAP else f"M{x:g} {y:g}h.01")  # so that one alone is a dot
        last = at
    return "".join(steps)


def across(at: int, start: int) -> float:
    return round(2 + (at - start) / DRAWN.total_seconds() * (WIDE - 4), 1)


def age(since: timedelta) -> str:
    hours = int(since.total_seconds() // 3600)
    if hours < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}


def brief(flag: Any, now: datetime) -> dict[str, Any]:
    """Say in short what a flag was that needs no graph any more."""
    words = wording.of(flag)
    url = reverse("review-show", args=[flag.pk])
    return {"url": url, "name": flag.patient.name, "title": words.title, "age": age(now - flag.raised_at)}
