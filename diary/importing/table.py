"""A table as it was brought: its letters, and what parts its cells."""

import csv
from dataclasses import dataclass
from io import StringIO

from django.utils.translation import gettext_lazy as _

from diary.importing.wrongs import Unreadable

BYTES = 5_000_000
ROWS = 10_000
COLUMNS = 100
DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was brought: its head and its rows, each with its line in the file."""

    head: list[str]
    rows: list[tuple[int, list[str]]]


def opened(content: bytes) -> Table:
    """Return the table of a file. Raises Unreadable where it is none, or too large."""
    if len(content) > BYTES:
        raise Unreadable(_("This file is larger than 5 MB. Split it, and bring the parts one after the other."))
    return of(decoded(content))


def of(text: str) -> Table:
    """Return the table of a text that was decoded already: as UTF-8 it may be longer than the file that it came in."""
    text = broken(text)
    delimiter = max(DELIMITERS, key=text.split("\n", 1)[0].count)
    lines = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(lines.line_num, row) for row in lines if any(map(str.strip, row))]
    except csv.Error:
        raise Unreadable(_("This cannot be read as a table. Save it as CSV and bring it again.")) from None
    if len(rows) < 2:
        raise Unreadable(_("This table has no rows below its head."))
    if len(rows) > ROWS + 1:
        raise Unreadable(_("This table has more than 10,000 rows. Split it, and bring the parts one after the other."))
    head = [name.strip() for name in rows[0][1]]
    if not 1 < len(head) <= COLUMNS:
        raise Unreadable(_("The first line does not name the columns, or there are more than a hundred."))
    return Table(head, [(line, (row + [""] * len(head))[: len(head)]) for line, row in rows[1:]])


def broken(text: str) -> str:
    """Return a text in lines, also where a program wrote the two signs \\n for the end of each."""
    return text if "\n" in text.strip() else text.replace("\\n", "\n")


def decoded(content: bytes) -> str:
    """Return text in the letters that it most likely has: UTF-8, UTF-16, else those of Western Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return tried(content, "utf-16")
    if b"\0" in content[:2000]:
        return tried(content, "utf-16-le" if content[1:2] == b"\0" else "utf-16-be")
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return tried(content, "cp1252")
    return tried(content, "utf-8-sig")


def tried(content: bytes, letters: str) -> str:
    try:
        text = content.decode(letters)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise Unreadable(_("The letters of this file cannot be read. Save it as CSV in UTF-8 and bring it again."))
    return text
