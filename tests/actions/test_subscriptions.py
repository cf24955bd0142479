"""Reminders that a browser shows."""

import json

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.exceptions import PermissionDenied

from diary import calling
from diary.actions import reminders
from diary.models import Event, Notification, Subscription
from tests.actions.test_reminders import HOUR, MINUTE, worked
from tests.test_calling import OK, certificate, system  # noqa: F401
from tests.test_pushing import Browser


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def subscribe(browser, signed_in, now):
    """Return a function that lets a browser of a person's, which is signed in, show reminders."""

    def made(person, endpoint="https://push.example/a", at=now):
        key = signed_in(person).session.session_key
        UserSession.objects.get_or_create(session_key=key, defaults={"user": person, "ip": "192.0.2.1"})
        keys = {"point": browser.point, "secret": browser.secret}
        reminders.subscribe(by=person, now=at, session_key=key, endpoint=endpoint, **keys)
        return Subscription.objects.get(patient=person, endpoint=endpoint)

    return made


@pytest.fixture
def asked(ana, treat, now):
    """A day on which Ana is to be asked; return the moment."""
    treat(ana)
    return now + 3 * HOUR


def pushes():
    return Notification.objects.filter(kind="push")


def refuse(monkeypatch, trouble):
    def post(url, body, headers):
        raise trouble

    monkeypatch.setattr(calling, "post", post)


def test_subscribe_shows_a_reminder_in_the_browser_beside_the_mail(subscribe, browser, ana, asked, system):  # noqa: F811
    there = system(OK)
    subscribe(ana, there.url)
    worked(asked)
    ((head, body),) = there.heard
    assert json.loads(browser.read(body)) == {
        "title": "A moment for your diary",
        "text": "This is a good moment for a few words.",
    }
    told = dict(line.split(": ", 1) for line in head.splitlines()[1:])
    assert (told["Content-Encoding"], told["TTL"]) == ("aes128gcm", "43200")
    assert told["Authorization"].startswith("vapid t=")
    assert pushes().get().sent_at == asked
    assert [message.to for message in mail.outbox] == [[ana.email]]


def test_subscribe_is_enough_without_mails(subscribe, plan, ana, asked, system):  # noqa: F811
    there = system(OK)
    subscribe(ana, there.url)
    reminders.stop_mail(of=ana, now=asked)
    worked(asked)
    assert (len(there.heard), len(mail.outbox)) == (1, 0)


def test_subscribe_renews_what_the_session_has_and_what_waits_goes_there(subscribe, browser, ana, asked, system):  # noqa: F811
    gone, there = system(), system(OK)
    made = subscribe(ana, gone.url)
    assert any(reminders.remind_if_due(pk, now=asked) for pk in reminders.due(now=asked))
    keys = {"point": browser.point, "secret": browser.secret}
    for _again in range(2):
        key = made.session.session_key
        reminders.subscribe(by=ana, now=asked, session_key=key, endpoint=there.url, renews=True, **keys)
    assert Subscription.objects.get().pk == made.pk
    worked(asked)
    assert (len(gone.heard), len(there.heard)) == (0, 1)


def test_subscribe_renews_nothing_where_nobody_asked_for_reminders(subscribe, browser, ana, now):
    """Another session on the same browser, of somebody who never turned them on."""
    subscribe(ana)
    UserSession.objects.create(session_key="another", user=ana, ip="192.0.2.1")
    asked = {"endpoint": "https://push.example/b", "point": browser.point, "secret": browser.secret}
    with pytest.raises(PermissionDenied):
        reminders.subscribe(by=ana, now=now, session_key="another", renews=True, **asked)
    assert Subscription.objects.get().endpoint == "https://push.example/a"


def test_subscribe_tells_a_patient_of_nothing_else(subscribe, ana, paula, log, now):
    """A browser never stands in for a mail: what is urgent goes to people, by mail, and no row of it is a push."""
    subscribe(ana)
    log(ana, 9, red_flags=["breathing"])
    assert Notification.objects.filter(kind="urgent", recipient=paula).exists()
    assert not pushes().exists()


def test_subscribe_ends_where_the_service_knows_nobody_any_more(subscribe, ana, asked, system):  # noqa: F811
    there = system(b"HTTP/1.1 410 Gone\r\n\r\n")
    subscribe(ana, there.url)
    worked(asked)
    assert not Subscription.objects.exists()
    assert not pushes().exists()
    assert Event.objects.filter(verb="subscription-ended").exists()


def test_a_service_in_trouble_is_tried_again_a_few_times_and_delays_no_mail(subscribe, ana, asked, monkeypatch):
    refuse(monkeypatch, calling.Refused("answered 500"))
    subscribe(ana)
    worked(asked)
    row = pushes().get()
    assert (row.sent_at, row.error, row.held_until > asked) == (None, "Refused", True)
    assert len(mail.outbox) == 1
    for minute in range(1, 15):
        worked(asked + minute * MINUTE)
    assert not pushes().exists()
    assert Subscription.objects.exists()
    assert not Event.objects.filter(verb="notification-failed").exists()


@pytest.mark.parametrize("how", ["out", "password", "key"])
def test_a_browser_that_is_signed_out_shows_nothing(subscribe, client, ana, asked, how, settings, monkeypatch):
    made = []
    monkeypatch.setattr(calling, "post", lambda *call: made.append(call))
    subscribe(ana)
    queued = [reminders.remind_if_due(pk, now=asked) for pk in reminders.due(now=asked)]
    assert any(queued)
    assert pushes().exists()
    if how == "out":
        client.logout()
    elif how == "password":
        ana.set_password("another, and a long one")
        ana.save()
    else:
        settings.VAPID_PRIVATE_KEY = ""
    worked(asked)
    assert made == []
    assert not pushes().exists()
    assert Subscription.objects.exists() == (how == "key")


def test_control_a_browser_that_is_signed_in_does(subscribe, ana, asked, monkeypatch):
    made = []
    monkeypatch.setattr(calling, "post", lambda *call: made.append(call))
    subscribe(ana)
    worked(asked)
    assert [url for url, *_rest in made] == ["https://push.example/a"]


def test_an_entry_makes_what_waits_unnecessary(subscribe, ana, asked, log, monkeypatch):
    refuse(monkeypatch, calling.Refused("answered 500"))
    subscribe(ana)
    worked(asked)
    log(ana, 3, now=asked + MINUTE / 2)
    worked(asked + MINUTE)
    assert not pushes().exists()


def test_of_many_browsers_the_latest_stay(subscribe, ana, now):
    for number in range(reminders.BROWSERS + 2):
        subscribe(ana, f"https://push.example/{number}", now + number * MINUTE)
    kept = {row.endpoint[-1] for row in Subscription.objects.all()}
    assert kept == {"2", "3", "4", "5", "6"}


def test_unsubscribe_is_its_patients_alone(subscribe, ana, ben, paula, now):
    made = subscribe(ana)
    for person in (ben, paula):
        with pytest.raises(PermissionDenied):
            reminders.unsubscribe(by=person, now=now, subscription=made)
    with pytest.raises(PermissionDenied):  # the session is not theirs
        reminders.subscribe(
            by=ben, now=now, session_key=made.session.session_key, endpoint="https://x.example/", point="", secret=""
        )
    reminders.unsubscribe(by=ana, now=now, subscription=made)
    assert not Subscription.objects.exists()
