"""The diary as FHIR R4: what the models and the bindings say of it, and the way back."""

import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from fhir.resources.R4B import get_fhir_model_class

from diary.actions import entries, intakes, sessions
from diary.clinical.document import read
from diary.exports.document import digest, document
from diary.exports.fhir import codes
from diary.exports.fhir.bundle import as_fhir, bundle, pseudonym
from diary.exports.fhir.reading import InvalidBundle, document_of
from diary.models import Flag
from tests.exports.bindings import unbound

DOCS = Path(__file__).parents[2] / "docs"
DAY = timedelta(days=1)


@pytest.fixture
def rich(ana, paula, log, treat, now):
    """A diary with everything in it: put right, taken back, given by the practice, flagged."""
    intakes.save(by=ana, now=now - 10 * DAY, usual_pain=3, usual_stiffness=1, conditions=["allergy"], medicines="none")
    treat(
        ana,
        by=paula,
        ago=4 * DAY,
        pain_before=5,
        pain_after=8,
        sharp_increase=True,
        response="fewer",
        sites=["leg-left"],
    )
    gone = treat(ana, ago=9 * DAY, note="never was", aftercare=["water"])
    sessions.withdraw(by=ana, now=now, session=gone)
    kept = log(ana, 4, ago=2 * DAY, soreness=5, note="as it was", regions=["lower-left"], offset_minutes=60).entry
    for pain, version in ((6, 1), (7, 2)):
        said = entries.said(kept) | {"pain": pain, "note": f"version {version}", "low_mood": 2}
        kept = entries.amend(by=ana, now=now - DAY, entry=kept, version=version, **said)
    entries.withdraw(by=ana, now=now, entry=log(ana, 0, ago=DAY, compared="better", good=["slept_well"]).entry)
    log(ana, 9, ago=timedelta(hours=2), red_flags=["breathing", "fever"], dizziness=0, bruising=3, compared="worse")
    return ana


@pytest.fixture
def made(rich, now):
    return bundle(document(rich, now), pseudonym(rich))


def of_type(made, kind):
    return [entry["resource"] for entry in made["entry"] if entry["resource"]["resourceType"] == kind]


def test_each_resource_is_valid_and_so_is_each_binding(made, figure):
    for resource in [made, *(entry["resource"] for entry in made["entry"])]:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    wrong, looked = unbound(made)
    figure("codes of a FHIR bundle against a binding", len(wrong), looked)
    assert wrong == []
    assert looked > 50


def test_control_a_status_that_the_models_let_pass_is_found_by_the_bindings(made):
    observation = of_type(made, "Observation")[0]
    observation["status"] = "done"
    get_fhir_model_class("Observation").model_validate(observation)
    assert unbound(made)[0] == [("Observation.status", "done")]


def test_what_is_referred_to_is_there(made):
    there = {entry["fullUrl"] for entry in made["entry"]}
    assert len(there) == len(made["entry"])
    assert set(re.findall(r'"reference": "([^"]+)"', json.dumps(made))) <= there


def test_pain_is_a_public_number_with_its_clock(made, now):
    pain = [one for one in of_type(made, "Observation") if one["code"]["coding"][-1]["code"] == "pain"]
    assert [one["code"]["coding"][0]["code"] for one in pain] == ["72514-3"] * 3
    assert [one["valueInteger"] for one in pain] == [7, 0, 9]
    assert [one["status"] for one in pain] == ["amended", "entered-in-error", "final"]
    assert pain[0]["effectiveDateTime"] == "2026-03-08T13:00:00+01:00"
    assert datetime.fromisoformat(pain[0]["issued"]) == now


def test_open_flags_are_flags_with_a_priority(made, rich):
    waiting = Flag.objects.of(rich).waiting().filter(withdrawn_at=None)
    assert {flag["id"] for flag in of_type(made, "Flag")} == {str(flag.pk) for flag in waiting}
    assert "red-flag" in {flag["code"]["coding"][0]["code"] for flag in of_type(made, "Flag")}


def test_a_patient_is_a_pseudonym_without_a_name_or_an_address(made, rich):
    text = json.dumps(made)
    assert rich.name not in text
    assert rich.email not in text
    assert pseudonym(rich) == pseudonym(rich)
    assert "Paula Pinho" in text  # who gave a session is said


def test_it_reads_back_as_the_document_it_was_made_of(made, rich, now):
    there = document(rich, now)
    back = document_of(json.loads(json.dumps(made)), rich.name)
    assert digest(back["settle"]) == digest(there["settle"]) == back["settle"]["digest"]
    settle = back.pop("settle")
    assert there["settle"] | settle == there["settle"]
    del there["settle"]
    by_id = {"key": lambda row: row["id"]}
    for key in ("sessions", "entries"):
        assert sorted(back.pop(key), **by_id) == sorted(there.pop(key), **by_id)
    assert back == there
    read(back, None)


def test_it_is_written_piece_by_piece(made, rich, now):
    pieces = [*as_fhir(rich, now)]
    assert json.loads("".join(pieces)) == made
    assert len(pieces) == len(made["entry"]) + 2


def test_the_same_diary_gives_the_same_bundle(rich, now):
    one, other = (bundle(document(rich, at), pseudonym(rich)) for at in (now, now + DAY))
    assert one["timestamp"] != other["timestamp"]
    assert one | {"timestamp": ""} == other | {"timestamp": ""}


@pytest.mark.parametrize(
    "change",
    [
        lambda made: of_type(made, "Observation")[0].update(valueInteger=1),
        lambda made: of_type(made, "QuestionnaireResponse")[1]["item"][1]["answer"][0].update(valueInteger=1),
        lambda made: of_type(made, "QuestionnaireResponse")[1]["item"][0].update(linkId="mood"),
        lambda made: of_type(made, "QuestionnaireResponse")[1].update(status="entered-in-error"),
        lambda made: of_type(made, "Procedure")[0]["performedPeriod"].update(end="0001-01-01T00:00:00+09:00"),
        lambda made: made["entry"].pop(0),
        lambda made: made.update(identifier={"system": "urn:other", "value": "1"}),
        lambda made: made.update(entry="none"),
    ],
)
def test_a_changed_bundle_is_refused(made, rich, change):
    change(made)
    with pytest.raises(InvalidBundle):
        document_of(made, rich.name)


@pytest.mark.parametrize("thing", [None, [], "x", {}, {"resourceType": "Bundle"}, {"resourceType": "Patient"}])
def test_anything_else_is_refused_in_words(thing):
    with pytest.raises(InvalidBundle):
        document_of(thing, "")


def test_every_name_of_ours_is_documented():
    said = (DOCS / "fhir.md").read_text(encoding="utf-8")
    urns = {name: value for name, value in vars(codes).items() if str(value).startswith("urn:uuid:")}
    assert len(urns) == 14
    assert [name for name, urn in urns.items() if said.count(urn) != 1] == []
    questions = {question.name for question in (*codes.ENTRY, *codes.BACKGROUND)}
    assert [name for name in questions if f"`{name}`" not in said] == []


def test_control_a_field_left_out_is_noticed(made, rich):
    for response in of_type(made, "QuestionnaireResponse"):
        response["item"] = [item for item in response.get("item", []) if item["linkId"] != "note"]
    back = document_of(made, rich.name)["settle"]
    assert digest(back) != back["digest"]


def test_the_pseudonym_is_a_uuid_of_the_fourth_kind(ana):
    assert UUID(str(pseudonym(ana))).version == 4
