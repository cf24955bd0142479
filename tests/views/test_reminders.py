import re
from datetime import time, timedelta

from django.test import Client

from diary.actions import reminders
from diary.models import ReminderPlan
from diary.notices.patients import off_link
from tests.views.test_today import text

HOUR = timedelta(hours=1)
WISHES = {"by_mail": "on", "with_sessions": "on", "quiet_from": "22:30", "quiet_until": "07:00"}


def plan(ana):
    return ReminderPlan.objects.get(patient=ana)


def path(link):
    return link.partition("://")[2].partition("/")[2].join(["/", ""])


def test_amend_saves_ways_and_quiet_hours(signed_in, ana):
    client = signed_in(ana)
    assert client.post("/reminders/", WISHES)["Location"] == "/reminders/"
    saved = plan(ana)
    assert saved.with_sessions
    assert (saved.by_mail, saved.in_app, saved.quiet_from, saved.quiet_until) == (True, False, time(22, 30), time(7))
    page = client.get("/reminders/").content.decode()
    assert re.search(r'value="22:30"', page)
    assert "Next check-in" not in page


def test_amend_says_when_the_next_is(signed_in, ana, treat):
    treat(ana, ago=20 * HOUR)
    assert "Next check-in later today." in text(signed_in(ana).get("/reminders/"))


def test_amend_says_what_is_wrong_and_changes_nothing(signed_in, ana):
    page = signed_in(ana).post("/reminders/", WISHES | {"quiet_from": "25:00"})
    assert "There is no such time of day" in text(page)
    assert b'value="25:00"' in page.content
    assert plan(ana).quiet_from == time(21)


def test_amend_is_for_who_has_no_plan_yet_too(signed_in, ana):
    ReminderPlan.objects.all().delete()
    client = signed_in(ana)
    assert client.get("/reminders/").status_code == 200
    client.post("/reminders/", WISHES)
    assert plan(ana).by_mail


def test_snooze_for_a_day_and_ends_again(signed_in, ana, now):
    client = signed_in(ana)
    client.post("/reminders/snooze/", {"days": "1"})
    assert plan(ana).snoozed_until == now + 24 * HOUR
    assert "No reminders until Wednesday 11 March 2026, 12:00" in text(client.get("/reminders/"))
    client.post("/reminders/snooze/", {"days": "0"})
    assert plan(ana).snoozed_until is None


def test_snooze_for_nonsense_changes_nothing(signed_in, ana):
    signed_in(ana).post("/reminders/snooze/", {"days": "9999999999"})
    assert plan(ana).snoozed_until is None


def test_renew_shows_the_calendars_address_once(signed_in, ana, client):
    reader = signed_in(ana)
    shown = reader.post("/reminders/calendar/renew/", follow=True).content.decode()
    address = re.search(r"http[^<\s]+\.ics", shown)[0]
    assert Client().get(path(address)).status_code == 200
    assert ".ics" not in reader.get("/reminders/").content.decode()


def test_revoke_closes_the_calendars_address(signed_in, ana, now):
    token = reminders.renew_calendar(by=ana, now=now)
    client = signed_in(ana)
    client.post("/reminders/calendar/revoke/")
    assert Client().get(f"/calendar/{token}.ics").status_code == 404
    assert "Make an address" in text(client.get("/reminders/"))


def test_stop_by_get_changes_nothing_and_by_post_needs_no_sign_in(ana):
    client, link = Client(enforce_csrf_checks=True), path(off_link(ana))
    assert "One press, no sign-in" in text(client.get(link))
    assert plan(ana).by_mail
    assert "No more reminders by mail" in text(client.post(link))
    assert not plan(ana).by_mail


def test_stop_as_mail_programs_ask_for_it(ana):
    client = Client(enforce_csrf_checks=True)
    assert client.post(path(off_link(ana)), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not plan(ana).by_mail


def test_stop_by_a_damaged_link_does_not_exist(ana):
    link = path(off_link(ana))
    for damaged in (link[:-2] + "/", link.replace(f"/{ana.pk}:", f"/{ana.pk + 1}:"), "/reminders/off/x/"):
        assert Client().post(damaged).status_code == 404
    assert plan(ana).by_mail
