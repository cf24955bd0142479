"""One person in two tabs at the same moment, and a person beside the worker."""

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from diary.actions import hours, imports, reminders
from diary.actions.planning import part_of
from diary.exports.document import row_of
from diary.models import Absence, Entry, Event, Import, ReminderPlan, Subscription, User
from tests.actions.beside import beside
from tests.world import POINT

pytestmark = pytest.mark.django_db(transaction=True)
DAY, KEYS = timedelta(days=1), {"point": POINT, "secret": "BTBZMqHH6r4Tts7J_aSIgg"}


@pytest.mark.parametrize("dropped", ["by the patient", "by the worker"])
def test_a_file_that_is_dropped_while_it_is_taken_in_stays_with_what_it_brought(ana, now, dropped):
    """It was taken in and the event said so, but the file was gone, and the page said that nothing was taken in."""
    entry = Entry(id=uuid4(), patient=ana, observed_at=now, recorded_at=now, zone="UTC", pain=4)
    taken = imports.look_at(by=ana, now=now, kind="json", text="{}")
    said = {"entries": [row_of(part_of("entries"), entry)]}
    take = partial(imports.take, by=ana, now=now, taken=taken, parts=said)
    drops = {
        "by the patient": partial(imports.drop, by=User.objects.get(pk=ana.pk), taken=Import.objects.get()),
        "by the worker": partial(imports.let_go, now=now + 30 * DAY),
    }
    assert beside(take, 'INSERT INTO "diary_entry"', drops[dropped]) == [None, None]
    assert Entry.objects.exists()
    assert Import.objects.exclude(taken_at=None).exists()


def test_days_away_that_are_struck_out_in_two_tabs_are_struck_out_once(paula, now):
    away = hours.go_away(by=paula, now=now, practitioner=paula, first_day=(now + 9 * DAY).date())
    back = [partial(hours.come_back, by=paula, now=now, absence=Absence.objects.get(pk=away.pk)) for _ in range(2)]
    assert beside(back[0], "INSERT INTO diary_event", back[1]) == [None, None]
    assert Event.objects.about(paula.pk).filter(verb="back").count() == 1


@pytest.fixture
def show_in(ana, now):
    """Return a function that makes a browser of Ana's, or does so later: signed in, or no more."""

    def shown(name, *, ago=timedelta(0), signed_in=True):
        store = SessionStore()
        store.set_expiry(DAY if signed_in else -DAY)
        store.save()
        UserSession.objects.create(user=ana, session_key=store.session_key, ip="192.0.2.1", user_agent="A browser")
        said = {"session_key": store.session_key, "endpoint": f"https://push.example/{name}", **KEYS}
        return partial(reminders.subscribe, by=User.objects.get(pk=ana.pk), now=now - ago, **said)

    return shown


def test_of_two_browsers_that_begin_at_once_the_oldest_makes_room_too(show_in):
    for number in range(4):
        show_in(number, ago=(9 - number) * DAY)()
    assert beside(show_in("a"), "INSERT INTO diary_event", show_in("b")) == [None, None]
    assert Subscription.objects.count() == reminders.BROWSERS


def test_a_browser_that_begins_does_not_wait_for_the_worker_who_waits_for_it(ana, show_in, settings):
    """One held the browser that is signed in no more and wanted the plan; the worker held the plan."""
    settings.VAPID_PRIVATE_KEY = "A" * 42 + "E"
    for number in range(5):
        show_in(number, ago=(9 - number) * DAY, signed_in=number > 0)()
    ReminderPlan.objects.filter(patient=ana).update(look_at=timezone.now() - DAY)
    remind = partial(reminders.remind_if_due, ana.pk, now=timezone.now())
    assert beside(show_in("new"), 'SELECT "diary_reminderplan".* FOR UPDATE|UPDATE "diary_reminderplan"', remind) == [
        None,
        None,
    ]
