import re
from datetime import timedelta
from types import SimpleNamespace

import pytest

from diary import paper
from diary.actions import intakes, shares
from diary.models import Entry, Event, Flag
from tests.views.test_today import text

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
ALL = {"chosen": "yes", "chart": "on", "sessions": "on", "flags": "on", "intake": "on", "notes": "on"}


@pytest.fixture(autouse=True)
def _today_is_now(monkeypatch, now):
    """Let the server stand where the tests stand."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def diary(ana, paula, log, treat, now):
    intakes.save(by=ana, now=now - 20 * DAY, usual_pain=3, conditions=["pregnancy"], medicines="Iron")
    treat(ana, by=paula, ago=9 * DAY, pain_before=4, pain_after=3)
    log(ana, 8, soreness=4, compared="worse", ago=9 * DAY - 3 * HOUR, note="Could not sit.")
    log(ana, 3, soreness=0, ago=2 * HOUR, note="Good day.")
    return ana


def flag_often(patient, times):
    """Raise as many flags, of one entry each."""
    for one in Entry.objects.filter(patient=patient)[:times]:
        Flag.objects.create(
            patient=patient,
            rule="red-flag",
            code="fever",
            entry=one,
            level=4,
            rules_version="1",
            fired_at=one.observed_at,
            raised_at=one.observed_at,
        )


def sheet(client, address="/report/", **query):
    """Return the words of the sheet alone."""
    page = client.get(address, query).content.decode()
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", re.search(r"<article.*?</article>", page, re.DOTALL)[0]))


def test_show_says_whose_it_is_who_made_it_when_and_in_which_zone(signed_in, diary):
    said = sheet(signed_in(diary))
    assert "Diary of Ana Alves" in said
    assert "Wednesday 10 December 2025 – Tuesday 10 March 2026" in said
    assert "Made by the patient Tuesday 10 March 2026, 12:00 All times on the clock of Europe/Lisbon" in said
    assert "Nobody reads the diary in real time." in said


def test_show_holds_chart_sessions_flags_and_background_and_no_note_until_asked(signed_in, diary):
    said = sheet(signed_in(diary))
    assert "Pain was between 3 and 8 in the last three months; the last entry was 3, today." in said
    assert re.search(r"1 · Sun 1 Mar, 12:00 Paula Pinho 4 3 4 8", said)
    assert "Severe pain · Sun 1 Mar, 15:00 . Since session 1, pain reached 7 or more, clearly above the usual" in said
    assert said.index("pregnancy") < said.index("Iron")
    assert "Could not sit." not in said
    assert "Could not sit." in sheet(signed_in(diary), **ALL)


@pytest.mark.parametrize(
    ("section", "words"),
    [("chart", "Pain was between"), ("sessions", "Paula Pinho"), ("flags", "Severe pain"), ("intake", "Iron")],
)
def test_show_leaves_out_what_is_not_chosen(section, words, signed_in, diary):
    assert words in sheet(signed_in(diary), chosen="yes", **{section: "on"})
    others = {name: "on" for name in ALL if name not in (section, "chosen")}
    assert words not in sheet(signed_in(diary), chosen="yes", **others)


def test_show_has_the_chosen_days(signed_in, diary):
    said = sheet(signed_in(diary), **ALL, since="2026-03-02", until="2026-03-10")
    assert "Monday 2 March 2026 – Tuesday 10 March 2026" in said
    assert "There is one entry from 2 March 2026 to 10 March 2026" in said
    assert "Good day." in said
    assert "Could not sit." not in said
    assert "No session in these days." in said


def test_show_holds_a_flag_that_began_before_the_days_and_goes_on(signed_in, diary, paula):
    """Severe pain of 1 March is not over on the 2nd: nobody reads there that no rule found anything."""
    days = {"since": "2026-03-02", "until": "2026-03-08"}
    for person, address in ((diary, "/report/"), (paula, f"/patients/{diary.pk}/report/")):
        client = signed_in(person)
        said = sheet(client, address, **ALL, **days)
        assert "Severe pain · Sun 1 Mar, 15:00" in said
        assert "Began before these days." in said
        assert "No rule found" not in said
        assert "Began before" not in sheet(client, address, **ALL, since="2026-03-01", until="2026-03-08")


@pytest.mark.parametrize("over", ["resolved", "closed", "withdrawn"])
def test_show_leaves_out_a_flag_that_was_over_before_the_days(signed_in, diary, now, over):
    closed = {"status": "closed", "outcome": "contacted", "handled_at": now - 5 * DAY, "handled_by": diary}
    Flag.objects.update(**(closed if over == "closed" else {f"{over}_at": now - 5 * DAY}))
    said = sheet(signed_in(diary), **ALL, since="2026-03-06", until="2026-03-08")
    assert "No rule found anything in these days." in said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"since": "2026-03-10", "until": "2026-03-01"}, "Choose a day that is not before the first."),
        ({"since": "yesterday"}, "There is no such date."),
        ({"until": "9999-12-31"}, "Choose a date from the year 2000 up to today."),
    ],
)
def test_show_says_what_is_wrong_with_the_days_and_keeps_them(days, said, signed_in, diary):
    page = signed_in(diary).get("/report/", ALL | days)
    assert said in text(page)
    assert all(f'value="{day}"' in page.content.decode() for day in days.values())


def test_show_of_an_empty_diary_says_so(signed_in, ana):
    said = sheet(signed_in(ana), **ALL)
    assert "There are no entries in the last three months." in said
    assert "No session in these days." in said
    assert "No rule found anything in these days." in said
    assert "No note in these days." in said


def test_show_begins_with_a_session_before_the_first_entry(signed_in, ana, log, treat):
    treat(ana, ago=20 * DAY, pain_before=2, pain_after=6)
    log(ana, 4, ago=2 * DAY)
    page = signed_in(ana).get("/report/", ALL | {"until": "2026-03-10"}).content.decode()
    places = re.findall(r'class="d-(?:session|flag)"[^>]* x1?="(-?[\d.]+)%"', page)
    assert len(places) == 3  # the session, what it raised at once, and the silence after it
    assert all(0 < float(place) < 100 for place in places)
    assert "Wednesday 18 February 2026" in sheet(signed_in(ana), **ALL, until="2026-03-10")


def test_show_draws_ten_years_and_says_what_it_leaves_out(signed_in, ana, treat, now):
    at = [now - place * 9 * HOUR for place in range(2_000)]
    Entry.objects.bulk_create(Entry(patient=ana, observed_at=one, recorded_at=one, pain=4, note="x") for one in at)
    for week in range(28):
        treat(ana, ago=week * 7 * DAY + HOUR)
    flag_often(ana, 53)
    said = sheet(signed_in(ana), **ALL, since="2024-01-01")
    assert f"{Flag.objects.filter(withdrawn_at=None).count() - 50} earlier flags are left out." in said
    assert "2 earlier sessions of these days are left out." in said
    assert f"{2_000 - 40} earlier notes of these days are left out." in said
    assert "From 2000 entries" in said


def test_show_holds_nothing_of_another_diary(signed_in, diary, ben):
    said = sheet(signed_in(ben), **ALL)
    assert "Ana" not in said
    assert "Severe pain" not in said


# What a practitioner makes of it


def test_a_practitioner_makes_it_and_the_look_is_noted(signed_in, diary, paula):
    said = sheet(signed_in(paula), f"/patients/{diary.pk}/report/", **ALL)
    assert "Made by Paula Pinho" in said
    assert "Could not sit." in said
    assert Event.objects.about(diary.pk).reads().filter(actor=str(paula.pk)).count() == 1


def test_a_practitioner_reads_only_the_sections_that_are_shared(signed_in, diary, remy, now):
    shares.grant(by=diary, now=now, code=remy.practitioner.spoken_code, with_notes=False, with_intake=False)
    said = sheet(signed_in(remy), f"/patients/{diary.pk}/report/", **ALL)
    assert "Severe pain" in said
    assert "Could not sit." not in said
    assert "No note in these days that is shared with you." in said
    assert "Iron" not in said
    assert "The health background is not shared with you." in said


# As a PDF, where it can be made


@pytest.fixture
def made(monkeypatch):
    """Stand in for WeasyPrint: keep what it is asked to make."""
    asked = {}

    def html(string, url_fetcher):
        def write_pdf(stylesheets):
            asked.update(page=string, fetch=url_fetcher, styles=stylesheets)
            return b"%PDF-1.7"

        return SimpleNamespace(write_pdf=write_pdf)

    fake = SimpleNamespace(HTML=html, CSS=lambda string, url_fetcher: string)
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", fake)
    monkeypatch.setattr(paper, "is_available", lambda: True)
    return asked


def test_show_hands_over_a_pdf_of_the_sheet_alone(signed_in, diary, made):
    answer = signed_in(diary).get("/report/", ALL | {"pdf": "yes"})
    assert (answer["Content-Type"], answer.content) == ("application/pdf", b"%PDF-1.7")
    assert answer["Content-Disposition"] == 'inline; filename="settle-2026-03-10.pdf"'  # no name, no complaint
    assert "Could not sit." in made["page"]
    assert "<nav" not in made["page"]
    assert "<form" not in made["page"]


def test_nothing_is_fetched_for_a_pdf(signed_in, diary, made):
    signed_in(diary).get("/report/", ALL | {"pdf": "yes"})
    assert not re.search(r"(?:src|href)=|url\(", made["page"])
    assert not any("url(" in style or "@import" in style for style in made["styles"])
    for address in ("file:///etc/passwd", "http://localhost/", "data:text/plain,x"):
        with pytest.raises(paper.NothingIsFetched):
            made["fetch"](address)


def test_show_offers_a_pdf_where_it_can_be_made(signed_in, diary, made):
    page = signed_in(diary).get("/report/", ALL).content.decode()
    assert "Open as PDF" in page
    assert "notes=on&amp;pdf=yes" in page


def test_show_says_how_to_print_where_none_can_be_made(signed_in, diary, monkeypatch):
    monkeypatch.setattr(paper, "is_available", lambda: False)
    page = signed_in(diary).get("/report/", ALL | {"pdf": "yes"})
    assert page["Content-Type"].startswith("text/html")
    assert "Open as PDF" not in text(page)
    assert "use Print in the menu of your browser" in text(page)


def test_weasyprint_is_not_loaded_until_a_pdf_is_made():
    code = "import sys, diary.paper; sys.exit('weasyprint' in sys.modules)"
    assert __import__("subprocess").run([__import__("sys").executable, "-c", code], check=False).returncode == 0


if paper.is_available():  # where the optional package is installed

    def test_weasyprint_itself_makes_it(signed_in, diary):
        answer = signed_in(diary).get("/report/", ALL | {"pdf": "yes"})
        assert answer.content.startswith(b"%PDF-")
        assert answer.content.rstrip().endswith(b"%%EOF")
