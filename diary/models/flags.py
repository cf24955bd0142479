import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from diary.models.columns import Word
from diary.models.entries import Entry
from diary.models.fields import both_or_neither
from diary.models.sessions import TreatmentSession

if TYPE_CHECKING:
    from diary.models.users import User


class Level(models.IntegerChoices):
    """What a flag asks for; the higher, the sooner."""

    NOTICE = 1, _("notice")
    REVIEW = 2, _("review")
    PRIORITY = 3, _("priority")
    URGENT = 4, _("urgent")


class FlagQuerySet(models.QuerySet["Flag"]):
    def of(self, patient: "User") -> Self:
        return self.filter(patient=patient)

    def waiting(self) -> Self:
        """Return flags that no person has handled yet, whatever the data has said since."""
        return self.filter(status=Word(Flag.Status.OPEN))

    def current(self) -> Self:
        """Return flags that the diary still supports and nobody has handled."""
        return self.waiting().filter(resolved_at=None, withdrawn_at=None)

    def current_or_answered(self, since: datetime) -> Self:
        """Return flags that still hold and that nobody has closed, and those that a person handled since then."""
        stands = Q(status=Word(Flag.Status.OPEN)) | Q(status=Word(Flag.Status.ACKNOWLEDGED))
        return self.filter((stands & Q(resolved_at=None)) | Q(handled_at__gt=since), withdrawn_at=None)

    def current_or_raised(self, at: datetime) -> Self:
        """Return flags that wait and still hold, and those raised at that moment, settled or answered since."""
        holds = Q(status=Word(Flag.Status.OPEN), resolved_at=None)
        return self.filter(holds | Q(raised_at=at), withdrawn_at=None)

    def going_on(self, at: datetime) -> Self:
        """Return flags that had fired before that moment, and that neither the diary nor a person had ended by then."""
        closed = Q(status=Flag.Status.CLOSED, handled_at__lt=at)
        return self.filter(fired_at__lt=at, withdrawn_at=None).exclude(resolved_at__lt=at).exclude(closed)

    def only_seen(self) -> Self:
        """Return flags that the diary still supports, and that a person has seen and not closed."""
        return self.filter(status=Word(Flag.Status.ACKNOWLEDGED), resolved_at=None, withdrawn_at=None)

    def for_practitioners(self) -> Self:
        return self.filter(level__gte=Level.REVIEW)

    def on_worklist(self) -> Self:
        """Return what a practitioner has still to do: unhandled flags, and those seen but not closed that still hold.

        Of the notices only silence is theirs, as long as it lasts.
        """
        waits, seen = Q(status=Word(Flag.Status.OPEN)), Q(status=Word(Flag.Status.ACKNOWLEDGED))
        holds = Q(resolved_at=None, withdrawn_at=None)
        return self.filter(Q(level__gte=Level.REVIEW) & (waits | seen & holds) | Q(rule="silence") & waits & holds)

    def asked_of_patients(self) -> Self:
        """Return flags of which a patient says whether it can wait: not of a notice, and nothing urgent can."""
        return self.filter(level__in=(Level.REVIEW, Level.PRIORITY))

    def latest_first(self) -> Self:
        """Order by when they fired; of one moment the most pressing is first."""
        return self.order_by("-fired_at", "-raised_at", "-level", "-id")


class Flag(models.Model):
    """What the practice was told of a finding, and what became of it.

    Two things happen to a flag, side by side. People handle it: `status` and `outcome`. The diary moves on: it is
    `resolved` when the symptom settled, `withdrawn` when an amended diary no longer supports it. Neither undoes the
    other, and no flag is ever deleted. `inputs` and `rules_version` say what it was raised on and by which rules; they
    never change. `patient_urgency` is what the patient answers when asked whether it can wait; it lowers nothing.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        ACKNOWLEDGED = "acknowledged", _("acknowledged")
        CLOSED = "closed", _("closed")

    class Outcome(models.TextChoices):
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        CONTACTED = "contacted", _("Contacted")
        REFERRED = "referred", _("Referred for medical evaluation")
        NOT_A_CONCERN = "not_a_concern", _("Not a concern")

    class PatientUrgency(models.TextChoices):
        URGENT = "urgent", _("It is urgent for me")
        CAN_WAIT = "can_wait", _("It can wait")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="flags")
    rule = models.CharField(max_length=32)
    session = models.ForeignKey(TreatmentSession, models.PROTECT, null=True, blank=True, related_name="flags")
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, blank=True, related_name="flags")
    symptom = models.CharField(max_length=12, blank=True, default="")
    code = models.CharField(max_length=12, blank=True, default="")
    level = models.PositiveSmallIntegerField(choices=Level)
    evidence = models.JSONField(default=list)
    rules_version = models.CharField(max_length=8)
    inputs = models.JSONField(default=dict, blank=True)
    fired_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Status, default=Status.OPEN)
    outcome = models.CharField(max_length=16, choices=Outcome, blank=True, default="")
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    patient_urgency = models.CharField(max_length=8, choices=PatientUrgency, blank=True, default="")
    patient_urgency_at = models.DateTimeField(null=True, blank=True)

    objects = FlagQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["patient", "fired_at"], name="flag_of_patient_in_time"),
            models.Index(fields=["patient", "level"], condition=Q(status="open"), name="flag_waiting_of_patient"),
        ]
        constraints = [
            models.UniqueConstraint(
                "patient",
                "rule",
                Coalesce("session", "entry"),
                "symptom",
                "code",
                "rules_version",
                condition=Q(status="open", resolved_at=None, withdrawn_at=None),
                name="one_current_flag_a_finding",
            ),
            models.CheckConstraint(
                condition=Q(session=None, entry__isnull=False) | Q(session__isnull=False, entry=None),
                name="flag_about_a_session_or_an_entry",
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="flag_level_known"),
            models.CheckConstraint(
                condition=Q(status="open", outcome="", handled_at=None) | (~Q(status="open") & ~Q(outcome="")),
                name="flag_handled_has_an_outcome",
            ),
            both_or_neither("handled_at", "handled_by", "flag_handled_at_and_by"),
            models.CheckConstraint(
                condition=Q(patient_urgency="", patient_urgency_at=None)
                | (~Q(patient_urgency="") & Q(patient_urgency_at__isnull=False)),
                name="flag_patient_urgency_and_when",
            ),
        ]

    def __str__(self):
        return f"{self.rule} {self.fired_at:%Y-%m-%d %H:%M}"


class Step(models.Model):
    """One thing that a person did with a flag; the history is the rows."""

    flag = models.ForeignKey(Flag, models.CASCADE, related_name="steps")
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    action = models.CharField(max_length=16)
    note = models.TextField(_("note"), max_length=2000, blank=True, default="")
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self):
        return self.action
