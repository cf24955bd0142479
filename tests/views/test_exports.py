"""Everything that is kept of a patient, to take along."""

import csv
import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.utils.translation import override

from diary.actions import entries, shares
from diary.clinical.assess import assess
from diary.clinical.diary import REACTIONS
from diary.clinical.document import read
from diary.exports.table import COLUMNS, PARTS
from diary.models import Entry, Event
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
    said = json.loads(taken(signed_in, ana, "json").getvalue())
    diary, at = read(said, None, clock=0)
    assert {finding.rule for finding in assess(diary, at).findings} == {"lingering-reaction", "red-flag"}


def test_take_holds_each_text_of_the_patient_and_no_private_note(signed_in, world, ana, paula, now):
    entries.amend(by=ana, now=now, entry=world["entries"], version=1, pain=4, note="put right")
    settle = json.loads(taken(signed_in, ana, "json").getvalue())["settle"]
    assert settle["messages"][0]["body"] == CANARY
    assert settle["amendments"][0]["values"]["note"] == CANARY
    assert (settle["entries"][0]["note"], settle["intake"]["medicines"]) == ("put right", CANARY)
    assert (settle["sessions"][0]["note"], settle["sessions"][0]["response"]) == (CANARY, CANARY)
    assert "notes" not in settle
    assert settle["shares"][0]["address"] == paula.email
    assert settle["consents"][0]["text"].startswith("You keep a diary")


def test_take_holds_nothing_of_another_patient(signed_in, world, ana, ben, paula, now):
    for form in ("json", "html", "csv", "fhir"):
        assert CANARY not in taken(signed_in, ben, form).getvalue().decode()


def test_take_as_a_page_needs_nothing_else(signed_in, world, ana):
    page = taken(signed_in, ana, "html").getvalue().decode()
    assert page.count(CANARY) >= 6
    assert not re.search(r"""(?:src|href)=["'](?!#)""", page)
    assert "<script" not in page
    assert "url(" not in page


@pytest.mark.asvs("V1.2.1")
def test_take_as_a_page_escapes_what_was_typed(signed_in, ana, log):
    log(ana, 3, note="<script>alert(1)</script>")
    assert "<script" not in taken(signed_in, ana, "html").getvalue().decode()


@pytest.mark.asvs("V1.2.1")
@pytest.mark.parametrize(
    "note", ["=1+1", "+1", "-1", "@sum", "\t=1", " =1", "\r=1", "＝1", "\u00a0=1", "\u200b@a", "\f-1", "\u3000＋1"]
)
def test_take_as_a_table_holds_no_formula(signed_in, ana, log, note):
    log(ana, 3, note=note)
    (line,) = table(taken(signed_in, ana, "csv"))
    assert line["note"] == f"'{note}"


def test_take_as_a_table_has_both_clocks(signed_in, ana, log, now):
    log(ana, 3, soreness=0, ago=timedelta(hours=1))
    (line,) = table(taken(signed_in, ana, "csv"))
    assert (line["pain"], line["soreness"], line["stiffness"]) == ("3", "0", "")
    assert (line["observed_at"], line["local_time"]) == ("2026-03-10T11:00:00+00:00", "2026-03-10 11:00")


def table(answer):
    said = b"".join(answer.streaming_content).decode("utf-8-sig")
    return [*csv.DictReader(StringIO(said, newline=""))]


def test_take_as_a_table_goes_on_at_a_zone_that_this_machine_does_not_know(signed_in, ana, log, now):
    """The file ended there, half of it sent; what the clock showed is known by the offset that was kept."""
    log(ana, 4, observed_at=now, offset_minutes=-300)
    log(ana, 2, ago=timedelta(hours=1))
    Entry.objects.filter(pain=4).update(zone="America/Nuevo_Nunca")
    rows = table(taken(signed_in, ana, "csv"))
    assert {(row["pain"], row["local_time"], row["time_zone"]) for row in rows} == {
        ("4", "2026-03-10 07:00", "America/Nuevo_Nunca"),
        ("2", "2026-03-10 11:00", "Europe/Lisbon"),
    }


