"""What is wrong with a file, said to who brought it."""

from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise
FIRST = 8
"""Rows that are named at once; the others are folded."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that cannot be read: where it stands, as a person finds it, and why."""

    where: Text
    why: Text


class Unreadable(Exception):
    """A file that cannot be taken in: `why` in a sentence, and its rows that are wrong."""

    def __init__(self, why: Text, wrongs: list[Wrong] | None = None) -> None:
        super().__init__(str(why))
        self.why, self.wrongs = why, wrongs or []

    @property
    def first(self) -> list[Wrong]:
        return self.wrongs[:FIRST]

    @property
    def rest(self) -> list[Wrong]:
        return self.wrongs[FIRST:]
