"""The check-ins of one patient as a calendar, and their sessions where they want that: when, and nothing of why."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from diary.models import ReminderPlan, TreatmentSession, course_of
from diary.reminding import check_ins

LASTS = timedelta(minutes=10)
REACH = timedelta(days=366)  # of the sessions that are over
FRESH_FOR = timedelta(hours=4)  # how often a calendar program should ask again


def calendar(plan: ReminderPlan, now: datetime) -> bytes:
    """Return the check-ins still to come as iCalendar (RFC 5545), in the patient's language.

    Mails sent meanwhile change nothing here: somebody may use the one, the other or both.
    """
    from icalendar import Calendar, vDuration

    made = Calendar()
    made.add("prodid", "-//Settle//Check-ins//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("refresh-interval", vDuration(FRESH_FOR), parameters={"value": "DURATION"})
    with override(plan.patient.language):
        made.add("x-wr-calname", _("Settle"))
        for moment in check_ins(course_of(plan.patient, now), plan.habits(reminded=False), now):
            made.add_component(event(plan, moment, now))
        for ended_at in sessions(plan, now):
            made.add_component(session(plan, ended_at, now))
    return made.to_ical()


def event(plan, moment, now):
    from icalendar import Alarm, Event

    made, bell = Event(), Alarm()
    made.add("uid", uid(plan, moment))
    made.add("dtstamp", now)
    made.add("dtstart", moment)
    made.add("dtend", moment + LASTS)
    made.add("summary", _("A moment for your diary"))
    made.add("url", settings.SITE_URL + reverse("today-show"))
    made.add("transp", "TRANSPARENT")
    bell.add("action", "DISPLAY")
    bell.add("description", _("A moment for your diary"))
    bell.add("trigger", timedelta(0))
    made.add_component(bell)
    return made


def sessions(plan: ReminderPlan, now: datetime) -> Iterable[datetime]:
    """Return when the sessions of the last year ended, where the patient wants them in the calendar."""
    if not plan.with_sessions:
        return ()
    lately = TreatmentSession.objects.of(plan.patient).standing().filter(ended_at__range=(now - REACH, now))
    return lately.latest_first().values_list("ended_at", flat=True)


def session(plan, ended_at, now):
    """Return the end of a session as a moment: when it began, nobody said."""
    from icalendar import Event

    made = Event()
    made.add("uid", uid(plan, ended_at, "session"))
    made.add("dtstamp", now)
    made.add("dtstart", ended_at)
    made.add("summary", _("Session ended"))
    made.add("transp", "TRANSPARENT")
    return made


def uid(plan, moment, what=""):
    """Return the same name for the same event, which says nothing of whose it is."""
    seed = f"{plan.calendar_digest}{moment:%Y%m%dT%H}{what and f'{moment:%M%S} {what}'}"
    return f"{sha256(seed.encode()).hexdigest()[:32]}@{urlsplit(settings.SITE_URL).hostname}"
