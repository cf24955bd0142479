"""Two diaries among accounts in which every text is a word of its own, and everybody who might try a door of them."""

from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.utils import timezone

from config import staff
from diary.actions import accounts, entries, flags, hooks, hours, intakes, messages, notes, shares, signins
from diary.actions.handovers import PATIENTS_CHOOSE
from diary.models import Flag, Link, Share, User
from tests.people import NOW, OFFICE, PASSWORD, joining, logged, treated, verifying
from tests.security.canaries import heard_in, sing
from tests.world import everything

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Hall:
    """The doors' people by name, each with the cookies of a browser; what each address is asked for; each word."""

    things: dict
    others: dict
    urgent: Flag
    people: dict = field(default_factory=dict)
    cookies: dict = field(default_factory=dict)
    words: dict = field(default_factory=dict)
    handler: ClientHandler = field(default_factory=lambda: ClientHandler(enforce_csrf_checks=False))

    def enter(self, name, person):
        self.people[name] = person
        browser = Client()
        browser.force_login(person)
        if not person.is_patient and name != "stepless":
            session = browser.session
            staff.begin(session, timezone.now())
            session[staff.SECOND_STEP] = True
            session.save()
        self.cookies[name] = dict(browser.cookies)

    def come_back(self):
        """Let the staff have used their sessions just now, however long ago they signed in."""
        for cookies in self.cookies.values():
            session = SessionStore(cookies[settings.SESSION_COOKIE_NAME].value)
            if staff.USED in session:
                staff.begin(session, timezone.now())
                session.save()

    def __getstate__(self):
        return self.__dict__ | {"handler": None}

    def __setstate__(self, kept):
        self.__dict__ |= kept | {"handler": ClientHandler(enforce_csrf_checks=False)}

    def heard(self, answer):
        """Return the words in an answer, its headers and cookies, but for the session that a browser has anyway."""
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        cookies = [kept.value for name, kept in answer.cookies.items() if name != settings.SESSION_COOKIE_NAME]
        said = body.decode(errors="replace") + str(answer.headers) + str(cookies)
        return heard_in(said, self.words)

    def ask(self, name, method, url, body=b"", **headers):
        """Return an answer to a browser as it was left: nothing that another request changed is in it.

        Without Django's test client, which copies the context of every template: thousands are asked.
        """
        told = "; ".join(f"{key}={morsel.value}" for key, morsel in self.cookies.get(name, {}).items())
        path, _, query = url.partition("?")
        headers = {"HTTP_COOKIE": told, "QUERY_STRING": query} | headers
        return self.handler(RequestFactory()._base_environ(**asked_by(method, path, body), **headers))


