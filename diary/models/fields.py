"""Columns that several nouns share, with their limits kept by the database."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

LOWEST, HIGHEST = 0, 10  # numeric rating scale, NRS-11


def score(label, **options):
    """Return a column for a 0–10 rating; null means not asked or skipped, never 0."""
    options = {"null": True, "blank": True} | options
    return models.PositiveSmallIntegerField(label, validators=[MaxValueValidator(HIGHEST)], **options)


def within_scale(*columns, prefix):
    """Return one CHECK a column: between 0 and 10, or null."""
    return [
        models.CheckConstraint(
            condition=models.Q(**{f"{column}__gte": LOWEST, f"{column}__lte": HIGHEST}),
            name=f"{prefix}_{column}_0_to_10",
        )
        for column in columns
    ]


def both_or_neither(first, second, name):
    """Return a CHECK: a fact and the person or moment that goes with it are kept together."""
    absent = models.Q(**{f"{first}__isnull": True, f"{second}__isnull": True})
    present = models.Q(**{f"{first}__isnull": False, f"{second}__isnull": False})
    return models.CheckConstraint(condition=absent | present, name=name)


class Grade(models.IntegerChoices):
    """How marked a reaction is."""

    NONE = 0, _("none")
    MILD = 1, _("mild")
    MODERATE = 2, _("moderate")
    SEVERE = 3, _("severe")


def grade(label):
    """Return a column for a reaction's grade; null means not answered."""
    return models.PositiveSmallIntegerField(label, choices=Grade.choices, null=True, blank=True)


def within_grades(*columns, prefix):
    """Return one CHECK a column: none to severe, or null."""
    return [
        models.CheckConstraint(condition=models.Q(**{f"{column}__lte": Grade.SEVERE}), name=f"{prefix}_{column}_grade")
        for column in columns
    ]
