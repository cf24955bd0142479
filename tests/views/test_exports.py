"""Everything that is kept of a patient, to take along."""

import csv
import json
import re
from datetime import timedelta
from io import StringIO

import pytest

from diary.actions import entries, shares
from diary.clinical.assess import assess
from diary.clinical.document import read
from diary.models import Event
from tests.views.test_today import text
from tests.world import CANARY


def taken(signed_in, person, form):
    answer = signed_in(person).post("/exports/take/", {"form": form})
    assert answer.status_code == 200
    return answer


def test_show_offers_three_forms(signed_in, ana):
    read = text(signed_in(ana).get("/exports/"))
    assert "Download the page (HTML)" in read
    assert "private notes" in read


def test_take_as_json_is_what_assess_reads(signed_in, world, ana, now):
    said = json.loads(taken(signed_in, ana, "json").content)
    diary, at = read(said, None, clock=0)
    assert {finding.rule for finding in assess(diary, at).findings} == {"lingering-reaction", "red-flag"}


def test_take_holds_each_text_of_the_patient_and_no_private_note(signed_in, world, ana, paula, now):
    entries.amend(by=ana, now=now, entry=world["entries"], version=1, pain=4, note="put right")
    settle = json.loads(taken(signed_in, ana, "json").content)["settle"]
    assert settle["messages"][0]["body"] == CANARY
    assert settle["amendments"][0]["values"]["note"] == CANARY
    assert (settle["entries"][0]["note"], settle["intake"]["medicines"]) == ("put right", CANARY)
    assert (settle["sessions"][0]["note"], settle["sessions"][0]["response"]) == (CANARY, CANARY)
    assert "notes" not in settle
    assert settle["shares"][0]["address"] == paula.email
    assert settle["consents"][0]["text"].startswith("You keep a diary")


def test_take_holds_nothing_of_another_patient(signed_in, world, ana, ben, paula, now):
    for form in ("json", "html", "csv", "fhir"):
        assert CANARY not in taken(signed_in, ben, form).content.decode()


def test_take_as_a_page_needs_nothing_else(signed_in, world, ana):
    page = taken(signed_in, ana, "html").content.decode()
    assert page.count(CANARY) >= 6
    assert not re.search(r"""(?:src|href)=["'](?!#)""", page)
    assert "<script" not in page
    assert "url(" not in page


def test_take_as_a_page_escapes_what_was_typed(signed_in, ana, log):
    log(ana, 3, note="<script>alert(1)</script>")
    assert "<script" not in taken(signed_in, ana, "html").content.decode()


@pytest.mark.parametrize("note", ["=1+1", "+1", "-1", "@sum", "\t=1", " =1", "\r=1"])
def test_take_as_a_table_holds_no_formula(signed_in, ana, log, note):
    log(ana, 3, note=note)
    (line,) = csv.DictReader(StringIO(taken(signed_in, ana, "csv").content.decode("utf-8-sig"), newline=""))
    assert line["note"] == f"'{note}"


def test_take_as_a_table_has_both_clocks(signed_in, ana, log, now):
    log(ana, 3, soreness=0, ago=timedelta(hours=1))
    (line,) = csv.DictReader(StringIO(taken(signed_in, ana, "csv").content.decode("utf-8-sig")))
    assert (line["pain"], line["soreness"], line["stiffness"]) == ("3", "0", "")
    assert (line["observed_at"], line["local_time"]) == ("2026-03-10T11:00:00+00:00", "2026-03-10 11:00")


def test_take_is_noted(signed_in, ana):
    taken(signed_in, ana, "csv")
    assert Event.objects.about(ana.pk).get(verb="diary-exported").new == "csv"


def test_take_for_record_systems_names_nobody_who_keeps_the_diary(signed_in, world, ana, now):
    answer = taken(signed_in, ana, "fhir")
    assert answer["Content-Type"] == "application/fhir+json; charset=utf-8"
    assert answer["Content-Disposition"].endswith('.fhir.json"')
    assert ana.name not in answer.content.decode()
    assert json.loads(answer.content)["entry"][0]["resource"]["resourceType"] == "Patient"


def test_take_in_no_known_form_is_no_page(signed_in, ana):
    assert signed_in(ana).post("/exports/take/", {"form": "exe"}).status_code == 404


def test_show_and_take_are_for_patients(signed_in, paula):
    assert signed_in(paula).get("/exports/").status_code == 404


def test_take_names_nobody_behind_a_typed_address(signed_in, ana, remy, now):
    shares.grant(by=ana, now=now, address=remy.email)
    assert remy.name not in taken(signed_in, ana, "json").content.decode()
