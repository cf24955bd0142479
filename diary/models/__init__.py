"""The rows of the diary: one file a noun, its QuerySet directly above it."""

from diary.models.alerts import Alert
from diary.models.consents import Consent
from diary.models.covers import Cover
from diary.models.departures import Departure
from diary.models.diaries import Diary
from diary.models.entries import Amendment, Entry, Grade
from diary.models.escalations import Escalation
from diary.models.events import Event
from diary.models.flags import Flag, Level, Step
from diary.models.heartbeats import Heartbeat
from diary.models.hooks import Hook
from diary.models.imports import Import
from diary.models.intakes import Intake
from diary.models.invitations import Invitation
from diary.models.links import Link
from diary.models.messages import Message
from diary.models.notes import Note
from diary.models.notifications import Notification
from diary.models.practices import Absence, Credential, Opening, Practice, Practitioner
from diary.models.readings import diary_of, instant
from diary.models.reminders import ReminderPlan, course_of
from diary.models.sessions import TreatmentSession
from diary.models.shares import Share
from diary.models.subscriptions import Subscription
from diary.models.tallies import Tally, Tallying
from diary.models.tokens import Token
from diary.models.tries import Tries
from diary.models.users import User

__all__ = [
    "Absence",
    "Alert",
    "Amendment",
    "Consent",
    "Cover",
    "Credential",
    "Departure",
    "Diary",
    "Entry",
    "Escalation",
    "Event",
    "Flag",
    "Grade",
    "Heartbeat",
    "Hook",
    "Import",
    "Intake",
    "Invitation",
    "Level",
    "Link",
    "Message",
    "Note",
    "Notification",
    "Opening",
    "Practice",
    "Practitioner",
    "ReminderPlan",
    "Share",
    "Step",
    "Subscription",
    "Tally",
    "Tallying",
    "Token",
    "TreatmentSession",
    "Tries",
    "User",
    "course_of",
    "diary_of",
    "instant",
]
