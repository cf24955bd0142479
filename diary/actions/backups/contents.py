"""What a database holds as one number: two databases with equal digests hold the same rows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Content:
    """The digest of all rows, and how many rows each table has."""

    digest: str
    rows: dict[str, int]
