"""docs/formats.md says what the files hold: its example is read, its columns are those of the table."""

import hashlib
import json
import re
import tracemalloc
from datetime import timedelta
from pathlib import Path

import pytest

from diary.actions import entries
from diary.clinical.assess import assess
from diary.clinical.document import compose, read
from diary.exports.document import FORM, SAID, WHO, ChangedMeanwhile, as_json, document
from diary.exports.fhir.bundle import as_fhir
from diary.exports.table import COLUMNS
from diary.models import Entry

HOUR = timedelta(hours=1)
SAYS = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
(EXAMPLE,) = re.findall(r"```json\n(.*?)```", SAYS, re.DOTALL)


def test_the_example_is_what_assess_reads():
    diary, now = read(json.loads(EXAMPLE), None)
    assert {"red-flag", "lingering-reaction"} <= {finding.rule for finding in assess(diary, now).findings}


def test_the_example_is_written_as_the_product_writes_it():
    diary, now = read(json.loads(EXAMPLE), None)
    assert compose(diary, now) == json.loads(EXAMPLE)


def test_the_export_has_the_members_of_the_example_and_one_more(ana, log, treat, now):
    log(ana, 3)
    treat(ana)
    whole, example = document(ana, now), json.loads(EXAMPLE)
    assert set(whole) - set(example) == {"settle"}
    for part in ("entries", "sessions"):
        assert set(whole[part][0]) == set(example[part][0])
    assert f"`{whole['settle']['form']}`" in SAYS
    assert whole["settle"]["form"] == FORM


@pytest.fixture
def long(ana, treat, log, now, monkeypatch):
    """A diary of several pieces; a text in it looks like what it is not."""
    monkeypatch.setattr("diary.exports.document.AT_A_TIME", 2)
    for number in range(5):
        entry = log(ana, number, ago=number * HOUR, note='a "quoted"\n \t{}, é,\n').entry
        entries.amend(by=ana, now=now, entry=entry, version=1, **entries.said(entry) | {"pain": number + 1})
    treat(ana, ago=9 * HOUR)
    return ana


def test_what_is_written_in_pieces_is_what_is_written_at_once(long, now):
    whole = document(long, now)
    assert len(whole["settle"]["entries"]) == 5
    assert "".join(as_json(long, now)) == json.dumps(whole, ensure_ascii=False, indent=1)


def test_the_digest_of_pieces_is_that_of_the_whole(long, now):
    said = {key: rows for key, rows in document(long, now)["settle"].items() if key in SAID}
    for key, order in (("entries", "id"), ("sessions", "id"), ("amendments", "entry")):
        said[key] = sorted(said[key], key=lambda row: (row[order], row["version"]))
        said[key] = [{name: row[name] for name in row if name not in WHO} for row in said[key]]
    whole = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    assert document(long, now)["settle"]["digest"] == whole


@pytest.mark.parametrize("form", [as_json, as_fhir])
def test_a_diary_that_changes_while_it_is_written_is_no_file(long, log, now, form):
    pieces = form(long, now)
    began = [next(pieces), next(pieces), next(pieces)]
    log(long, 7)
    with pytest.raises(ChangedMeanwhile):
        began += pieces
    with pytest.raises(ValueError, match=r"."):
        json.loads("".join(began))


@pytest.mark.full
def test_a_long_diary_is_written_in_little_room(ana, now, figure):
    add(ana, 8000, now)
    room, whole = taken(in_pieces, ana, now), taken(at_once, ana, now)
    figure("JSON of 8,000 entries: memory at most (MB)", round(room / 1e6, 1), f"{whole / 1e6:.0f} MB at once")
    assert room < whole / 4


def in_pieces(patient, now):
    assert sum(map(len, as_json(patient, now)))


def at_once(patient, now):
    assert json.dumps(document(patient, now), ensure_ascii=False, indent=1)


def taken(write, patient, now):
    tracemalloc.start()
    write(patient, now)
    room = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return room


def add(patient, count, now):
    first = Entry.objects.of(patient).count()
    at = [now - (first + number) * HOUR for number in range(count)]
    said = {"patient": patient, "zone": "UTC", "offset_minutes": 0, "pain": 2, "note": "a few words " * 8}
    Entry.objects.bulk_create([Entry(**said, observed_at=moment, recorded_at=moment) for moment in at], 500)


def test_each_column_is_described():
    rows = [row for row in SAYS.splitlines() if row.startswith("| `")]
    assert [column for row in rows for column in re.findall(r"`(\w+)`", row.split("|")[1])] == [*COLUMNS]
