import uuid
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

KEPT = timedelta(days=7)
"""How long a file waits for its patient to say what becomes of it."""


class ImportQuerySet(models.QuerySet["Import"]):
    def waiting(self) -> Self:
        """Return files that were looked at and not taken in."""
        return self.filter(taken_at=None)

    def forgotten(self, now: datetime) -> Self:
        """Return files that have waited longer than they are kept."""
        return self.waiting().filter(made_at__lt=now - KEPT)


class Import(models.Model):
    """A file of a patient's own that is to be taken into the diary: looked at first, then taken in as a whole.

    `text` is what of it can be taken in, gone once it was; `choices` how a table is to be read, or what else the file
    holds; `result` in numbers what became of it; `digest` of the content as the file has it.
    """

    class Kind(models.TextChoices):
        JSON = "json", _("an export of this product")
        CSV = "csv", _("a table")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="imports")
    kind = models.CharField(_("kind"), max_length=4, choices=Kind)
    text = models.TextField(blank=True, default="")
    choices = models.JSONField(default=dict, blank=True)
    digest = models.CharField(_("digest"), max_length=64, blank=True, default="")
    made_at = models.DateTimeField(_("looked at"))
    taken_at = models.DateTimeField(_("taken in"), null=True, blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken_at=None) | models.Q(text=""), name="import_taken_keeps_no_file"
            )
        ]

    def __str__(self):
        return f"{self.kind} {self.made_at:%Y-%m-%d %H:%M}"

    @property
    def kept_until(self):
        return self.made_at + KEPT
