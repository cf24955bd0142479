"""Any diary at all, as FHIR and back: drawn by chance, its digest is equal."""

import json
import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given, settings
from hypothesis import strategies as st

from diary.clinical.diary import CONDITIONS, RED_FLAGS
from diary.exports.document import digest
from diary.exports.fhir.bundle import bundle
from diary.exports.fhir.reading import document_of
from diary.forms.choices import AFTERCARE, GOOD, REGIONS
from tests.exports.bindings import unbound

INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)).map(
    lambda at: at.isoformat()
)
BLANK = re.compile(r"[^\S \t\r\n]")  # blank to Python's \S, which the models use; a sign like any other to FHIR's own
SIGNS = st.characters(
    exclude_categories=["Cs"], exclude_characters=[chr(code) for code in range(32) if code not in (9, 10, 13)]
)
TEXTS = st.just("") | st.text(SIGNS, min_size=1, max_size=30)
ZONES = st.sampled_from(
    ["UTC", "Europe/Lisbon", "Asia/Kathmandu", "America/St_Johns", "Pacific/Kiritimati", "No/Where"]
)
SCORE, LEVEL = st.none() | st.integers(0, 10), st.none() | st.integers(0, 3)
PEOPLE = st.sampled_from(["Ana", "Paula", None])
FIXED = {"zone": ZONES, "version": st.integers(1, 9), "note": TEXTS, "withdrawn_at": st.none() | INSTANTS}


def some(names):
    return st.lists(st.sampled_from(sorted(names)), unique=True, max_size=3)


def kept(pairs):
    return [code for code, _ in pairs]


ANSWERS = {
    "observed_at": INSTANTS,
    "zone": ZONES,
    "offset_minutes": st.integers(-720, 840),
    "pain": st.integers(0, 10),
    "soreness": SCORE,
    **dict.fromkeys(("stiffness", "fatigue", "dizziness", "low_mood", "bruising"), LEVEL),
    "compared": st.sampled_from(["", "better", "same", "worse"]),
    "red_flags": some(RED_FLAGS),
    "regions": some(kept(REGIONS)),
    "good": some(kept(GOOD)),
    "aftercare": some(kept(AFTERCARE)),
    "note": TEXTS,
}
IDS = st.uuids(version=4).map(str)
ENTRIES = st.fixed_dictionaries({**ANSWERS, **FIXED, "id": IDS, "recorded_at": INSTANTS})
SESSIONS = st.fixed_dictionaries(
    {
        **FIXED,
        "id": IDS,
        "practitioner": PEOPLE,
        "ended_at": INSTANTS,
        "pain_before": SCORE,
        "pain_after": SCORE,
        "sharp_increase": st.booleans(),
        "response": TEXTS,
        "sites": some(kept(REGIONS)),
        "aftercare": some(kept(AFTERCARE)),
        "recorded_at": INSTANTS,
        "recorded_by": PEOPLE,
    }
)
USUAL = dict.fromkeys(
    ("usual_stiffness", "usual_fatigue", "usual_dizziness", "usual_low_mood", "usual_bruising"), LEVEL
)
INTAKES = st.fixed_dictionaries(
    {
        "usual_pain": SCORE,
        "usual_soreness": SCORE,
        **USUAL,
        "conditions": some(CONDITIONS),
        "blood_thinners": some(["warfarin", "other"]),
        **dict.fromkeys(("medicines", "allergies", "earlier_treatments", "expectation"), TEXTS),
        "needle_nervousness": SCORE,
        "saved_at": st.none() | INSTANTS,
    }
)
CHANGES = st.fixed_dictionaries(
    {"values": st.fixed_dictionaries(ANSWERS), "amended_at": INSTANTS, "amended_by": PEOPLE}
)


@st.composite
def exported(draw):
    rows = draw(st.lists(ENTRIES, max_size=4, unique_by=lambda row: row["id"]))
    changed = [
        draw(CHANGES) | {"entry": row["id"], "version": version}
        for row in rows
        for version in range(1, draw(st.integers(1, 3)))
    ]
    treated = draw(st.lists(SESSIONS, max_size=3, unique_by=lambda row: row["id"]))
    settle = {"intake": draw(INTAKES), "sessions": treated, "entries": rows, "amendments": changed, "flags": []}
    return {"time_zone": "Europe/Lisbon", "settle": settle | {"account": {"name": "Ana"}}}


def check_there_and_back(whole):
    settle = whole["settle"] | {"digest": digest(whole["settle"]), "exported_at": "2035-01-02T00:00:00+00:00"}
    made = bundle(whole | {"settle": settle}, uuid4())
    plain = json.loads(BLANK.sub("x", json.dumps(made, ensure_ascii=False)))
    for resource in [plain, *(entry["resource"] for entry in plain["entry"])]:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    assert unbound(made)[0] == []
    back = document_of(json.loads(json.dumps(made)), "Ana")["settle"]
    assert digest(back) == settle["digest"]


@settings(max_examples=40, deadline=None)
@given(exported())
def test_any_diary_comes_back_with_an_equal_digest(whole):
    check_there_and_back(whole)


@pytest.mark.full
@settings(max_examples=2000, deadline=None)
@given(exported())
def test_any_of_many_diaries_comes_back_with_an_equal_digest(whole):
    check_there_and_back(whole)
