"""Whatever is sent to whatever form: never an error of ours, never half of it saved, and what was typed given back."""

from collections import Counter
from html import unescape
from html.parser import HTMLParser
from urllib.parse import quote, quote_from_bytes, urlencode
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.http import HttpResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diary.models import Cover, Entry, Event, Message, Note, Share, Step, TreatmentSession
from tests.security.asked import let_in
from tests.security.entrance import ENTRANCE
from tests.security.test_matrix import NAMES, ask
from tests.world import address

pytestmark = pytest.mark.django_db

KEPT = "kept as typed"
NASTY = [
    *("", " ", "0", "-1", "3.5", "1e309", "NaN", "9" * 400, "-" + "9" * 30, "５", "٣", "1_000", "0x10", "three"),
    *("\0", "a\0b", "\u202ecba", "\ufeff", "\u2028", "a\r\nBcc: x@y.example", "\x1b[31m", "🫥" * 60, "e\u0301" * 50),
    *("<script>", "{{ 7|add:1 }}", "' OR 1=1 --", "%s%n", "../../etc/passwd", "//evil.example", "javascript:x"),
    *(
        "2026-02-29",
        "2026-03-29T02:30",
        "0000-00-00",
        "9999-12-31T23:59",
        "9999-12-31",
        "0001-01-01",
        "0001-01-01T00:00+14:00",
        "1900-01-01T00:00",
        "24:61",
        "Mars/Olympus",
    ),
    *(str(UUID(int=0)), "not-a-uuid", "true", "None", "[]", '{"a": 1}', "x" * 10_000, "\n" * 500),
]
BYTES = [
    b"\xed\xa0\x80",
    b"\xff\xfe",
    b"\xc0\xaf",
    b"%zz",
    b"\xf4\x90\x80\x80",
]
"""No UTF-8: half a pair, too long, too far."""
QUERIES = ["page", "q", "status", "show", "of", "as", "since", "until", "period", "pdf", "next"]
HEADERS = ["HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT", "HTTP_REFERER", "HTTP_ORIGIN", "HTTP_X_FORWARDED_FOR"]
COUNTED = [Entry, TreatmentSession, Message, Note, Share, Step, Cover]


class Forms(HTMLParser):
    """The forms of a page: what each sends when nothing is typed, and the fields that take words."""

    def __init__(self, url):
        super().__init__()
        self.url, self.found, self.form = url, [], None

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "form":
            posts = (said.get("method") or "").lower() == "post"
            self.form = {"url": said.get("action") or self.url, "fields": {}, "words": set()} if posts else None
            self.found += [self.form] if posts else []
        elif self.form is not None and (name := said.get("name")) and name != "csrfmiddlewaretoken":
            self.field(tag, name, said)

    def field(self, tag, name, said):
        kind = said.get("type", "text")
        if kind not in {"checkbox", "radio"} or "checked" in said:
            self.form["fields"][name] = said.get("value") or ""
        else:
            self.form["fields"].setdefault(name, "")
        if tag == "textarea":
            self.form["words"].add(name)

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def forms(hall):
    """Return every form that these people get, with who; the same form on several pages once."""
    found = {}
    pages = {name: address(name, hall.things.get(name.partition("-")[0])) for name in NAMES}
    for name, url in (pages | {url: url for url in ENTRANCE if url.startswith("/accounts/")}).items():
        for person in let_in(name):
            answer = ask(hall, person, "GET", url)
            if answer.get("Content-Type", "").startswith("text/html") and answer.status_code == 200:
                reader = Forms(url)
                reader.feed(answer.content.decode())
                for form in reader.found:
                    found.setdefault((person, form["url"], *sorted(form["fields"])), form | {"person": person})
    return [*found.values()]


VALUES = st.sampled_from(NASTY) | st.text(max_size=40) | st.integers().map(str)


def encoded(pairs):
    """Return a body, and of what no string can hold its bytes."""
    return "&".join(
        f"{quote(name)}={quote_from_bytes(value) if isinstance(value, bytes) else quote(value, errors='surrogatepass')}"
        for name, value in pairs
    ).encode()


def counts():
    return [model.objects.count() for model in COUNTED]


def wrongs(form, body, answer, before, after, events):
    """Return what is wrong with an answer."""
    where = f"{form['person']} {form['url']} {body[:300]!r}: {answer.status_code}"
    changed = before != after
    found = [f"{where} is an error"] if answer.status_code >= 500 else []
    found += [f"{where} and something was saved"] if changed and 400 <= answer.status_code < 500 else []
    found += [f"{where}, saved without its event"] if changed and not events else []
    page = unescape(answer.content.decode()) if not answer.streaming else ""
    lost = answer.status_code in {200, 409, 422} and not changed and KEPT.encode() in body and KEPT not in page
    return found + ([f"{where}, what was typed is gone"] if lost else [])


