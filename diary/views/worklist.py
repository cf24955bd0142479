"""What wants a practitioner's eye, the most pressing first: a constant number of statements, whatever its length."""

from collections import Counter
from datetime import datetime
from functools import cache, lru_cache
from itertools import groupby
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.cache import never_cache

from diary import mailbox, wording, worklist
from diary.permissions import has_hours, is_verified, visible_departures
from diary.views import SignedIn, for_practitioners
from diary.wording import level_code

PAGE = 50
LEVELS = ("urgent", "priority", "review", "notice")
LISTS = ("todo", "seen", "mine")


class Asked(NamedTuple):
    """What the reader asks to see: one of LISTS, of a level, of a rule, of people with these words in their name."""

    show: str
    level: str
    rule: str
    words: str

    def allows(self, flag: worklist.Listed) -> bool:
        rightly = self.level in ("", level_code(flag.level)) and self.rule in ("", flag.rule)
        return rightly and self.words.casefold() in flag.name.casefold()

    @property
    def narrows(self) -> bool:
        return bool(self.level or self.rule or self.words)

    def query(self, **other: str) -> str:
        """Return these questions as a query string, some of them put otherwise."""
        return urlencode({name: said for name, said in (self._asdict() | other).items() if said and said != "todo"})


class Row(NamedTuple):
    """One flag on the list, in words that are ready to print; `urgency` is the patient's own, as a code."""

    url: str
    name: str
    title: str
    place: str
    scores: str
    line: str
    mark: int | None
    age: str
    urgency: str
    looked: str


class Group(NamedTuple):
    """Flags of one level and rule, with the rule in a sentence; `flags` says how many, of all pages."""

    level: str
    name: str
    rule: str
    flags: str
    rows: list[Row]


@for_practitioners
@never_cache
def show(request: SignedIn) -> HttpResponse:
    person, now = request.user, timezone.now()
    flags, asked = worklist.listed(person, now), asked_in(request.GET)
    lists = on_lists(flags, person.pk)
    found = [flag for flag in lists[asked.show] if asked.allows(flag)] if asked.narrows else lists[asked.show]
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "groups": groups(person, [*page], Counter(map(kind, found)), now),
        "page": page,
        "asked": asked,
        "tabs": [(name, f"?{asked.query(show=name, level='', rule='', words='')}", len(lists[name])) for name in LISTS],
        "levels": LEVELS,
        "settled": [brief(flag, now) for flag in flags if flag.resolved and not flag.withdrawn and asked.allows(flag)],
        "withdrawn": [brief(flag, now) for flag in flags if flag.withdrawn and asked.allows(flag)],
        "rules": wording.RULES,
        "letters": mailbox.unread(person, now),
        "verified": bool(flags) or is_verified(person, now),
        "no_hours": not flags and not has_hours(person),
        # What they left is on no list any more; where the list is empty, "all quiet" would be said of it.
        "departures": not lists["todo"] and visible_departures(person, now).exists(),
    }
    return render(request, "worklist/show.html", context)


def asked_in(typed: QueryDict) -> Asked:
    """Read the questions in an address; one that makes no sense is not asked."""
    level, rule = typed.get("level", ""), typed.get("rule", "")
    return Asked(
        show=typed.get("show", "") if typed.get("show") in LISTS else "todo",
        level=level if level in LEVELS else "",
        rule=rule if rule in wording.RULES else "",
        words=typed.get("q", typed.get("words", "")).replace("\0", "").strip()[:120],
    )


def on_lists(flags: list[worklist.Listed], reader: int) -> dict[str, list[worklist.Listed]]:
    """Return the flags to do, those seen by somebody and not closed, those seen by the reader and not closed."""
    seen = [flag for flag in flags if flag.status != "open"]
    todo = [flag for flag in flags if flag.status == "open" and flag.holds]
    return {"todo": todo, "seen": seen, "mine": [flag for flag in seen if flag.handled_by == reader]}


def kind(flag: worklist.Listed) -> tuple[int, str]:
    return flag.level, flag.rule


# Words: the same few sentences over and over, so that each is translated once


class Reader(NamedTuple):
    """Who reads the list: a key, a language, and when, in minutes since 1970."""

    pk: int
    language: str
    minute: int


