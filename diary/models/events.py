from datetime import datetime
from typing import Self

from django.db import connection, models
from django.db.models import Case, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

TEXTS = ("actor", "actor_name", "stream", "verb", "subject", "old", "new")
INSERT = f"INSERT INTO diary_event (at, {', '.join(TEXTS)}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, stream: object) -> Self:
        """Return what happened to one person's account or diary; a stream is a key, or an expression for one."""
        return self.filter(stream=Cast(stream, models.CharField()) if isinstance(stream, Combinable) else str(stream))

    def reads(self) -> Self:
        return self.filter(verb="diary-read")

    def sealed(self) -> Self:
        """Return the events that stand in the chain (`actions.chain`)."""
        return self.filter(position__isnull=False)

    def unsealed(self) -> Self:
        return self.filter(position=None)

    def last_position(self) -> int:
        """Return the place of the last line of the chain; 0 before the first."""
        return self.sealed().order_by("-position").values_list("position", flat=True).first() or 0

    def writing(self) -> Self:
        """Return what was written in diaries, and taken out or put right in them."""
        return self.filter(Q(verb__startswith="entry-") | Q(verb__startswith="session-") | Q(verb="diary-imported"))

    def silence(self) -> int:
        """Take every name and text out of these events, of people who are erased; what was done, and when, stays."""
        return self.update(
            actor_name="", subject="", old="", new="", salt=Case(When(salt=None, then=None), default=Value(""))
        )

    def by_others(self, person: object) -> Self:
        """Return what other people did, not this one and not the product itself; `person` is a key."""
        return self.exclude(actor__in=["", str(person)])

    def append(self, at: datetime, *texts: str) -> None:
        """Insert one event, its texts in the order of `TEXTS`.

        In SQL, since every write of the product comes by here and building the same statement anew takes longer than
        running it.
        """
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [connection.ops.adapt_datetimefield_value(at), *texts])


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
    # Its place in the chain, given by the worker; null until then, so that writing an event writes none of it.
    position = models.BigIntegerField(null=True, blank=True)
    salt = models.CharField(max_length=32, null=True, blank=True)
    texts_digest = models.CharField(max_length=64, null=True, blank=True)
    link = models.CharField(max_length=64, null=True, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["stream", "at"], name="event_of_stream_in_time"),
            # Who looked last is asked for every row of a worklist, of diaries with thousands of events.
            models.Index(fields=["stream", "verb", "at"], name="event_of_verb_in_time"),
            models.Index(fields=["id"], condition=Q(position=None), name="event_unsealed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["position"], condition=Q(position__isnull=False), name="one_event_a_place")
        ]

    def __str__(self):
        return f"{self.verb} {self.subject}"
