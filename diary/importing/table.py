"""Reading a table: its letters, what parts its cells, which column is what, and each row of it."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from io import StringIO
from math import floor, nan
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from diary.clinical.diary import GRADES, REACTIONS
from diary.exports.table import BLANK, FORMULAS
from diary.importing import answers
from diary.importing.answers import WrongAnswer
from diary.importing.document import blank
from diary.importing.wrongs import Unreadable, Wrong
from diary.models import User

BYTES = 5_000_000
ROWS = 10_000
COLUMNS = 100
EXAMPLES = 3
DELIMITERS = (",", ";", "\t", "|")
OURS = UUID("5a0b9a34-9d5c-4b0e-9f43-6a4f1d6f6d01")
"""Under which the ids of rows are derived from what they say."""

FIELDS = {
    "when": _("Date and time"),
    "date": _("Date"),
    "time": _("Time"),
    "pain": _("Pain, 0 to 10"),
    "soreness": _("Soreness, 0 to 10"),
    "stiffness": _("Stiffness"),
    "fatigue": _("Fatigue"),
    "dizziness": _("Dizziness"),
    "low_mood": _("Low mood"),
    "bruising": _("Bruising"),
    "compared": _("Better, same or worse than usual"),
    "note": _("Note"),
    "time_zone": _("Time zone"),
    "id": _("Id"),
    "red_flags": _("Signs that need care, by code"),
    "regions": _("Where, by code"),
    "good": _("Good reactions, by code"),
    "aftercare": _("Aftercare, by code"),
    "withdrawn_at": _("Deleted at"),
}
"""What a column can be."""

KNOWN = {
    "when": "observedat datetime timestamp dateandtime datetimeofentry localtime datumuhrzeit datumundzeit zeitpunkt "
    "fechayhora fechahora momento 日期时间 日期和时间 记录时间",
    "date": "date day startdate entrydate datum tag fecha día dia 日期",
    "time": "time starttime timeofday uhrzeit zeit hora 时间 时刻",
    "pain": "pain painlevel painscore painintensity painseverity painrating nrs vas schmerz schmerzen schmerzstärke "
    "schmerzintensität schmerzniveau dolor niveldedolor intensidaddeldolor intensidaddolor eva "
    "疼痛 疼痛程度 疼痛评分 疼痛强度",
    "soreness": "soreness sorenesslevel wundgefühl wundsein molestia molestias 酸痛 酸痛程度",
    "stiffness": "stiffness steifheit steifigkeit rigidez 僵硬",
    "fatigue": "fatigue tiredness müdigkeit erschöpfung fatiga cansancio 疲劳 疲倦",
    "dizziness": "dizziness schwindel mareo mareos 头晕",
    "low_mood": "lowmood gedrücktestimmung ánimobajo bajoánimo 情绪低落",
    "bruising": "bruising blaueflecken bluterguss moretones hematomas 瘀伤 淤青",
    "compared": "compared",
    "note": "note notes comment comments remarks notiz notizen bemerkung bemerkungen kommentar nota notas comentario "
    "comentarios observaciones 备注 笔记 说明",
    "time_zone": "timezone zone zeitzone zonahoraria huso 时区",
    "id": "id",
    "red_flags": "redflags",
    "regions": "regions",
    "good": "good",
    "aftercare": "aftercare",
    "withdrawn_at": "withdrawnat",
}
"""How columns of a kind are often headed, in the languages of the product, in small letters and with these alone."""

SCORES = ("pain", "soreness")
SCALES = (10, 100)
"""Up to which number scores may go: the first, but where the head of each says the second, or a person does."""
PAIN_TRACKER = ("date", "time", "painlevel"), {"limitedactivities", "medicationlog"}
"""How an export of CrisisCore's Pain Tracker begins, and what else it names: its clock is that of UTC."""
DATES = {
    "iso": (_("2026-03-10"), r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})"),
    "dmy": (_("10.03.2026, the day first"), r"(?P<d>\d{1,2})[-/. ](?P<m>\d{1,2})[-/. ](?P<y>\d{4})"),
    "mdy": (_("03/10/2026, the month first"), r"(?P<m>\d{1,2})[-/. ](?P<d>\d{1,2})[-/. ](?P<y>\d{4})"),
}
CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap])?\.?m?\.?", re.IGNORECASE)
NOON = time(12)
HALF_DAY = 12


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was brought: its head and its rows, each with its line in the file."""

    head: list[str]
    rows: list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is to be read: the kind of each column ("" for none), how dates are written, in which zone, and up to
    which number scores go.
    """

    columns: list[str]
    dates: str
    zone: str
    scale: int = 10


