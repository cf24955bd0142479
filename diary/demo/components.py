"""Made-up contents of each component, for the page that shows them all: nothing of it is kept."""

import json
from collections import namedtuple
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from diary import charts, drawing, reactions, reporting, wording
from diary.charts import Course, Reading, Trend
from diary.clinical.reported import REPORTS
from diary.clinical.trends import Band, Settling
from diary.clinical.weeks import Week
from diary.forms.hours import HoursForm
from diary.models import Flag, Intake, Practitioner, User
from diary.models.flags import Level
from diary.periods import period

DAY = timedelta(days=1)
CODES = ("k4m2 9xwq", "p7hd 3rtz", "v8bn 6yfs", "c5gj 2ela")
OPENED = {"usual": "9:00–12:30, 14:00–17:00", "on": ["0", "1", "3"], "day_4": "9:00–12:30"}
Row = namedtuple("Row", "id observed_at pain soreness late")


def readings(now: datetime) -> list[Reading]:
    """Return a month of entries around four sessions: higher after each, a gap, two written later."""
    days = [day for day in range(28, -1, -1) if day not in (12, 13, 14)]
    return [
        Reading(now - day * DAY, 6 - (28 - day) // 7 + (day % 7 in (5, 6)), (day + 1) % 7 // 2 or None, day in (9, 20))
        for day in days
    ]


def columns(now: datetime) -> str:
    """Return the same as the browser reads it (`charts.series`)."""
    made = readings(now)
    minutes = charts.differences([int(one.at.timestamp()) // 60 for one in made])
    said = {"pain": [one.pain for one in made], "soreness": [one.soreness for one in made]}
    return json.dumps({"minutes": minutes, **said, "late": [one.late for one in made]})


def trend(now: datetime, zone: str) -> Trend:
    made = readings(now)
    pain, sore = [one.pain for one in made], [one.soreness or 0 for one in made]
    rows = [Row(place, *one) for place, one in enumerate(reversed(made))]
    ends = [Settling("settled", 18.0), Settling("unknown"), Settling("never sore"), Settling("still sore")]
    courses = [course(place, settling, now) for place, settling in enumerate(ends)]
    return Trend(
        period=period("30", now),
        now=now,
        zone=zone,
        summary=charts.Summary(len(made), min(pain), max(pain), max(sore), 2),
        latest=rows[0],
        table=Paginator(rows, 5).page(1),
        courses=courses,
        earlier=[],
        weeks=[week(place, now.date()) for place in range(6)],
        flags=[flag(now)],
        numbers={one.id: one.number for one in courses},
    )


def course(place: int, settling: Settling, now: datetime) -> Course:
    ended = now - (4 - place) * 7 * DAY
    curve = [(2.0, 5), (20.0, 7 - place), (54.0, 5 - place), (98.0, 4 - place)]
    return Course(UUID(int=place), place + 1, ended, ended + 7 * DAY, curve, Band(3.0, False, 5.0), settling)


def week(place: int, today: date) -> Week:
    monday = today - today.weekday() * DAY - (5 - place) * 7 * DAY
    if place == 2:
        return Week(monday, 0, None, None, None, ())
    return Week(monday, 5, 5 - place // 2, 6.0 - place // 2, 8 - place, (place + 1,))


def flag(now: datetime) -> Flag:
    """Return one of the latest session's."""
    said = {"rule": "lingering-reaction", "symptom": "soreness", "level": Level.REVIEW}
    return Flag(**said, session_id=UUID(int=3), fired_at=now - 4 * DAY)


def report(reader: User, now: datetime) -> reporting.Report:
    """Return a sheet of that month, as its patient would make it."""
    told, made = trend(now, reader.time_zone), readings(now)
    since = now - 30 * DAY
    given = SimpleNamespace(practitioner=SimpleNamespace(name="Imogen Hale"), pain_before=6, pain_after=4)
    return reporting.Report(
        patient=SimpleNamespace(pk=reader.pk, name="Rosa Marin"),
        reader=reader,
        link=None,
        chosen={"chart", "sessions", "flags", "notes", "intake"},
        now=now,
        trend=told,
        since=since,
        until=now,
        picture=reporting.picture(told, made, since, now),
        held=[reporting.Held(one, given) for one in reversed(told.courses)],
        unlisted=0,
        flags=told.flags,
        unmarked=0,
        notes=[SimpleNamespace(observed_at=now - 3 * DAY, pain=5, note=_("A note in passing."))],
        untold=0,
        intake=Intake(saved_at=now, usual_pain=4, conditions=["blood_thinners"], needle_nervousness=3),
    )


def by_month(today: date) -> tuple[Any, reactions.Chart]:
    """Return a reaction and its chart of half a year, one month of it outside what chance brings about."""
    months = [(today.replace(day=1) - place * 30 * DAY).replace(day=1) for place in range(5, -1, -1)]
    reported = dict(zip(months, (3, 5, 2, 4, 16, 4), strict=True))
    counts = {month: counted(reported[month]) for month in months}
    (chart,) = reactions.charts([reactions.rate("bruising", counts.values(), counted(9))], counts)
    return wording.RATES["bruising"], chart


def counted(bruises: int) -> dict[str, int]:
    said = {f"{symptom}_{kind}": 0 for symptom in REPORTS for kind in ("reported", "answered")}
    return said | {"sessions": 32, "bruising_reported": bruises, "bruising_answered": 30}


def hours() -> HoursForm:
    form = HoursForm(practitioner=Practitioner(user=User(pk=-1, time_zone="Europe/Lisbon")))
    form.initial.update(OPENED)
    return form


def row() -> SimpleNamespace:
    return SimpleNamespace(
        url="#",
        name="Rosa Marin",
        place=_("day 1 of session 2"),
        title=_("Severe pain since session 3"),
        urgency="urgent",
        looked=_("Harbour Street"),
        mark="60",
        line="M4 20L40 16L80 18L116 4",
        scores="4 → 8",
        age=_("since Tuesday"),
    )


def all_made_up(reader: User, now: datetime) -> dict[str, Any]:
    """Return what the components show, by the names by which their templates ask for it."""
    told = report(reader, now)
    words, chart = by_month(now.date())
    return {
        "now": now,
        "trend": told.trend,
        "report": told,
        "chosen": told.chosen,
        "intake": told.intake,
        "words": words,
        "chart": chart,
        "hours": hours(),
        "codes": CODES,
        "qr": drawing.qr("https://settle.example/join/"),
        "work": [row()],
        "page": Paginator(range(60), 20).page(2),
    }
