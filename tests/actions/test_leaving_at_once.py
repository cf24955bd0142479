"""Deleting a diary at the moment at which somebody does any one thing with it: it is done or refused, never a fault."""

from datetime import date, timedelta
from functools import partial
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from diary.actions import (
    accounts,
    chain,
    consents,
    entries,
    flags,
    imports,
    intakes,
    leaving,
    links,
    messages,
    notes,
    notifications,
    people,
    reminders,
    sessions,
    shares,
    signins,
    tokens,
)
from diary.consenting import current
from diary.models import Event, Flag, Notification, Share, Subscription, User
from tests.actions.beside import LOCKS, beside
from tests.world import POINT

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("_own_list")]
DAY, KEYS = timedelta(days=1), {"point": POINT, "secret": "BTBZMqHH6r4Tts7J_aSIgg"}
LATER = timedelta(minutes=1)

VERBS = {
    "log": lambda it: partial(entries.log, by=it.ana, now=it.now, id=uuid4(), observed_at=it.now, zone="UTC", pain=4),
    "treat": lambda it: partial(sessions.record, by=it.ana, now=it.now, patient=it.ana, id=uuid4(), ended_at=it.now),
    "intake": lambda it: partial(intakes.save, by=it.ana, now=it.now, usual_pain=2),
    "handle": lambda it: partial(flags.handle, by=it.paula, now=it.now, flag=it.flag, outcome="contacted"),
    "reopen": lambda it: partial(flags.reopen, by=it.paula, now=it.now, flag=it.handled),
    "undo": lambda it: partial(flags.undo, by=it.paula, now=it.now, flag=it.handled),
    "urgency": lambda it: partial(flags.say_urgency, by=it.ana, now=it.now, flag=it.flag, urgency="urgent"),
    "note": lambda it: partial(notes.write, by=it.paula, now=it.now, patient=it.ana, id=uuid4(), body="New"),
    "amend note": lambda it: partial(notes.amend, by=it.paula, now=it.now, note=it.note, body="Changed"),
    "send": lambda it: partial(messages.send, by=it.paula, now=it.now, to=it.ana, id=uuid4(), body="And now?"),
    "read": lambda it: partial(messages.read, by=it.ana, now=it.now, other=it.paula),
    "grant": lambda it: partial(shares.grant, by=it.ana, now=it.now, address="somebody@example.org"),
    "revoke": lambda it: partial(shares.revoke, by=it.ana, now=it.now, share=it.share),
    "look": lambda it: partial(shares.look, by=it.paula, now=it.now, patient=it.ana),
    "agree": lambda it: partial(consents.give, by=it.ana, now=it.now, agreed=current("de")),
    "take back": lambda it: partial(consents.withdraw, by=it.ana, now=it.now),
    "link": lambda it: partial(links.make, by=it.ana, now=it.now, reader="Dr X", parts={"scores"}, first_day=it.day),
    "open link": lambda it: partial(links.open_by, it.link.token, by=None, now=it.now),
    "end link": lambda it: partial(links.revoke, by=it.ana, now=it.now, link=it.link.link),
    "bring": lambda it: partial(imports.look_at, by=it.ana, now=it.now, kind="csv", text="d,p"),
    "reminders": lambda it: partial(reminders.save, by=it.ana, now=it.now, by_mail=False),
    "snooze": lambda it: partial(reminders.snooze, by=it.ana, now=it.now, days=3),
    "calendar": lambda it: partial(reminders.renew_calendar, by=it.ana, now=it.now),
    "subscribe": lambda it: partial(
        reminders.subscribe, by=it.ana, now=it.now, session_key="open", endpoint="https://push.example/b", **KEYS
    ),
    "token": lambda it: partial(tokens.add, by=it.ana, now=it.now, name="watch", scope="flags", lasts=DAY),
    "settings": lambda it: partial(
        accounts.save_settings, by=it.ana, now=it.now, name="Anna", time_zone="UTC", language="de"
    ),
    "take along": lambda it: partial(leaving.take_along, by=it.ana, now=it.now, form="json"),
    "sign out": lambda it: partial(people.sign_out, by=it.admin, now=it.now, user=it.ana),
    "sign in": lambda it: partial(signins.count_try, now=it.now, email=it.ana.email),
    "undelivered": lambda it: partial(notifications.put_off, it.told, ValueError(), now=it.now),
    "browser gone": lambda it: partial(notifications.unsubscribe, it.pushed, now=it.now),
    "old sign-ins": lambda it: partial(signins.let_go, now=it.now),
}
"""What somebody, or the worker, is about to do with a diary. A verb that writes in one takes its place here."""

AGAIN = (
    "read",
    "revoke",
    "take back",
    "open link",
    "end link",
    "bring",
    "subscribe",
    "browser gone",
    "old sign-ins",
)
"""Those that hold one thing of hers and go on to another."""


class It:
    """A diary with what each of them is about, as the request that does it has it in hand."""

    def __init__(self, ana, paula, admin, now):
        entry = {"observed_at": now, "zone": "UTC", "pain": 5, "red_flags": ["saddle"]}
        entries.log(by=ana, now=now - LATER, id=uuid4(), **entry)
        flags.handle(by=paula, now=now, flag=Flag.objects.get(), outcome="contacted")
        entries.log(by=ana, now=now, id=uuid4(), **entry)
        messages.send(by=paula, now=now, to=ana, id=uuid4(), body="How is it?")
        imports.look_at(by=ana, now=now, kind="csv", text="date,pain")
        self.note = notes.write(by=paula, now=now, patient=ana, id=uuid4(), body="Asked her to rest.")
        self.link = links.make(by=ana, now=now, reader="Dr Weber", parts={"scores"}, first_day=now.date())
        for key, until in (("open", now + DAY), ("over", now - DAY)):
            Session.objects.create(session_key=key, session_data="", expire_date=until)
            session = UserSession.objects.create(user=ana, session_key=key, ip="192.0.2.1", user_agent="A browser")
        said = {"patient": ana, "session": session, "endpoint": "https://push.example/a", "made_at": now, **KEYS}
        notifications.queue(to=ana, kind="push", key=f"{now.date()} {Subscription.objects.create(**said).pk}", now=now)
        self.ana, self.paula, self.admin = (User.objects.get(pk=person.pk) for person in (ana, paula, admin))
        self.share, self.now, self.day = Share.objects.get(), now + LATER, date(2026, 3, 1)
        self.flag, self.handled = Flag.objects.waiting().get(), Flag.objects.exclude(handled_at=None).get()
        self.told = Notification.objects.get(kind="urgent", flag=self.flag)
        self.pushed = Notification.objects.get(kind="push")


@pytest.mark.parametrize(("name", "nth"), [*((name, 1) for name in VERBS), *((name, 2) for name in AGAIN)])
def test_a_diary_is_deleted_whole_whatever_is_done_with_it_at_that_moment(ana, paula, admin, now, name, nth):
    """Stopped before it locks or writes first, and again: it is refused, or done and then gone with the rest."""
    it = It(ana, paula, admin, now)
    work = VERBS[name](it)
    erase = partial(leaving.erase, by=User.objects.get(pk=ana.pk), now=it.now)
    done, erased = beside(work, LOCKS, erase, nth)
    assert erased is None
    assert done is None or issubclass(done, PermissionDenied)
    assert not User.objects.filter(pk=ana.pk).exists()
    chain.seal(now=it.now)
    hers = Event.objects.filter(Q(stream=str(ana.pk)) | Q(actor=str(ana.pk)))
    assert not hers.exclude(actor_name="", subject="", old="", new="").exists()