def test_take_as_a_table_of_chosen_columns(signed_in, ana, log, now):
    gone = log(ana, 3, ago=timedelta(hours=1), note="kept to myself", dizziness=1).entry
    entries.withdraw(by=ana, now=now, entry=gone)
    log(ana, 4, note="kept to myself", dizziness=2)
    chosen = {"form": "csv", "chosen": "yes", "parts": ["reactions", "no-such-part"]}
    (line,) = table(signed_in(ana).post("/exports/take/", chosen))
    assert [*line] == ["local_time", "pain", "soreness", *REACTIONS, "compared"]
    assert (line["pain"], line["dizziness"]) == ("4", "2")
    everything = table(signed_in(ana).post("/exports/take/", {"form": "csv", "chosen": "yes", "parts": [*PARTS]}))
    assert [*everything[0]] == [*COLUMNS]
    assert [bool(line["withdrawn_at"]) for line in everything] == [True, False]


def test_take_as_a_table_reads_a_long_diary_in_pieces(signed_in, ana, log, monkeypatch):
    monkeypatch.setattr("diary.exports.table.AT_A_TIME", 2)
    made = [str(log(ana, pain, ago=timedelta(hours=ago)).entry.pk) for pain, ago in enumerate((3, 2, 2, 2, 1))]
    said = [line["id"] for line in table(taken(signed_in, ana, "csv"))]
    assert (said[0], said[-1], set(said), len(said)) == (made[0], made[-1], set(made), len(made))


def test_take_as_a_page_reads_a_long_diary_in_pieces(signed_in, ana, log, monkeypatch):
    monkeypatch.setattr("diary.exports.document.AT_A_TIME", 2)
    for pain in range(5):
        log(ana, pain, ago=timedelta(hours=pain), note=f"note {pain}, <!--flags-->")
    page = taken(signed_in, ana, "html").getvalue().decode()
    assert [page.count(f"note {pain}, &lt;!--flags--&gt;") for pain in range(5)] == [1] * 5
    assert "Entries</a> (5)" in page
    assert "<!--" not in page


def test_take_speaks_the_language_of_who_asked(signed_in, ana, log):
    """The page is drawn while it is sent: by then another request may have another language."""
    log(ana, 3)
    ana.language = "de"
    ana.save()
    answer = signed_in(ana).post("/exports/take/", {"form": "html"})
    with override("es"):
        page = answer.getvalue().decode()
    assert 'lang="de"' in page
    assert "Schmerz" in page


def test_take_is_not_for_ever(signed_in, ana, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"export": "1/h/user"}
    taken(signed_in, ana, "json")
    assert signed_in(ana).post("/exports/take/", {"form": "json"}).status_code == 429
    assert Event.objects.about(ana.pk).filter(verb="diary-exported").count() == 1


def test_take_is_noted(signed_in, ana):
    taken(signed_in, ana, "csv")
    assert Event.objects.about(ana.pk).get(verb="diary-exported").new == "csv"


def test_take_for_record_systems_names_nobody_who_keeps_the_diary(signed_in, world, ana, now):
    answer = taken(signed_in, ana, "fhir")
    assert answer["Content-Type"] == "application/fhir+json; charset=utf-8"
    assert answer["Content-Disposition"].endswith('.fhir.json"')
    said = answer.getvalue().decode()
    assert ana.name not in said
    assert json.loads(said)["entry"][0]["resource"]["resourceType"] == "Patient"


def test_take_in_no_known_form_is_no_page(signed_in, ana):
    assert signed_in(ana).post("/exports/take/", {"form": "exe"}).status_code == 404


def test_take_names_nobody_behind_a_typed_address(signed_in, ana, remy, now):
    shares.grant(by=ana, now=now, address=remy.email)
    assert remy.name not in taken(signed_in, ana, "json").getvalue().decode()
