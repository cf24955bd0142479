import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from diary.models.users import User


class MessageQuerySet(models.QuerySet["Message"]):
    def between(self, patient: "User", practitioner: "User") -> Self:
        return self.filter(patient=patient, practitioner=practitioner)

    def in_order(self) -> Self:
        return self.order_by("sent_at", "pk")

    def latest_of_threads(self) -> Self:
        """Return the latest message of each pair of people."""
        later = Message.objects.filter(
            patient=OuterRef("patient"), practitioner=OuterRef("practitioner"), sent_at__gt=OuterRef("sent_at")
        )
        return self.filter(~Exists(later))

    def unread_by(self, reader: "User") -> Self:
        """Return what others wrote and this person has not opened."""
        return self.filter(read_at=None, by_patient=not reader.is_patient)


class Message(models.Model):
    """One message between a patient and one practitioner. The rules never read it.

    `practitioner` is the one of the two sides whom the patient wrote to or heard from; what they wrote stays the
    patient's when the share between them ends. `written_by` is the colleague who answered in their place, if any.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages_of_diary")
    practitioner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="messages_with_patients")
    by_patient = models.BooleanField()
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    body = models.TextField(max_length=4000)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["patient", "practitioner", "sent_at"], name="message_of_thread_in_time"),
            models.Index(fields=["practitioner", "patient"], condition=Q(read_at=None), name="message_unread"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="message_says_something"),
        ]

    def __str__(self):
        return f"message {self.sent_at:%Y-%m-%d %H:%M}"

    @property
    def author(self):
        return self.patient if self.by_patient else self.written_by or self.practitioner
