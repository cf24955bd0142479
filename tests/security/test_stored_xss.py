"""What somebody typed is shown and never run: every text of the product holds payloads, and every page is read.

Each page is read by Chromium's own parser; those on which our scripts work with texts are opened too, under --full all.
"""

import pytest
from django.apps import apps
from django.db import models
from django.template import autoreload
from django.template.loaders import filesystem
from django.test import Client

from diary.models import Departure, Event, Import, Note
from tests.browser import DESKTOP, Watch, signed_in, until
from tests.security.payloads import PAYLOADS, fitting
from tests.world import CANARY, HEADER, ROWS, address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

READERS = ["ana", "paula", "admin"]
LISTS = {"diary.entry": "aftercare", "diary.treatmentsession": "aftercare", "diary.note": "earlier"}
MACHINE = {  # made by the product, never typed
    "diary.alert": set(),
    "diary.consent": {"language", "text_digest"},
    "diary.entry": {"zone"},
    "diary.event": {"actor", "stream", "verb", "salt", "texts_digest", "link"},
    "diary.flag": {"rule", "symptom", "code", "rules_version"},
    "diary.heartbeat": {"worker"},
    "diary.import": {"text", "digest"},  # a whole table: written into below
    "diary.invitation": {"token_digest", "code_digest"},
    "diary.notification": {"kind", "key", "error"},
    "diary.practice": {"time_zone"},
    "diary.practitioner": {"spoken_code", "hours_zone"},
    "diary.reminderplan": {"calendar_digest"},
    "diary.step": {"action"},
    "diary.treatmentsession": {"zone"},
    "diary.tries": {"who", "device"},
    "diary.user": {"password", "time_zone", "language"},
}
ADDRESS = '"<svg/data-zq/onload=alert(1)>"@settle.example'  # is an e-mail address


def typed_fields():
    """Yield each model of ours with the texts of it that somebody types, and how long they may be."""
    for model in apps.get_app_config("diary").get_models():
        columns = [
            field
            for field in model._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField)
            and not field.choices
            and field.name not in MACHINE.get(model._meta.label_lower, set())
        ]
        if columns:
            yield model, columns


def text_for(field, turn, key):
    """Return what somebody typed there; of addresses each its own, since they name an account."""
    if isinstance(field, models.EmailField):
        return ADDRESS.replace("<svg", f"<svg/{key}")
    return fitting(min(field.max_length or 4000, 4000), turn)


def write_everywhere(turn):
    """Put the payloads of this turn into every text of every row; return how many texts that are."""
    written = 0
    for model, columns in typed_fields():
        for row in model._base_manager.all():
            texts = {field.name: text_for(field, turn, row.pk) for field in columns}
            if model._meta.label_lower in LISTS:
                texts |= listed(row, LISTS[model._meta.label_lower], turn)
            model._base_manager.filter(pk=row.pk).update(**texts)
            written += len(texts)
    return written + write_into_tables(turn)


def write_into_tables(turn):
    """Put payloads into the notes of tables that wait to be taken in, where a table shows its first lines."""
    said = fitting(300, turn).replace('"', '""')
    tables = Import._base_manager.filter(text__contains=CANARY)
    for table in tables:
        Import._base_manager.filter(pk=table.pk).update(text=table.text.replace(CANARY, f'"{said}"'))
    return len(tables)


def listed(row, name, turn):
    one = fitting(60, turn) or fitting(80, turn)
    return {name: [earlier | {"body": one} for earlier in row.earlier] if isinstance(row, Note) else [one]}


def pages(world):
    """Yield each page with who opens it, where this person gets it."""
    for name, method, *cells in ROWS:
        for person in READERS:
            if method == "GET" and cells[HEADER[2:].index(person)] == "200":
                yield name, person, address(name, world.get(name.partition("-")[0]))


@pytest.fixture
def today_is_now(monkeypatch, now):
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


@pytest.fixture
def look(browser, live_server, request, today_is_now):
    """Return what reads and opens pages as somebody."""
    reading = Reading(browser, live_server.url, request.getfixturevalue)
    yield reading
    reading.close()


