"""How a patient wants to be reminded, and what their diary says of when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from diary.clinical.diary import REACTIONS
from diary.models.entries import Entry
from diary.models.intakes import Intake
from diary.models.sessions import TreatmentSession
from diary.models.users import User
from diary.reminding import Answer, Course, Habits

ASKED = ("soreness", *REACTIONS)
SAID = ("observed_at", *ASKED)
USUAL = tuple(f"usual_{name}" for name in ASKED)
LATEST = 20  # entries looked at: the last weeks of anybody


class ReminderPlanQuerySet(models.QuerySet["ReminderPlan"]):
    def due(self, now: datetime) -> Self:
        """Return the plans to be looked at by now, the longest due first."""
        return self.filter(look_at__lte=now).order_by("look_at")

    def free(self) -> Self:
        """Return plans that no other worker has in hand, each held with its patient until the transaction ends.

        Who deletes their diary holds the patient first, and would wait for us as we for them.
        """
        return self.select_for_update(of=("self", "patient"), skip_locked=True, no_key=True)


class ReminderPlan(models.Model):
    """One patient's wishes: ways of being reminded, quiet hours, a pause.

    `look_at` is when the worker looks whether a mail is due; what is due is worked out from the diary then, so that
    logging an entry writes nothing here. `reminded_at` is the last mail's moment. The calendar's address is kept only
    as a digest.
    """

    patient = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="reminders")
    by_mail = models.BooleanField(_("by mail"), default=True)
    in_app = models.BooleanField(_("on Today"), default=True)
    quiet_from = models.TimeField(_("quiet from"), default=time(21))
    quiet_until = models.TimeField(_("quiet until"), default=time(8))
    snoozed_until = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    look_at = models.DateTimeField(null=True, blank=True)
    with_sessions = models.BooleanField(_("sessions in the calendar"), default=False)
    calendar_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    calendar_since = models.DateTimeField(null=True, blank=True)

    objects = ReminderPlanQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["look_at"], condition=models.Q(look_at__isnull=False), name="reminder_plan_due")
        ]

    def __str__(self):
        return str(self.patient)

    def habits(self, *, reminded: bool = True) -> Habits:
        """Return when this patient wants to be asked; mails sent count unless told otherwise."""
        return Habits(
            zone=self.patient.time_zone,
            quiet_from=self.quiet_from,
            quiet_until=self.quiet_until,
            snoozed_until=self.snoozed_until,
            reminded_at=self.reminded_at if reminded else None,
        )


def course_of(patient: User, now: datetime) -> Course:
    """Return what check-ins of a patient depend on, in three statements."""
    sessions = TreatmentSession.objects.standing().of(patient).filter(ended_at__lte=now).latest_first()
    rows = Entry.objects.standing().of(patient).filter(observed_at__lte=now).latest_first().values(*SAID)[:LATEST]
    usual = Intake.objects.filter(patient=patient).values(*USUAL).first()
    return course_from(
        patient.date_joined, sessions.values_list("ended_at", flat=True).first(), list(rows), usual or {}
    )


def course_from(
    began: datetime, session: datetime | None, rows: Sequence[Mapping[str, Any]], usual: Mapping[str, int | None]
) -> Course:
    """Return the course from rows of `SAID`, the latest first, and the usual levels, `USUAL`."""
    answers = () if session is None else answers_of((row for row in rows if row["observed_at"] >= session), usual)
    return Course(began, session, rows[0]["observed_at"] if rows else None, next(iter(answers), None))


def answers_of(rows: Iterable[Mapping[str, Any]], usual: Mapping[str, int | None]) -> Iterable[Answer]:
    """Yield what each row says of a reaction: sore where one is above the usual; nothing where none was answered."""
    for row in rows:
        answered = [name for name in ASKED if row[name] is not None]
        if answered:
            above = any(row[name] > (usual.get(f"usual_{name}") or 0) for name in answered)
            yield Answer(row["observed_at"], sore=above)
