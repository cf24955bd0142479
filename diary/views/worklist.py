"""What wants a practitioner's eye, the most pressing first: a constant number of statements, whatever its length."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from diary import wording, worklist
from diary.permissions import is_verified
from diary.views import SignedIn, for_practitioners
from diary.wording import level_code


class Row(NamedTuple):
    """One flag on the list, in words that are ready to print."""

    url: str
    name: str
    title: str
    place: str
    scores: str
    line: str
    mark: int | None
    age: str


class Group(NamedTuple):
    """Flags of one level and rule, with the rule in a sentence."""

    level: str
    rule: Any
    rows: list[Row]


@for_practitioners
def show(request: SignedIn) -> HttpResponse:
    now = timezone.now()
    flags = worklist.listed(request.user, now)
    waiting = [flag for flag in flags if flag.holds and flag.status == "open"]
    context = {
        "groups": groups(waiting, worklist.older_points(request.user, waiting, now), now),
        "seen": [brief(flag, now) for flag in flags if flag.status != "open"],
        "settled": [brief(flag, now) for flag in flags if flag.resolved and not flag.withdrawn],
        "withdrawn": [brief(flag, now) for flag in flags if flag.withdrawn],
        "rules": [words.rule for words in wording.RULES.values()],
        "verified": bool(flags) or is_verified(request.user, now),
    }
    return render(request, "worklist/show.html", context)


def groups(flags: list[worklist.Listed], older: dict[int, worklist.Points], now: datetime) -> list[Group]:
    """Group flags by level, then rule; notices of silence come last by their level."""
    return [
        Group(
            level_code(level),
            wording.RULES[rule].rule,
            [row(flag, older.get(flag.patient, []), now) for flag in same],
        )
        for (level, rule), same in groupby(flags, key=lambda flag: (flag.level, flag.rule))
    ]


def row(flag: worklist.Listed, older: worklist.Points, now: datetime) -> Row:
    standing = worklist.standing(flag, older, now)
    return Row(
        url=address(flag),
        name=flag.name,
        title=title(flag),
        place=place(standing, flag.zone, now),
        scores=scores(standing),
        line=standing.line,
        mark=standing.mark,
        age=age(now - worklist.moment(flag.raised)),
    )


def brief(flag: worklist.Listed, now: datetime) -> dict[str, str]:
    """Say in short what a flag was that needs no graph any more."""
    waited = age(now - worklist.moment(flag.raised))
    return {"url": address(flag), "name": flag.name, "title": title(flag), "age": waited}


@cache
def addresses() -> list[str]:
    """Return what stands before and after the id in the address of a flag's page."""
    return reverse("review-show", args=[UUID(int=0)]).split(str(UUID(int=0)))


def address(flag: worklist.Listed) -> str:
    return str(UUID(str(flag.id))).join(addresses())


def title(flag: worklist.Listed) -> str:
    return str(wording.RULES[flag.rule].title) % wording.facts_of(flag, None)


def place(standing: worklist.Standing, zone: str, now: datetime) -> str:
    if standing.ended_at is None:
        return gettext("no session yet")
    days = wording.day_of(datetime.fromtimestamp(standing.ended_at, UTC), now, zone)
    return gettext("session %(number)d, day %(days)d") % {"number": standing.number, "days": days}


def scores(standing: worklist.Standing) -> str:
    usual = "–" if standing.usual is None else f"{standing.usual:g}"
    latest = "–" if standing.latest is None else standing.latest
    return gettext("usual %(usual)s → now %(now)s") % {"usual": usual, "now": latest}


def age(since: timedelta) -> str:
    hours = int(since.total_seconds() // 3600)
    if hours < 1:
        return gettext("under an hour")
    if hours < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}
