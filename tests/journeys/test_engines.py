"""The main job in Firefox and in WebKit, as short as it can be: all else is tested in Chromium."""

import base64
import re
import zlib
from datetime import timedelta

import pytest
from django.utils import timezone

from diary.models import Entry
from tests.engines import ENGINES, firefox
from tests.journeys.test_report import pages
from tests.people import PASSWORD

pytestmark = [pytest.mark.full, pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAIN = "input[name=pain][value='4'] + span"
NOTE = "textarea[name=note]"
INKED = """const drawn = [...document.querySelectorAll("canvas[data-drawn]")].map(
    (one) => one.getContext("2d").getImageData(0, 0, one.width, one.height).data.some(Boolean));
  return drawn.length === 2 && drawn.every(Boolean)"""
BESIDE = """const [legend, answers] = [".compact > legend", ".compact > .segments"].map(
    (one) => document.querySelector(".reveals " + one).getBoundingClientRect());
  return legend.right <= answers.left && legend.top < answers.bottom && answers.top < legend.bottom"""


@pytest.fixture(params=ENGINES)
def engine(request, tmp_path):
    with ENGINES[request.param](tmp_path) as engine:
        engine.ask("SetWindowRect", x=0, y=0, width=1280, height=1000)
        yield engine


def sign_in(engine, origin, person):
    engine.goto(f"{origin}/accounts/login/")
    engine.type("input[name=login]", person.email)
    engine.type("input[type=password]", PASSWORD)
    engine.click("form:has(input[type=password]) button")
    engine.until("return location.pathname === '/today/'")


def test_a_diary_is_written_flagged_and_drawn(engine, ana, paula, practice, treat, live_server):
    treat(ana, by=paula, now=timezone.now(), ago=timedelta(hours=30), pain_before=3)
    sign_in(engine, live_server.url, ana)
    assert engine.js(BESIDE)

    engine.click(PAIN)
    engine.click(".fold:has(textarea[name=note]) > summary")
    engine.type(NOTE, "a word that stays")
    engine.ask("Refresh")
    engine.until("return document.querySelector('[data-draft-note]:not([hidden])')?.offsetHeight")
    assert engine.js(f"return document.querySelector('{NOTE}').value") == "a word that stays"
    engine.click(".savebar button")
    engine.until("return document.querySelector('h1')?.innerText === 'Saved'")
    assert [(entry.pain, entry.note) for entry in Entry.objects.all()] == [(4, "a word that stays")]

    engine.goto(f"{live_server.url}/today/")
    engine.click(PAIN)
    engine.click(".fold:has(input[name=red_flags]) > summary")
    engine.click("input[name=red_flags]")
    engine.click(".savebar button")
    assert engine.until("return document.querySelector('.urgent a[href^=tel]')?.href") == "tel:112"
    assert engine.js("return document.activeElement.tagName") == "H1"

    engine.goto(f"{live_server.url}/trends/")
    assert engine.until(INKED)  # they move into their place


def unpacked(pdf):
    """Return what a PDF says of its pages, which Firefox packs."""
    packed = re.findall(rb"/FlateDecode.*?stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(stream) for stream in packed)


def test_a_report_is_one_page_in_firefox_too(ana, log, tmp_path, live_server):
    log(ana, 4)
    with firefox(tmp_path) as engine:
        sign_in(engine, live_server.url, ana)
        engine.goto(f"{live_server.url}/report/")
        paper = engine.ask("Print", page={"width": 21.0, "height": 29.7})
    assert len(pages(unpacked(base64.b64decode(paper)))) == 1
