from typing import Self

from django.db import models


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, stream: object) -> Self:
        """Return what happened to one person's account or diary."""
        return self.filter(stream=str(stream))

    def reads(self) -> Self:
        return self.filter(verb="diary-read")


class Event(models.Model):
    """Who did what: written inside the transaction of the deed, kept as text so that it outlives what it names."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=120)
    stream = models.CharField(max_length=40)
    verb = models.CharField(max_length=40)
    subject = models.CharField(max_length=80, blank=True, default="")
    old = models.TextField(blank=True, default="")
    new = models.TextField(blank=True, default="")

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["stream", "at"], name="event_of_stream_in_time")]

    def __str__(self):
        return f"{self.verb} {self.subject}"
