"""Tables as people have them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from diary.exports.table import as_csv
from diary.importing import heads, lines, table
from diary.importing.wrongs import Unreadable
from diary.models import User

BEN = User(pk=7, name="Ben")


def rows(text, now):
    brought = table.opened(text if isinstance(text, bytes) else text.encode())
    return lines.read(brought, heads.guessed(brought, "Europe/Lisbon"), BEN, now)


def moments(text, now):
    return [entry["observed_at"][:16] for entry in rows(text, now).entries]


@pytest.mark.engineless
@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_letters_and_what_parts_the_cells_are_found(letters, delimiter, now):
    text = "\r\n".join(
        delimiter.join(line) for line in (("Datum", "Schmerz", "Notiz"), ("01.03.2026", "4", "für mich é"))
    )
    (entry,) = rows(text.encode(letters), now).entries
    assert (entry["pain"], entry["note"], entry["observed_at"]) == (4, "für mich é", "2026-03-01T12:00:00+00:00")


@pytest.mark.engineless
@pytest.mark.parametrize(
    ("text", "observed"),
    [
        ("date,pain\n2026-03-01,4", ["2026-03-01T12:00"]),
        ("Date,Time,Pain Level\n3/13/2025,2:05 PM,4\n12/1/2025,12:30 am,5", ["2025-03-13T14:05", "2025-12-01T00:30"]),
        ("date,time,pain\n13/03/2025,09:30,4\n1/12/2025,9.30,5", ["2025-03-13T09:30", "2025-12-01T09:30"]),
        ("timestamp,pain\n2025-07-01T10:00:00+02:00,4", ["2025-07-01T08:00"]),
        ("timestamp,pain\n2025-07-01T10:00:00Z,4", ["2025-07-01T10:00"]),
        ("timestamp,pain\n2025-07-01 10:00,4", ["2025-07-01T09:00"]),  # on the clock of Lisbon, in summer
        ("Fecha;Hora;Dolor\n1.2.2026;7:05;4,0", ["2026-02-01T07:05"]),
    ],
)
def test_dates_as_people_write_them(text, observed, now):
    assert moments(text, now) == observed


@pytest.mark.engineless
@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ("2026-02-30,4,", "there is no such date"),
        ("yesterday,4,", "no date in this form"),
        ("2026-03-01,11,", "Pain, 0 to 10: not a whole number from 0 to 10 (“11”)"),
        ("2026-03-01,4.5,", "not a whole number from 0 to 10"),
        ("2026-03-01,-1,", "not a whole number from 0 to 10"),
        ("2026-03-01,,a note", "says no pain"),
        ("2026-03-11,4,", "still to come"),
        ("1999-03-11,4,", "before the year 2000"),
        (f"2026-03-01,4,{'x' * 4001}", "longer than can be kept"),
    ],
)
def test_a_line_that_cannot_be_read_says_where_and_why(cells, why, now):
    found = rows(f"date,pain,note\n2026-03-02,3,\n{cells}\n", now)
    (wrong,) = found.wrongs
    assert str(wrong.where) == "Line 3"
    assert why in str(wrong.why)


@pytest.mark.engineless
@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"date,pain\n", "no rows"),
        (b"", "no rows"),
        (b"just words\nand more", "does not name the columns"),
        (b"x" * 5_000_001, "larger than 5 MB"),
        (b"date,pain\n" + b"2026-03-01,4\n" * 10_001, "more than 10,000 rows"),
        (b"date,pain\n2026-03-01,4\n" + b"\0" * 5, "cannot be read"),
        (b"date,pain,note\n" + b"2026-03-01,4,a\n" * 200 + b"2026-03-01,4,a\0b\n", "cannot be read"),
        (b'date,pain\n"' + b"x" * 200_000, "cannot be read as a table"),
    ],
)
def test_what_is_no_table_gives_a_sentence(content, why, now):
    with pytest.raises(Unreadable) as wrong:
        table.opened(content)
    assert why in str(wrong.value.why)


@pytest.mark.engineless
def test_the_same_row_is_the_same_entry_and_another_persons_is_not(now):
    text = "date,pain,note\n2026-03-01,4,a\n2026-03-01,4,a\n2026-03-01,5,a"
    ids = [entry["id"] for entry in rows(text, now).entries]
    assert len(ids) == len({*ids}) == 2
    assert ids == [entry["id"] for entry in rows(text.replace(",", ";"), now).entries]
    brought = table.opened(text.encode())
    others = lines.read(brought, heads.guessed(brought, "Europe/Lisbon"), User(pk=8), now).entries
    assert not {*ids} & {entry["id"] for entry in others}


def test_two_lines_of_one_id_that_differ_are_told_and_not_chosen_between(ana, log, now):
    """Of two exports in one file the entry that was put right in between came in as it first was, in silence."""
    log(ana, 4)
    once = "".join(as_csv(ana))
    (line,) = once.splitlines()[1:]
    brought = table.opened(f"{once}{line}\r\n{line.replace(',4,', ',9,', 1)}\r\n".encode())
    found = lines.read(brought, heads.guessed(brought, "UTC"), ana, now)
    assert [entry["pain"] for entry in found.entries] == [4]
    (wrong,) = found.wrongs
    assert str(wrong.where) == "Line 4"
    assert "an earlier line with its id" in str(wrong.why)


def test_the_own_table_says_the_same_again(ana, log, now):
    log(ana, 4, note=" \t=1+1 ", soreness=2, stiffness=3, red_flags=["fever"], good=["relaxed"], compared="worse")
    log(ana, 5, note="two\nlines; “quoted”, and ' more", regions=["leg-left", "leg-right"], aftercare=["water"])
    for hours, note in enumerate(["'=1", "''+1", "'plain'", "' -1", "-'1"], 2):
        log(ana, 6, ago=timedelta(hours=hours), note=note)
    log(ana, 6, ago=timedelta(hours=1), aftercare=["- walk to the lake, slowly", "= no needles"])
    log(ana, 6, ago=timedelta(hours=8), aftercare=["water", "rest; then walk;", "; again", "back\\slash\\", "last"])
    brought = table.opened("".join(as_csv(ana)).encode())
    found = lines.read(brought, heads.guessed(brought, "UTC"), ana, now)
    assert found.wrongs == []
    for entry, row in zip(
        found.entries, sorted(ana.entries.all(), key=lambda row: (row.observed_at, row.pk)), strict=True
    ):
        said = {name: getattr(row, name) for name in entry if name not in ("id", "observed_at", *lines.UNSAID)}
        assert {name: entry[name] for name in said} == said
        assert (entry["id"], entry["observed_at"]) == (str(row.pk), row.observed_at.isoformat())


@pytest.mark.engineless
@pytest.mark.parametrize(
    ("when", "observed"), [("1.3.2026", "2026-03-01T09:30"), ("1.3.2026 7:05", "2026-03-01T07:05")]
)
def test_a_time_in_a_column_of_its_own_counts_where_that_of_the_moment_says_none(when, observed, now):
    """All of a diary came in at noon where the column of dates stayed "date and time", as it is guessed to be."""
    brought = table.opened(f"Jour;Heure;Douleur\n{when};9:30;4".encode())
    reading = heads.guessed(brought, "UTC")
    assert reading.columns == ["when", "", ""]
    (entry,) = lines.read(brought, replace(reading, columns=["when", "time", "pain"]), BEN, now).entries
    assert entry["observed_at"][:16] == observed


@pytest.mark.engineless
def test_a_time_that_the_clock_leaves_out_is_the_next(now):
    assert moments("date,time,pain\n2025-03-30,01:30,4", now) == ["2025-03-30T01:30"]


@pytest.mark.engineless
@pytest.mark.parametrize(
    ("cell", "zone"),
    [
        ("0001-01-01 00:30", "Asia/Tokyo"),
        ("9999-12-31 23:30", "America/New_York"),
        ("0001-01-01T00:30+09:00", "UTC"),
        ("9999-12-31T23:30-05:00", "UTC"),
    ],
)
def test_a_date_beyond_the_calendar_is_one_line_that_cannot_be_read(cell, zone, now):
    brought = table.opened(f"when,pain\n{cell},4\n2026-03-01 9:30,4".encode())
    found = lines.read(brought, replace(heads.guessed(brought, zone), columns=["when", "pain"]), BEN, now)
    assert ["no such date" in str(wrong.why) for wrong in found.wrongs] == [True]
    assert len(found.entries) == 1


@pytest.mark.engineless
@pytest.mark.parametrize(
    "text",
    [
        "Datum;Uhrzeit;Schmerzstärke (0–10);Wundgefühl;Müdigkeit;Bemerkungen\n01.03.2026;9:30;4;2;1;nach dem Gehen",
        "Fecha;Hora;Nivel de dolor;Molestias;Cansancio;Comentarios\n1/3/2026;9:30;4;2;1;nach dem Gehen",
        "日期,时间,疼痛程度,酸痛,疲劳,备注\n2026-03-01,9:30,4,2,1,nach dem Gehen",
        "Entry date|Time of day|Pain intensity|Soreness level|Tiredness|Comments\n2026-03-01|9:30|4|2|1|nach dem Gehen",
    ],
)
def test_columns_are_known_in_each_language(text, now):
    (entry,) = rows(text, now).entries
    told = (entry["observed_at"][:16], entry["pain"], entry["soreness"], entry["fatigue"], entry["note"])
    assert told == ("2026-03-01T09:30", 4, 2, 1, "nach dem Gehen")


@pytest.mark.engineless
def test_an_export_of_pain_tracker_is_read_on_the_clock_of_utc(now):
    """Its head as in the source of that program, which ends its lines with two signs instead of one."""
    head = "Date,Time,Pain Level,Locations,Symptoms,Limited Activities,Sleep Quality,Mood Impact,Missed Work Days,Notes"
    text = "\\n".join((head, '2026-03-01,09:30,4,"neck; back","tired","",3,2,0,"a ""bad"" night"'))
    brought = table.opened(text.encode())
    reading = heads.guessed(brought, "America/New_York")
    (entry,) = lines.read(brought, reading, BEN, now).entries
    assert (entry["observed_at"], entry["pain"]) == ("2026-03-01T09:30:00+00:00", 4)
    assert entry["note"] == 'a "bad" night'
    assert heads.guessed(table.opened(b"Date,Time,Pain Level\n2026-03-01,9:30,4"), "America/New_York").zone != "UTC"


@pytest.mark.engineless
@pytest.mark.parametrize(
    ("cell", "pain"), [("0", 0), ("40", 4), ("44.9", 4), ("45", 5), ("74", 7), ("75", 8), ("100", 10), ("63/100", 6)]
)
def test_a_line_of_a_hundred_is_read_where_somebody_says_so(cell, pain, now):
    brought = table.opened(f"date;pain;note\n2026-03-01;{cell};x".encode())
    reading = replace(heads.guessed(brought, "UTC"), scale=100)
    (entry,) = lines.read(brought, reading, BEN, now).entries
    assert entry["pain"] == pain


@pytest.mark.engineless
@pytest.mark.parametrize(
    ("head", "scale"),
    [("Pain (0-100)", 100), ("Pain (0-10)", 10), ("Pain (0–100),Soreness (0–100)", 100), ("Pain (0-100),Soreness", 10)],
)
def test_a_head_that_says_how_far_scores_go_is_believed(head, scale):
    brought = table.opened(f"date,{head}\n2026-03-01,4,5".encode())
    assert heads.guessed(brought, "UTC").scale == scale
    assert "pain" in heads.guessed(brought, "UTC").columns


@pytest.mark.engineless
@pytest.mark.parametrize("cell", ["101", "-1", "much", "nan", "inf", "1e400"])
def test_a_line_of_a_hundred_has_its_ends_too(cell, now):
    brought = table.opened(f"date;pain;note\n2026-03-01;{cell};x".encode())
    (wrong,) = lines.read(brought, replace(heads.guessed(brought, "UTC"), scale=100), BEN, now).wrongs
    assert "not a number from 0 to 100" in str(wrong.why)
