from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models


class TriesQuerySet(models.QuerySet["Tries"]):
    def locking(self, now: datetime) -> Self:
        """Return the counts that let nobody try from a browser that the account does not know."""
        return self.filter(device="", locked_until__gt=now)


class Tries(models.Model):
    """The latest tries at the password of one address: from any unknown browser together, or from one known one.

    Counted in a row of the database, which all processes share and lock, and which nothing can push out as it could
    from a cache. An address is kept as a digest: what is typed there is not always an address, nor of somebody here.
    """

    who = models.CharField(max_length=64, primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="tries")
    device = models.CharField(max_length=32, blank=True, default="")
    at = models.JSONField(default=list)
    last_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True, blank=True)

    objects = TriesQuerySet.as_manager()

    def __str__(self):
        return self.who