def asked_by(method, path, body):
    said = {"CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)} if body else {}
    return said | {"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_TYPE": "application/x-www-form-urlencoded"}


def gathered(made, now):
    """Everybody who may or may not come in. Real time has passed since `now`: what ran out after it has run out."""
    ana, ben, admin = made["ana"], made["ben"], made["admin"]
    join, verify = joining(admin, made["practice"]), verifying(admin)
    return {name: made[name] for name in ("ana", "ben", "paula", "remy", "former", "newcomer", "admin")} | {
        "cover": User.objects.get(name="Cleo Cover"),
        "expired": shared(verify(join("Ezra Expired", "practitioner"), expires_on=now.date() + DAY), ana, now),
        "lapsed": shared(verify(join("Lena Lapsed", "practitioner")), ana, now, expires_at=now + DAY),
        "narrow": shared(verify(join("Nico Narrow", "practitioner")), ben, now, with_notes=False, with_intake=False),
        "deactivated": shared(verify(join("Dora Deactivated", "practitioner")), ana, now),
        "stepless": shared(verify(without_second_step(accounts, admin, made["practice"], now)), ana, now),
    }


def shared(practitioner, patient, now, **chosen):
    shares.grant(by=patient, now=now - 2 * HOUR, code=practitioner.practitioner.spoken_code, **chosen)
    return practitioner


def without_second_step(accounts, admin, practice, now):
    invited = accounts.invite(
        by=admin, now=now, email="stan@settle.example", role="practitioner", name="Stan Stepless", practice=practice
    )
    person = accounts.accept(
        now=now, invitation=invited.invitation, name="Stan Stepless", password=PASSWORD, time_zone="UTC"
    )
    hours.save(by=person, now=now, practitioner=person, zone="UTC", openings=OFFICE)
    return person


@pytest.fixture
def hall(first_hall, beginning):
    """The doors' people, with two whole diaries behind the doors."""
    beginning["hall"].come_back()
    return beginning["hall"]


def opened():
    """Make the people, their world and the doors; return it all by the names of its fixtures."""
    made = everything()
    crowd = gathered(made, NOW)
    return made | {"hall": built(made["world"], crowd, made["practice"], NOW)}


def built(world, crowd, practice, now):
    others = diary_of(crowd["ben"], crowd["narrow"], now)
    urgent = Flag.objects.get(patient=crowd["ana"], rule="red-flag")
    flags.handle(by=crowd["paula"], now=now, flag=urgent, outcome="acknowledged", note="seen")
    entry = world["entries"]
    entries.amend(by=crowd["ana"], now=now, entry=entry, version=entry.version, **entries.said(entry) | {"pain": 5})
    notes.amend(by=crowd["paula"], now=now, note=world["notes"], body="otherwise")
    hall = Hall(world, others, urgent)
    for name, person in crowd.items():
        hall.enter(name, person)
    accounts.deactivate(by=crowd["admin"], now=now, user=crowd["deactivated"], handover=PATIENTS_CHOOSE)
    furnish(hall, practice, now)
    hall.words = sing({person.pk: name for name, person in crowd.items()})
    for thing in (*world.values(), *others.values()):
        if hasattr(thing, "refresh_from_db"):
            thing.refresh_from_db()
    return hall


def furnish(hall, practice, now):
    """Fill the tables that the world leaves empty, and let the link last by the clock of the doors."""
    Link.objects.filter(pk=hall.things["links"].pk).update(expires_at=timezone.now() + DAY)
    ana, admin = hall.people["ana"], hall.people["admin"]
    hooks.save(by=admin, now=now, practice=practice, url="https://x.example/")
    signins.count_try(now=now, email=ana.email, devices={str(ana.pk): signins.new_device()})
    LogEntry.objects.create(
        user=admin, content_type=ContentType.objects.get_for_model(User), object_id=ana.pk, action_flag=CHANGE
    )
    for name, cookies in hall.cookies.items():
        key = cookies[settings.SESSION_COOKIE_NAME].value
        UserSession.objects.get_or_create(
            session_key=key, defaults={"user": hall.people[name], "ip": "127.0.0.1", "user_agent": "x"}
        )


def diary_of(ben, narrow, now):
    """Ben's diary, of which one practitioner reads neither notes nor intake."""
    intakes.save(by=ben, now=now - 10 * DAY, medicines="x", usual_pain=2)
    session = treated(ben, ago=3 * DAY, note="x", response="x")
    entry = logged(ben, 8, soreness=7, ago=2 * HOUR, note="x", red_flags=["infection"]).entry
    messages.send(by=ben, now=now, to=narrow, id=uuid4(), body="x")
    return {
        "entries": entry,
        "sessions": session,
        "flags": Flag.objects.filter(patient=ben).exclude(rule="red-flag").first(),
        "review": Flag.objects.filter(patient=ben).exclude(rule="red-flag").first(),
        "messages": narrow,
        "notes": notes.write(by=narrow, now=now, patient=ben, id=uuid4(), body="x"),
        "shares": Share.objects.get(patient=ben),
        "patients": ben,
        "people": narrow,
    }
