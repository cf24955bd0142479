from datetime import time, timedelta

import pytest
from django.test import Client
from icalendar import Calendar

from diary.actions import accounts, reminders, sessions

HOUR = timedelta(hours=1)


@pytest.fixture
def feed(ana, now):
    token = reminders.renew_calendar(by=ana, now=now)
    return lambda: Client().get(f"/calendar/{token}.ics")


def events(answer):
    return Calendar.from_ical(answer.content).walk("VEVENT")


def test_show_has_the_check_ins_still_to_come(feed, ana, paula, treat, now):
    treat(ana, by=paula, note="canary")
    answer = feed()
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    hours = [(event["dtstart"].dt - now) / HOUR for event in events(answer)]
    assert hours == [3, 24, 48, 168]


def test_show_says_how_often_to_ask_as_calendar_programs_read_it(feed):
    """It said 4:00:00, which is no duration of iCalendar (RFC 5545, 3.3.6)."""
    assert b"\r\nREFRESH-INTERVAL;VALUE=DURATION:PT4H\r\n" in feed().content


def test_show_says_nothing_of_the_diary(feed, ana, paula, treat, log, now):
    treat(ana, by=paula, ago=20 * HOUR, note="canary", pain_before=7)
    log(ana, 8, note="canary", ago=HOUR, soreness=6)
    said = feed().content.decode()
    assert "A moment for your diary" in said
    assert not any(word in said for word in ("canary", "Ana", "Paula", "pain", "session", "sore", ana.email))


def test_show_has_sessions_where_the_patient_wants_them(feed, ana, paula, treat, now):
    kept = treat(ana, by=paula, ago=20 * HOUR, note="canary")
    gone = treat(ana, by=paula, ago=21 * HOUR)
    treat(ana, by=paula, ago=367 * 24 * HOUR)
    sessions.withdraw(by=paula, now=now, session=gone)
    assert "Session ended" not in feed().content.decode()
    reminders.save(by=ana, now=now, with_sessions=True)
    (said,) = [event for event in events(feed()) if event["summary"] == "Session ended"]
    assert said["dtstart"].dt == kept.ended_at
    assert "canary" not in feed().content.decode()
    assert "Paula" not in feed().content.decode()


def test_show_keeps_the_name_of_a_check_in(feed, ana, treat, now):
    treat(ana)
    assert [event["uid"] for event in events(feed())] == [event["uid"] for event in events(feed())]
    assert len({str(event["uid"]) for event in events(feed())}) == 4


def test_show_is_as_full_after_a_mail(feed, ana, treat, now):
    treat(ana)
    before = [event["dtstart"].dt for event in events(feed())]
    assert reminders.remind_if_due(ana.pk, now=now + 3 * HOUR)
    assert [event["dtstart"].dt for event in events(feed())] == before


def test_show_keeps_to_a_pause_and_to_quiet_hours(feed, ana, treat, now):
    treat(ana)
    reminders.snooze(by=ana, now=now, days=1)
    reminders.save(by=ana, now=now, quiet_from=time(10), quiet_until=time(15))
    assert [(event["dtstart"].dt - now) / HOUR for event in events(feed())] == [27, 51, 171]


def test_show_of_a_closed_account_or_an_unknown_address_does_not_exist(feed, ana, admin, now):
    accounts.deactivate(by=admin, now=now, user=ana)
    assert feed().status_code == 404
    assert Client().get("/calendar/unknown.ics").status_code == 404