class Reading:
    """Pages read and opened; what of a text ran, or became an element, is in `wrongs`."""

    def __init__(self, browser, origin, people):
        self.browser, self.origin, self.people, self.opened, self.clients = browser, origin, people, {}, {}
        self.watch = Watch(origin)
        self.wrongs = self.watch.wrongs

    def page_of(self, person):
        if person not in self.opened:
            context = self.browser.new_context(base_url=self.origin, viewport=DESKTOP, reduced_motion="reduce")
            page = self.watch.follow(signed_in(context, self.origin, self.people(person)).new_page())
            page.on("dialog", lambda dialog: (self.wrongs.append(f"dialog: {dialog.message}"), dialog.dismiss()))
            page.on("request", lambda asked: "/zq" in asked.url and self.wrongs.append(f"asked: {asked.url}"))
            self.opened[person] = page
        return self.opened[person]

    def source(self, person, url):
        """Return a page that shows a text, "" where it shows none."""
        if person not in self.clients:
            self.clients[person] = Client()
            self.clients[person].force_login(self.people(person))
        answer = self.clients[person].get(url)
        page = answer.content.decode() if answer["Content-Type"].startswith("text/html") else ""
        return page if "data-zq" in page else ""

    def read(self, person, url, page):
        self.note(url, self.page_of(person).evaluate(PARSE, [page, THEIRS]))

    def open(self, person, url):
        self.page_of(person).goto(url)
        self.note(url, self.page_of(person).locator(THEIRS).count())

    def note(self, url, theirs):
        self.wrongs.extend([f"{url}: {theirs} elements of theirs"] if theirs else [])

    def close(self):
        for page in self.opened.values():
            page.context.close()


THEIRS = '[data-zq], [href^="javascript:"], [href*="zq.example"]:not([href^="tel:"])'
"""Elements and addresses of theirs; what was typed as a telephone number is only ever dialled."""
PARSE = "([page, theirs]) => new DOMParser().parseFromString(page, 'text/html').querySelectorAll(theirs).length"
OPENED = {"entries-show", "trends-show", "messages-show", "patients-show", "review-show", "people-show"}
EVERY = {row[0] for row in ROWS}
TURNS = [(0, OPENED), *(pytest.param(turn, EVERY, marks=pytest.mark.full) for turn in range(0, len(PAYLOADS), 12))]


@pytest.mark.asvs("V1.2.1", "V1.2.3", "V1.3.7", "V3.2.2")
@pytest.mark.parametrize(("turn", "to_open"), TURNS)
def test_nothing_that_was_typed_runs(turn, to_open, world, look, figure):
    texts, read, opened = write_everywhere(turn), 0, 0
    for name, person, url in pages(world):
        if page := look.source(person, url):
            assert "770077" not in page  # what a template would make of one of them
            look.read(person, url, page)
            read += 1
            if name in to_open:
                look.open(person, url)
                opened += 1
    seen = f"{texts} texts, {read} pages that show them, {opened} opened"
    figure("payloads that ran or became an element", len(look.wrongs), seen)
    assert look.wrongs == []
    assert read > 60
    assert opened >= len(OPENED)


def test_control_one_text_that_is_not_escaped_is_found(world, look, monkeypatch):
    """The note of an entry is put on its page as it is; the policy still keeps it from running, and says so."""
    read = filesystem.Loader.get_contents
    monkeypatch.setattr(
        filesystem.Loader,
        "get_contents",
        lambda self, origin: read(self, origin).replace("entry.note|linebreaksbr", "entry.note|safe"),
    )
    autoreload.reset_loaders()
    write_everywhere(0)
    url = address("entries-show", world["entries"])
    look.read("ana", url, look.source("ana", url))
    assert any("elements of theirs" in wrong for wrong in look.wrongs)
    look.open("ana", url)
    monkeypatch.undo()
    autoreload.reset_loaders()
    until(look.page_of("ana"), lambda: any("console" in wrong for wrong in look.wrongs))


def test_every_text_is_typed_or_made():
    """A new text field is written into above by itself; what stands as made by the product exists."""
    known = {model._meta.label_lower: {field.name for field in model._meta.fields} for model in apps.get_models()}
    assert {label: names - known[label] for label, names in MACHINE.items() if names - known[label]} == {}
    assert {Departure, Event, Note} <= {model for model, _ in typed_fields()}
