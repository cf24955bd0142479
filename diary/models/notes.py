import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from diary.models.practices import Practice

if TYPE_CHECKING:
    from diary.models.users import User


class NoteQuerySet(models.QuerySet["Note"]):
    def of(self, patient: "User") -> Self:
        return self.filter(patient=patient)

    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def latest_first(self) -> Self:
        return self.order_by("-written_at", "-pk")


class Note(models.Model):
    """What a practitioner notes of a patient for their own practice: no patient and no other practice ever reads it.

    `earlier` is what it said before it was put right, the oldest first, each as {"until", "body"}.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notes_about")
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    body = models.TextField(max_length=4000)
    earlier = models.JSONField(default=list, blank=True)
    written_at = models.DateTimeField()
    amended_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["patient", "written_at"], name="note_of_patient_in_time")]
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="note_says_something")]

    def __str__(self):
        return f"note {self.written_at:%Y-%m-%d %H:%M}"