@dataclass(frozen=True, slots=True)
class Rows:
    """What a table says, as entries; the rows that say nothing, those that cannot be read, the first as examples."""

    entries: list[dict[str, Any]]
    wrongs: list[Wrong] = field(default_factory=list)
    examples: list[tuple[list[str], dict[str, Any]]] = field(default_factory=list)


# The file


def opened(content: bytes) -> Table:
    """Return the table of a file. Raises Unreadable where it is none, or too large."""
    if len(content) > BYTES:
        raise Unreadable(_("This file is larger than 5 MB. Split it, and bring the parts one after the other."))
    text = broken(decoded(content))
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
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return tried(content, "cp1252")


def tried(content: bytes, letters: str) -> str:
    try:
        text = content.decode(letters)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise Unreadable(_("The letters of this file cannot be read. Save it as CSV in UTF-8 and bring it again."))
    return text


# How it is most likely to be read


def guessed(table: Table, zone: str) -> Reading:
    """Return how a table is most likely to be read; each kind of column once."""
    columns: list[str] = []
    for name in table.head:
        kind = kind_of(name)
        columns.append(kind if kind not in columns else "")
    if "when" in columns:
        columns = ["" if kind in ("date", "time") else kind for kind in columns]
    if "date" not in columns and "when" not in columns and "time" in columns:
        columns[columns.index("time")] = "when"
    if "date" not in columns and "when" not in columns:
        columns = with_dates(table, columns)
    place = next((place for place, kind in enumerate(columns) if kind in ("when", "date")), None)
    cells = [row[place].strip() for _line, row in table.rows] if place is not None else []
    scores = [letters_of(name) for name, kind in zip(table.head, columns, strict=True) if kind in SCORES]
    scale = SCALES[bool(scores) and all(letters.endswith("0100") for letters in scores)]
    return Reading(columns, most_likely(cells), "UTC" if is_of_pain_tracker(table) else zone, scale)


def is_of_pain_tracker(table: Table) -> bool:
    first, others = PAIN_TRACKER
    head = tuple(map(letters_of, table.head))
    return head[: len(first)] == first and not others.isdisjoint(head)


def with_dates(table: Table, columns: list[str]) -> list[str]:
    """Return the columns with the first unnamed one in which most cells are dates, however it is headed."""
    for place, kind in enumerate(columns):
        cells = [row[place].strip() for _line, row in table.rows[:1000]]
        dates = (sum(is_date(cell, form) for cell in cells) for form in DATES)
        if not kind and max(dates) * 2 > len(cells):
            return [*columns[:place], "when", *columns[place + 1 :]]
    return columns


def is_enough(reading: Reading) -> bool:
    """Tell whether it is said which column is the pain, and which the date."""
    return "pain" in reading.columns and not {"when", "date"}.isdisjoint(reading.columns)


def letters_of(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())


def kind_of(name: str) -> str:
    letters = letters_of(name).removesuffix("0100").removesuffix("010")  # as in “Pain (0–10)”
    return next((kind for kind, names in KNOWN.items() if letters in names.split()), "")


def most_likely(cells: list[str]) -> str:
    """Return the way of writing dates in which most of the cells are dates; the day first where both would do."""
    return max(DATES, key=lambda form: sum(is_date(cell, form) for cell in cells[:1000]))


def is_date(cell: str, form: str) -> bool:
    try:
        split(cell, form)
    except WrongAnswer:
        return False
    return True


# Row by row


def read(table: Table, reading: Reading, by: User, now: datetime) -> Rows:
    """Read a table; who brings it is in the ids, so that the same table brought by two people is two diaries."""
    entries, wrongs, seen = list[dict[str, Any]](), list[Wrong](), set[str]()
    examples: list[tuple[list[str], dict[str, Any]]] = []
    for line, row in table.rows:
        told = zip(reading.columns, row, strict=True)
        cells = {kind: cell if kind == "note" else cell.strip() for kind, cell in told if kind and cell.strip()}
        try:
            entry = entry_of(cells, reading, by, now)
        except WrongAnswer as wrong:
            wrongs.append(Wrong(_("Line %(number)s") % {"number": line}, wrong.why))
            continue
        if entry["id"] not in seen:  # the same line twice says nothing new
            entries.append(entry)
            seen.add(entry["id"])
            examples += [(row, entry)] if len(examples) < EXAMPLES else []
    return Rows(entries, wrongs, examples)


def entry_of(cells: dict[str, str], reading: Reading, by: User, now: datetime) -> dict[str, Any]:
    zone = answers.zone(cells.get("time_zone", reading.zone))
    observed = answers.instant(now)(moment(cells, reading.dates, zone).isoformat())
    how = READ if reading.scale == SCALES[0] else READ | dict.fromkeys(SCORES, of_a_hundred)
    said = {kind: named(kind, how[kind], cell) for kind, cell in cells.items() if kind in how}
    if "pain" not in said:
        raise WrongAnswer(_("says no pain"))
    if taken := cells.get("withdrawn_at"):
        said["withdrawn_at"] = named("withdrawn_at", answers.instant(now), taken)
    entry = blank("", datetime.fromisoformat(observed), zone) | said
    return entry | {"id": identity(cells.get("id"), entry, by)}


