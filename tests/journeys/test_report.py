"""The report on paper, as a browser prints it."""

import re
from datetime import timedelta
from itertools import product

import pytest
from playwright.sync_api import expect

from diary.actions import intakes
from diary.models import Entry, User
from tests.browser import DESKTOP, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
A4 = (595, 842)  # points


@pytest.fixture(autouse=True)
def _today_is_now(monkeypatch, now):
    """Let the server stand where the tests stand."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def diary(ana, paula, log, treat, now):
    """Three months as they usually are: a session a week, an entry every second day, three flags, a background."""
    intakes.save(
        by=ana,
        now=now - 90 * DAY,
        usual_pain=4,
        conditions=["herniated_disc", "pregnancy"],
        medicines="Ibuprofen, iron",
    )
    for week in range(1, 11):
        treat(ana, by=paula, ago=week * 7 * DAY, pain_before=5, pain_after=4)
    for day in range(70, 0, -2):
        log(ana, 8 if day in (40, 20) else 4, soreness=day % 5, ago=day * DAY - 3 * HOUR, now=now)
    return ana


def pages(pdf):
    """Return the size of each page of a PDF, in points."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", pdf)
    assert len(boxes) == len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf)) > 0
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def printed(opened):
    return opened.pdf(prefer_css_page_size=True)


def test_the_usual_report_is_one_page(diary, page):
    for colours, script in product(("light", "dark"), (True, False)):
        opened = page(diary, colours=colours, java_script_enabled=script)
        opened.goto("/report/")
        assert (colours, script, pages(printed(opened))) == (colours, script, [A4])


def test_a_practitioner_prints_one_page_too(diary, paula, page):
    opened = page(paula, size=DESKTOP)
    opened.goto(f"/patients/{diary.pk}/report/")
    assert pages(printed(opened)) == [A4]


def test_nothing_is_cut_off_and_nothing_but_the_sheet_is_printed(diary, page):
    opened = page(diary, size={"width": 680, "height": 960})  # A4 within its margins, in CSS pixels
    opened.goto("/report/")
    opened.emulate_media(media="print")
    assert opened.evaluate("document.documentElement.scrollWidth") <= 680
    for wrap in opened.locator(".sheet .table-wrap").all():
        assert wrap.evaluate("box => box.scrollWidth <= box.clientWidth")
    for gone in ("h1", ".choice", ".site-head"):
        expect(opened.locator(gone).first).to_be_hidden()
    expect(opened.locator(".sheet .drawing")).to_be_visible()


@pytest.mark.parametrize("address", ["/report/", "/trends/"])
def test_a_row_of_a_table_is_a_few_lines_tall_in_chinese_too(address, diary, page):
    """Chinese may break between any two signs: a column shrank to one sign a line, a row to the height of a page."""
    User.objects.filter(pk=diary.pk).update(language="zh-hans")
    diary.refresh_from_db()
    opened = page(diary, size=PHONE)
    opened.goto(address)
    opened.locator("details").evaluate_all("all => all.forEach((one) => (one.open = true))")
    lines = "row => row.clientHeight / parseFloat(getComputedStyle(row).lineHeight)"
    assert [row.evaluate(lines) for row in opened.locator("main tr").all() if row.evaluate(lines) > 5] == []


def test_a_long_report_goes_on_on_further_pages(diary, page, now):
    at = [now - place * DAY for place in range(60)]
    Entry.objects.bulk_create(
        Entry(patient=diary, observed_at=one, recorded_at=one, pain=4, note="A long walk. " * 20) for one in at
    )
    opened = page(diary)
    opened.goto("/report/?chosen=yes&chart=on&sessions=on&flags=on&notes=on")
    found = pages(printed(opened))
    assert len(found) > 1
    assert set(found) == {A4}
    assert "earlier notes of these days are left out." in opened.locator(".sheet").inner_text()


def test_print_is_offered_where_a_script_can_print(diary, page):
    with_script, without = page(diary), page(diary, java_script_enabled=False)
    for opened in (with_script, without):
        opened.goto("/report/")
    with_script.evaluate("window.print = () => (window.printed = true)")
    with_script.get_by_role("button", name="Print").click()
    assert with_script.evaluate("window.printed")
    assert without.get_by_role("button", name="Print").count() == 0


def test_the_report_is_accessible(diary, page, axe):
    for size, colours in ((PHONE, "light"), (DESKTOP, "dark")):
        opened = page(diary, size=size, colours=colours)
        opened.goto("/report/?chosen=yes&chart=on&sessions=on&flags=on&intake=on&notes=on")
        assert (colours, axe(opened)) == (colours, [])
