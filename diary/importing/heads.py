"""How a table is most likely to be read: which column is what, how its dates are written, up to where its scores go."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from diary.importing.answers import WrongAnswer
from diary.importing.cells import DATES, split
from diary.importing.table import Table

FIELDS = {
    "when": _("Date and time"),
    "date": _("Date"),
    "time": _("Time"),
    "pain": _("Pain, 0 to 10"),
    "soreness": _("Soreness, 0 to 10"),
    "stiffness": _("Stiffness"),
    "fatigue": _("Tiredness"),
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


@dataclass(frozen=True, slots=True)
class Reading:
    """How a table is to be read: the kind of each column ("" for none), how dates are written, in which zone, and up to
    which number scores go.
    """

    columns: list[str]
    dates: str
    zone: str
    scale: int = 10


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
