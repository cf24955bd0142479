"""Files that cannot be taken in: a sentence for each."""

import json
from copy import deepcopy
from datetime import timedelta

import pytest

from diary.exports import document as export
from diary.exports.fhir.bundle import as_fhir
from diary.importing.document import read
from diary.importing.wrongs import Unreadable

HOUR = timedelta(hours=1)


@pytest.fixture
def whole(ana, log, treat, now):
    treat(ana, ago=3 * HOUR)
    log(ana, 3, ago=2 * HOUR, note="as it was")
    return export.document(ana, now)


def refused(content, now):
    with pytest.raises(Unreadable) as wrong:
        read(content if isinstance(content, bytes) else json.dumps(content).encode(), now)
    return wrong.value


@pytest.mark.engineless
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "This is not JSON"),
        (b"PK\x03\x04\xff\xfe", "cannot be read as text"),
        (b'{"format": "symptom-diary/1", "entr', "is cut off"),
        (b"[" * 100_000, "This is not JSON"),
        (b"[]", "This is not a diary"),
        (b'{"resourceType": "Bundle"}', "none that Settle wrote"),
        (b'{"resourceType": "Patient"}', "This is not a diary"),
        (b'{"format": "symptom-diary/2"}', "another version"),
        (b'{"format": "symptom-diary/1", "settle": {"form": "settle-export/9"}}', "of another version"),
        (b'{"format": "symptom-diary/1", "settle": {"form": "settle-export/1"}}', "part of this file is missing"),
        (b'{"format": "symptom-diary/1", "entries": [{"id": "a", "pain": 4}]}', "cannot be read"),
        (b" " * 20_000_001, "larger than 20 MB"),
    ],
)
def test_a_bad_file_gives_a_sentence(content, said, now):
    assert said in str(refused(content, now).why)


WRONG = [
    ("entries", {"pain": 11}, "Entry 1: pain: not a whole number from 0 to 10"),
    ("entries", {"pain": True}, "pain: not a whole number"),
    ("entries", {"pain": None}, "pain: not a whole number"),
    ("entries", {"observed_at": "2026-03-10 12:00"}, "observed_at: not a date and time with its offset"),
    ("entries", {"observed_at": "2026-03-11T12:00:00+00:00"}, "observed_at: still to come"),
    ("entries", {"observed_at": "1999-03-11T12:00:00+00:00"}, "observed_at: before the year 2000"),
    ("entries", {"zone": "../etc/passwd"}, "zone: not one of the known answers"),
    ("entries", {"offset_minutes": 1440}, "offset_minutes: not an offset in minutes"),
    ("entries", {"red_flags": ["dragons"]}, "red_flags: not one of the known answers"),
    ("entries", {"aftercare": "water"}, "aftercare: not a list"),
    ("entries", {"aftercare": [""]}, "aftercare: not one of the known answers"),
    ("entries", {"aftercare": ["x" * 81]}, "aftercare: longer than can be kept"),
    ("sessions", {"aftercare": [f"advice {number}" for number in range(9)]}, "aftercare: longer than can be kept"),
    ("entries", {"note": "x" * 4001}, "note: longer than can be kept"),
    ("entries", {"note": "\0"}, "note: holds signs that cannot be kept"),
    ("entries", {"id": "../1"}, "id: not an id"),
    ("entries", {"patient": 1}, "not the answers that belong there"),
    ("sessions", {"sharp_increase": "yes"}, "Session 1: sharp_increase: neither yes nor no"),
]


def test_a_row_that_cannot_be_read_is_named_with_its_reason(whole, now):
    for part, change, said in WRONG:
        changed = deepcopy(whole)
        changed["settle"][part][0] |= change
        changed["settle"]["digest"] = export.digest(changed["settle"])
        (wrong,) = refused(changed, now).wrongs
        assert said.casefold() in f"{wrong.where}: {wrong.why}".casefold()


def test_a_file_that_was_changed_since_is_refused(whole, now):
    whole["settle"]["entries"][0]["note"] = "otherwise"
    assert "it was changed or damaged" in str(refused(whole, now).why)


def test_rows_that_cannot_stand_together_are_refused(whole, now):
    whole["settle"]["sessions"] *= 2
    whole["settle"]["amendments"] = []
    whole["settle"]["digest"] = export.digest(whole["settle"])
    assert [str(wrong.where) for wrong in refused(whole, now).wrongs] == ["session 2"]


def test_of_many_wrong_rows_all_are_named(whole, now):
    whole["settle"]["entries"] = [whole["settle"]["entries"][0] | {"pain": -1}] * 60
    wrong = refused(whole, now)
    assert len(wrong.first) + len(wrong.rest) == 60


def test_a_diary_of_another_program_is_read_as_the_rules_read_it(whole, now):
    del whole["settle"]
    whole["entries"][0] |= {"id": "entry one", "reactions": {"fatigue": "mild"}}
    found = read(json.dumps(whole).encode(), now)
    (entry,) = found.parts["entries"]
    assert (entry["pain"], entry["fatigue"], entry["zone"]) == (3, 1, "Europe/Lisbon")
    assert read(json.dumps(whole).encode(), now) == found


@pytest.mark.engineless
@pytest.mark.parametrize(
    ("intake", "kept_out"),
    [({"usual_soreness": 3}, {"intake": 1}), ({"usual_reactions": {"fatigue": "mild"}}, {"intake": 1}), ({}, {})],
)
def test_a_background_of_another_program_is_said_not_to_be_taken_in(intake, kept_out, now):
    content = json.dumps({"format": "symptom-diary/1", "intake": intake, "entries": []}).encode()
    assert read(content, now).others == kept_out


def test_an_id_of_half_a_sign_is_one_like_any_other(now):
    ids = ["\ud800", "\udfff"]
    entries = [{"id": id, "observed_at": "2026-03-09T09:00:00Z", "pain": 3} for id in ids]
    found = read(json.dumps({"format": "symptom-diary/1", "entries": entries}).encode(), now)
    assert len({entry["id"] for entry in found.parts["entries"]}) == 2


def test_a_part_that_is_none_of_ours_is_not_kept(whole, now):
    whole["settle"] |= {"a\0b": [1], "\ud800": [1], "more": [1]}
    assert not {"a\0b", "\ud800", "more"} & {*read(json.dumps(whole).encode(), now).others}


def test_what_is_not_taken_is_counted(whole, now):
    others = read(json.dumps(whole).encode(), now).others
    assert others["shares"] == 1
    assert not {"entries", "sessions", "intake", "amendments"} & {*others}


def test_a_fhir_bundle_of_ours_is_read_as_the_export_it_was_made_of(whole, ana, now):
    content = "".join(as_fhir(ana, now))
    found, same = read(content.encode(), now), read(json.dumps(whole).encode(), now)
    assert found.digest == same.digest
    assert found.parts["entries"] == same.parts["entries"]


def test_a_fhir_bundle_that_was_changed_is_refused(whole, ana, now):
    content = "".join(as_fhir(ana, now))
    assert "as it was" in content
    assert "digest" in str(refused(content.replace("as it was", "as it was not").encode(), now))