def sent(hall, form, data):
    """Send a form with some fields otherwise than it offers them; return the body and what was wrong."""
    typed = dict(form["fields"])
    names = sorted(typed)
    for name in data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True)) if names else ():
        typed[name] = data.draw(VALUES | st.sampled_from(BYTES))
    for name in form["words"]:
        typed[name] = f"{KEPT} {typed[name]}" if isinstance(typed[name], str) else typed[name]
    again = [*{*names} - form["words"], "role"]  # of a field sent twice the last counts: words are typed into one
    pairs = [*typed.items(), *data.draw(st.lists(st.tuples(st.sampled_from(sorted(again)), VALUES), max_size=1))]
    body = encoded(pairs).replace(quote(KEPT).encode(), urlencode({"": KEPT})[1:].encode())
    return answered(hall, form, body)


def answered(hall, form, body):
    before, events = counts(), Event.objects.count()
    with transaction.atomic():
        answer = hall.ask(form["person"], "POST", form["url"], body)
        after, said = counts(), Event.objects.count() - events
        transaction.set_rollback(True)
    return wrongs(form, body.replace(b"+", b" "), answer, before, after, said), answer


few_and_many = pytest.mark.parametrize("times", [240, pytest.param(10_000, marks=pytest.mark.full)])
quietly = {"deadline": None, "database": None, "suppress_health_check": [*HealthCheck]}


@pytest.mark.asvs("V1.4.2", "V2.2.1", "V2.2.2", "V1.3.3")
@few_and_many
def test_whatever_a_form_is_sent(times, hall, figure):
    known, found, statuses = forms(hall), [], Counter()

    @settings(max_examples=times, **quietly)
    @given(st.data())
    def send(data):
        form = data.draw(st.sampled_from(known))
        wrong, answer = sent(hall, form, data)
        statuses[answer.status_code] += 1
        found.extend(wrong)

    send()
    kinds = ", ".join(f"{number} x {status}" for status, number in sorted(statuses.items()))
    figure("forms answered with an error, half saved or given back empty", len(found), f"{len(known)} forms: {kinds}")
    assert found == []
    assert len(known) > 60


@pytest.mark.asvs("V1.2.4", "V1.4.2")
@few_and_many
def test_whatever_an_address_and_its_headers_hold(times, hall, figure):
    found, asked = [], Counter()
    ids = st.sampled_from(["0", "9" * 30, "2147483648", "9223372036854775808", str(uuid4()), str(UUID(int=0)), "a"])

    @settings(max_examples=times, **quietly)
    @given(st.data())
    def look(data):
        name = data.draw(st.sampled_from(NAMES))
        url = address(name, hall.things.get(name.partition("-")[0]))
        parts = [data.draw(ids) if part and set(part) & set("0123456789") else part for part in url.split("/")]
        url = data.draw(st.sampled_from([url, "/".join(parts)]))
        query = data.draw(st.lists(st.tuples(st.sampled_from(QUERIES), VALUES | st.sampled_from(BYTES)), max_size=3))
        headers = {
            key: header(data.draw(VALUES)) for key in data.draw(st.sets(st.sampled_from(HEADERS[:-1]), max_size=2))
        }
        person = data.draw(st.sampled_from(let_in(name)))
        answer = ask(hall, person, "GET", f"{url}?{encoded(query).decode()}", **headers)
        asked[answer.status_code] += 1
        found.extend([f"{person} {url}?{query} {headers}: {answer.status_code}"] if answer.status_code >= 500 else [])

    look()
    figure("addresses answered with an error", len(found), ", ".join(f"{n} x {s}" for s, n in sorted(asked.items())))
    assert found == []


def header(value):
    """Return a value as a server hands it on: one line, each byte a sign."""
    return " ".join(value.split()).replace("\0", "").encode()[:2000].decode("latin-1")


def test_control_an_error_a_half_and_a_loss_are_found():
    form = {"person": "ana", "url": "/"}
    page = HttpResponse(KEPT)
    body = KEPT.encode()
    assert wrongs(form, body, page, [1], [1], 0) == []
    assert wrongs(form, body, HttpResponse(status=500), [1], [1], 0) != []
    assert wrongs(form, body, HttpResponse(status=404), [1], [2], 1) != []
    assert wrongs(form, body, page, [1], [2], 0) != []
    assert wrongs(form, body, HttpResponse("empty"), [1], [1], 0) != []


def test_control_a_form_that_breaks_is_found(hall, monkeypatch):
    monkeypatch.setattr("diary.actions.messages.send", lambda **said: 1 / 0)
    form = {"person": "ana", "url": address("messages-show", hall.things["messages"])}
    wrong, answer = answered(hall, form, urlencode({"id": uuid4(), "body": "x"}).encode())
    assert answer.status_code == 500
    assert wrong != []
