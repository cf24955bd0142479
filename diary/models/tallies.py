from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from django.conf import settings
from django.db import models

from diary.clinical.reported import REPORTS

COLUMNS = ("sessions", *(f"{symptom}_{what}" for symptom in REPORTS for what in ("answered", "reported")))
BYTES_OF_ONE = 4
BYTES_OF_MONTH = BYTES_OF_ONE * len(COLUMNS)
ONE_ROW = 1
Counts: TypeAlias = dict[str, int]
Row: TypeAlias = tuple[int, bytes | memoryview, int]
"""A tally as it is added up: its first month, its months, which of its counts are ever more than zero."""


class TallyQuerySet(models.QuerySet["Tally"]):
    def rows(self) -> "models.QuerySet[Tally, tuple[int, bytes | memoryview, int]]":
        """Return what is added up of each."""
        return self.values_list("first", "months", "ever")


class Tally(models.Model):
    """One patient's sessions with one practitioner, counted: after how many what was answered and reported.

    Worked out anew from the diary once it was written in (`actions.tallies`); nothing rests on it but the rates.
    `months` holds the counts of one month after another from `first` on (a month's number, of those since year 0), each
    of four bytes: as one large number it is added to those of a thousand other patients in a millisecond
    (docs/adr/0025). `ever` has a bit for each count that is not always zero.
    """

    patient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    practitioner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    first = models.PositiveIntegerField()
    months = models.BinaryField()
    ever = models.PositiveIntegerField()

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tallies"
        constraints = [models.UniqueConstraint(fields=["practitioner", "patient"], name="one_tally")]

    def __str__(self):
        return str(self.first)


class Reached(NamedTuple):
    """A line of the audit up to which everything that was written is counted, and when that was so."""

    position: int
    at: datetime | None


class TallyingQuerySet(models.QuerySet["Tallying"]):
    def reached(self) -> Reached:
        """Return how far the counting has come; before it ever began, nowhere."""
        return Reached(*(self.values_list("position", "at").first() or (0, None)))

    def reach(self, position: int, at: datetime) -> None:
        self.update_or_create(pk=ONE_ROW, defaults={"position": position, "at": at})


class Tallying(models.Model):
    """How far the audit has been followed: every diary written in up to this line is counted in its tallies."""

    position = models.BigIntegerField()
    at = models.DateTimeField()

    objects = TallyingQuerySet.as_manager()

    def __str__(self):
        return str(self.position)


def number_of(month: date) -> int:
    return month.year * 12 + month.month - 1


def side_by_side(counted: Mapping[date, Counts]) -> Row:
    first = number_of(min(counted))
    whole = bytearray((number_of(max(counted)) - first + 1) * BYTES_OF_MONTH)
    for month, counts in counted.items():
        begins = (number_of(month) - first) * BYTES_OF_MONTH
        whole[begins : begins + BYTES_OF_MONTH] = b"".join(
            counts.get(column, 0).to_bytes(BYTES_OF_ONE, "little") for column in COLUMNS
        )
    ever = sum(1 << place for place, column in enumerate(COLUMNS) if any(one.get(column) for one in counted.values()))
    return first, bytes(whole), ever


def by_month(rows: Sequence[Row]) -> dict[date, Counts]:
    """Add up what many tallies hold; months without a session are left out."""
    if not rows:
        return {}
    begun: dict[int, int] = defaultdict(int)
    for first, months, _ in rows:
        begun[first] += int.from_bytes(months, "little")
    start = min(begun)
    whole = sum(added << 8 * BYTES_OF_MONTH * (first - start) for first, added in begun.items())
    found = {}
    for number in range(-(-whole.bit_length() // (8 * BYTES_OF_MONTH))):
        if counts := counts_of(whole >> 8 * BYTES_OF_MONTH * number):
            year, month = divmod(start + number, 12)
            found[date(year, month + 1, 1)] = counts
    return found


def counts_of(whole: int) -> Counts:
    """Return the counts of the first month of a number, nothing where it has no session."""
    ones = [whole >> 8 * BYTES_OF_ONE * place & 0xFFFFFFFF for place in range(len(COLUMNS))]
    return dict(zip(COLUMNS, ones, strict=True)) if ones[0] else {}


def by_patient(rows: Sequence[Row]) -> Counts:
    """Return of how many patients each count is more than zero."""
    alike = Counter(ever for _, _, ever in rows).items()
    return {column: sum(count for bits, count in alike if bits >> place & 1) for place, column in enumerate(COLUMNS)}