def named(kind: str, read: Callable[[str], Any], cell: str) -> Any:
    try:
        return read(cell)
    except WrongAnswer as wrong:
        raise WrongAnswer(f"{FIELDS[kind]}: {wrong.why} (“{cell[:40]}”)") from None


def identity(told: str | None, entry: dict[str, Any], by: User) -> str:
    """Return the id that a row names, else one that follows from what it says: the same row is the same entry."""
    if told:
        return str(named("id", answers.identity, told))
    said = "|".join(f"{name}={entry[name]}" for name in sorted(entry) if name != "id")
    return str(uuid5(OURS, f"{by.pk}|{said}"))


def moment(cells: dict[str, str], form: str, zone: str) -> datetime:
    """Return when a row was observed: an instant with an offset as it is, anything else on the clock of the zone.

    A date without a time is noon; a time that the clock has twice is the first, one that it leaves out the next.
    """
    told = cells.get("when")
    if told and (exact := with_offset(told)):
        return exact
    day, clock = split(told or cells.get("date", ""), form)
    if not told and "time" in cells:
        clock = clock_of(cells["time"])
    local = datetime.combine(day, clock or NOON, ZoneInfo(zone))
    return local.astimezone(UTC)


def with_offset(cell: str) -> datetime | None:
    try:
        told = datetime.fromisoformat(cell)
    except ValueError:
        return None
    return told.astimezone(UTC) if told.utcoffset() is not None else None


def split(cell: str, form: str) -> tuple[date, time | None]:
    """Return the date and the time that a cell begins and ends with."""
    found = re.match(DATES[form][1], cell)
    if not found:
        raise WrongAnswer(_("no date in this form (“%(cell)s”)") % {"cell": cell[:40]})
    try:
        day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        raise WrongAnswer(_("there is no such date (“%(cell)s”)") % {"cell": cell[:40]}) from None
    rest = cell[found.end() :].strip(" ,T")
    return day, clock_of(rest) if rest else None


def clock_of(cell: str) -> time:
    found = CLOCK.fullmatch(cell.strip())
    if found:
        hours, half = int(found[1]), (found[4] or "").lower()
        hours = hours % HALF_DAY + (HALF_DAY if half == "p" else 0) if half else hours
        try:
            return time(hours, int(found[2]), int(found[3] or 0))
        except ValueError:
            pass
    raise WrongAnswer(_("no time of day (“%(cell)s”)") % {"cell": cell[:40]})


# Cell by cell


def number(cell: str, most: int = 10) -> float:
    """Return a number, also as 4.0, 4,0 or 4/10; what is none as one that no answer is."""
    plain = re.sub(rf"\s*/\s*{most}$", "", cell).replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        return nan


def whole(cell: str) -> int:
    found = number(cell)
    if not found.is_integer():
        raise WrongAnswer(_("not a whole number from 0 to 10"))
    return int(found)


def of_a_hundred(cell: str) -> int:
    """Return a mark on a line of 100 mm as one of eleven numbers, the nearest; half-way the higher, to miss nothing."""
    found = number(cell, 100)
    if not 0 <= found <= 100:
        raise WrongAnswer(_("not a number from 0 to 100"))
    return floor(found / 10 + 0.5)


def score(cell: str) -> int:
    return int(answers.score(whole(cell)))


def grade(cell: str) -> int:
    word = cell.lower()
    return GRADES.index(word) if word in GRADES else int(answers.grade(whole(cell)))


def note(cell: str) -> str:
    """Return a text; the sign that kept a spreadsheet from taking it for a formula is taken off again."""
    guarded = cell.startswith("'") and (cell[1:].startswith(FORMULAS) or cell[1:].lstrip(BLANK).startswith(FORMULAS))
    return str(answers.text(4000)((cell[1:] if guarded else cell).replace("\r\n", "\n")))


def codes(read: Callable[[Any], Any]) -> Callable[[str], Any]:
    return lambda cell: read([code.strip() for code in cell.split(";") if code.strip()])


READ: dict[str, Callable[[str], Any]] = {
    "pain": score,
    "soreness": score,
    **dict.fromkeys(REACTIONS, grade),
    "compared": lambda cell: answers.compared(cell.lower()),
    "note": note,
    "red_flags": codes(answers.signs),
    "regions": codes(answers.regions),
    "good": codes(answers.good),
    "aftercare": codes(answers.aftercare),
}
UNSAID = ("recorded_at", "version", "offset_minutes")
"""What a table does not say of an entry that stands here already."""