def groups(person: Any, flags: list[worklist.Listed], totals: Counter[tuple[int, str]], now: datetime) -> list[Group]:
    """Group flags by level, then rule; notices of silence come last by their level."""
    older = worklist.older_points(person, flags, now)
    reader = Reader(person.pk, get_language() or "", int(now.timestamp() // 60))
    return [
        Group(
            level_code(level),
            *rule_of(reader.language, rule),
            ngettext("%(number)s flag", "%(number)s flags", totals[level, rule]) % {"number": totals[level, rule]},
            [row(flag, older.get(flag.patient, []), reader, now) for flag in same],
        )
        for (level, rule), same in groupby(flags, key=kind)
    ]


@lru_cache(maxsize=512)
def rule_of(language: str, rule: str) -> tuple[str, str]:
    """Return the name of a rule, and the rule in a sentence."""
    return str(wording.RULES[rule].name), str(wording.RULES[rule].rule)


def row(flag: worklist.Listed, older: worklist.Points, reader: Reader, now: datetime) -> Row:
    standing = worklist.standing(flag, older, now)
    return Row(
        url=address(flag),
        name=flag.name,
        title=title(reader.language, flag.rule, flag.symptom, flag.code),
        place=place(reader, standing, flag.zone),
        scores=scores(reader.language, standing.usual, standing.latest),
        line=standing.line,
        mark=standing.mark,
        age=age(reader.language, (reader.minute - flag.raised) // 60),
        urgency=flag.urgency,
        looked=looked(flag, reader),
    )


def brief(flag: worklist.Listed, now: datetime) -> dict[str, str]:
    """Say in short what a flag was that needs no graph any more."""
    language, hours = get_language() or "", (int(now.timestamp() // 60) - flag.raised) // 60
    said = title(language, flag.rule, flag.symptom, flag.code)
    return {"url": address(flag), "name": flag.name, "title": said, "age": age(language, hours)}


@cache
def addresses() -> list[str]:
    """Return what stands before and after the id in the address of a flag's page."""
    return reverse("review-show", args=[UUID(int=0)]).split(str(UUID(int=0)))


def address(flag: worklist.Listed) -> str:
    return flag.key.join(addresses())


@lru_cache(maxsize=512)
def title(language: str, rule: str, symptom: str, code: str) -> str:
    facts = wording.facts_of(SimpleNamespace(symptom=symptom, code=code), None)
    return str(wording.RULES[rule].title) % facts


def place(reader: Reader, standing: worklist.Standing, zone: str) -> str:
    if standing.ended_at is None:
        return of_session(reader.language, 0, 0)
    days = day(reader.minute * 60, zone) - day(standing.ended_at, zone)
    return of_session(reader.language, standing.number, days)


@lru_cache(maxsize=4096)
def day(seconds: int, zone: str) -> int:
    """Return the day of an instant on the calendar of a zone, as a number."""
    return datetime.fromtimestamp(seconds, ZoneInfo(zone)).toordinal()


@lru_cache(maxsize=2048)
def of_session(language: str, number: int, days: int) -> str:
    if not number:
        return gettext("no session yet")
    return gettext("session %(number)d, day %(days)d") % {"number": number, "days": days}


@lru_cache(maxsize=2048)
def scores(language: str, usual: float | None, latest: int | None) -> str:
    facts = {"usual": "–" if usual is None else f"{usual:g}", "now": "–" if latest is None else latest}
    return gettext("usual %(usual)s → now %(now)s") % facts


def looked(flag: worklist.Listed, reader: Reader) -> str:
    """Say who has seen the flag, or else who of the practice last read the diary."""
    if flag.handled is not None:
        return seen(reader.language, "seen", flag.handled_name or "", (reader.minute - flag.handled) // 60)
    if flag.looked is None:
        return seen(reader.language, "never", "", 0)
    minute, who, name = flag.looked.split(" ", 2)
    how = "self" if who == str(reader.pk) else "read"
    return seen(reader.language, how, name, (reader.minute - int(minute)) // 60)


@lru_cache(maxsize=2048)
def seen(language: str, how: str, name: str, hours: int) -> str:
    said = {
        "seen": gettext("acknowledged by %(name)s, %(age)s ago"),
        "read": gettext("read by %(name)s, %(age)s ago"),
        "self": gettext("read by you, %(age)s ago"),
        "never": gettext("not read yet"),
    }
    return said[how] % {"name": name, "age": age(language, hours)}


@lru_cache(maxsize=2048)
def age(language: str, hours: int) -> str:
    if hours < 1:
        return gettext("under an hour")
    if hours < 48:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d day", "%(count)d days", hours // 24) % {"count": hours // 24}
