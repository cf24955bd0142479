"""A diary with one row of everything, and the pages that show it: for the access table and the look at every page."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from diary import urls
from diary.actions import accounts, alerts, hours, imports, intakes, links, messages, notes, reminders, shares, tokens
from diary.models import Alert, Cover, Departure, Flag, Share, Subscription, Token
from diary.notices.patients import off_link
from tests.people import NOW, everybody, joining, logged, treated, verifying

TABLE = (Path(__file__).parent / "access" / "table.md").read_text(encoding="utf-8")
HEADER, _, *ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines() if line.startswith("|")
]
DAY = timedelta(days=1)
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"  # RFC 8291, nobody's
CANARY = "canary-7f3a9c"


@pytest.fixture
def planned(beginning, join, verify, paula):
    """Days away of Paula's, still to come, and on them a colleague in her place; both under one id."""
    return beginning.get("planned") or away(paula, verify(join("Cleo Cover", "practitioner")))


def away(paula, colleague, now=NOW):
    first_day = (now + 30 * DAY).date()
    absence = hours.go_away(by=paula, now=now, practitioner=paula, first_day=first_day, covered_by=colleague)
    Cover.objects.filter(absence=absence).update(id=absence.pk)
    return absence


@pytest.fixture
def world(first_world, beginning):
    """Return what each folder of pages is asked for: things of Ana's, each text of hers holding a canary."""
    return beginning["world"]


def everything():
    """Make the people and their world; return it all by the names of its fixtures."""
    made = everybody()
    cleo = verifying(made["admin"])(joining(made["admin"], made["practice"])("Cleo Cover", "practitioner"))
    made["planned"] = away(made["paula"], cleo)
    return made | {"world": furnished(made["ana"], made["paula"], made["newcomer"], made["planned"])}


def furnished(ana, paula, newcomer, planned, now=NOW):
    shares.grant(by=ana, now=now - DAY, code=newcomer.practitioner.spoken_code)
    intakes.save(by=ana, now=now - 10 * DAY, medicines=CANARY, allergies=CANARY, usual_pain=3)
    session = treated(ana, ago=3 * DAY, note=CANARY, response=CANARY)
    given = treated(ana, by=paula, ago=4 * DAY, note=CANARY, response=CANARY)
    entry = logged(ana, 4, soreness=5, ago=timedelta(hours=1), note=CANARY, red_flags=["infection"]).entry
    lingering = Flag.objects.get(rule="lingering-reaction")
    messages.send(by=ana, now=now, to=paula, id=uuid4(), body=CANARY)
    alerts.queue_due(now=now)
    parts = {"scores", "sessions", "flags"}
    made = links.make(by=ana, now=now, reader="Dr Weber", parts=parts, first_day=(now - 90 * DAY).date())
    reading = {"columns": ["date", "pain", "note"], "dates": "iso", "zone": "UTC"}
    brought = f"d,p,n\n2026-02-01,4,{CANARY}"
    departure = Departure.objects.create(left_at=now)
    departure.told.add(paula)
    return {
        "departures": departure,
        "hours": planned,
        "alerts": Alert.objects.get(practitioner=paula),
        "intake": SimpleNamespace(pk=4),  # a step of it: the medicines
        "reminders": SimpleNamespace(pk=off_link(ana).rstrip("/").rpartition("/")[2]),
        "calendar": SimpleNamespace(pk=reminders.renew_calendar(by=ana, now=now)),
        "entries": entry,
        "sessions": session,
        "given": given,
        "flags": lingering,
        "review": lingering,
        "messages": paula,  # Ana's thread with her
        "notes": notes.write(by=paula, now=now, patient=ana, id=uuid4(), body=CANARY),
        "shares": Share.objects.get(patient=ana, practitioner=paula),
        "imports": imports.look_at(by=ana, now=now, kind="csv", text=brought, choices=reading),
        "links": SimpleNamespace(pk=made.link.pk, token=made.token),
        "patients": ana,
        "people": newcomer,
        "devices": token_of(ana),
        "subscriptions": browser_of(ana, now),
        "hooks": paula.practitioner.practice,
        "practices": paula.practitioner.practice,
        "shared": ana,
        "invitations": accounts.invite(by=paula, now=now, email="new@settle.example", role="patient").invitation,
    }


def token_of(person):
    """A token of a person's, by the clock of the doors."""
    tokens.add(by=person, now=timezone.now(), name="watch", scope="flags", lasts=DAY)
    return Token.objects.get(user=person, name="watch")


def browser_of(person, now):
    """A browser of a person's that is signed in and shows reminders."""
    client = Client()
    client.force_login(person)
    key = client.session.session_key
    UserSession.objects.create(user=person, session_key=key, ip="192.0.2.1", user_agent="A browser")
    said = {"endpoint": "https://push.example/a", "point": POINT, "secret": "BTBZMqHH6r4Tts7J_aSIgg"}
    reminders.subscribe(by=person, now=now, session_key=key, **said)
    return Subscription.objects.get(patient=person)


def address(name, thing=None):
    """Return the address of a page, of that thing where the page is about one."""
    asked = next(pattern for pattern in urls.urlpatterns if pattern.name == name).pattern.converters
    return reverse(name, kwargs={key: told(thing, key) for key in asked}) if asked else reverse(name)


def told(thing, key):
    """Return what an address asks of a thing: its id, or the minute since 1970 at which it was observed."""
    if key == "minute":
        return int(thing.observed_at.timestamp()) // 60
    if key == "token" and hasattr(thing, "token"):
        return thing.token
    return thing.pk if thing else None
