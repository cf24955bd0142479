"""Every sentence of the product in each of its languages, and every page in the reader's."""

import ast
import re
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from diary import urls
from diary.management.commands.messages import gathered, read, translated_to, untranslated
from diary.models import User
from tests.world import HEADER, ROWS, address

LANGUAGES = translated_to()
ASKED = {"gettext", "ngettext", "pgettext", "npgettext", "say", "_"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%%|%[sdf]|\{\w+\}|<[^>]+>")
WORDS = re.compile(r">([^<>]+)<|(?:title|aria-label|placeholder|alt)=\"([^\"]+)\"")
PAGES = [(row[0], HEADER[2 + row[2:].index("200")]) for row in ROWS if row[1] == "GET" and "200" in row[2:]]


@pytest.fixture(scope="module")
def said(request):
    """What the code says, once for all languages."""
    return gathered(request.config.rootpath)


@pytest.mark.engineless
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language, said):
    catalog = read(language)
    catalog.update(said, no_fuzzy_matching=True)
    assert [message.id for message in untranslated(catalog)] == []
    assert [message.id for message in catalog if message.id and message.fuzzy] == []


@pytest.mark.engineless
def test_a_sentence_without_a_translation_is_found(said):
    """The control."""
    catalog = read("de")
    catalog.update(said, no_fuzzy_matching=True)
    catalog.add("A sentence that nobody has translated.")
    assert [message.id for message in untranslated(catalog)] == ["A sentence that nobody has translated."]


def asked_inside_texts(source):
    """Return the sentences asked for inside an f-string, where they are not gathered."""
    inside = [
        part for text in ast.walk(ast.parse(source)) if isinstance(text, ast.JoinedStr) for part in ast.walk(text)
    ]
    return [part for part in inside if isinstance(part, ast.Call) and getattr(part.func, "id", "") in ASKED]


@pytest.mark.engineless
def test_no_sentence_stands_where_it_is_not_gathered():
    sources = Path(urls.__file__).parent.rglob("*.py")
    assert [str(path) for path in sources if asked_inside_texts(path.read_text(encoding="utf-8"))] == []
    assert asked_inside_texts("""f'<b>{escape(gettext("urgent for the patient"))}</b>'""")


@pytest.mark.engineless
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_every_placeholder_and_tag(language):
    """A singular may spell out its one: then it lacks the number, and nothing else."""
    for message in read(language):
        if not message.id:
            continue
        forms = message.id if message.pluralizable else (message.id,)
        allowed = [sorted(PLACEHOLDER.findall(form)) for form in forms]
        for text in all_of(message):
            assert sorted(PLACEHOLDER.findall(text)) in allowed, (message.id, text)


def all_of(message):
    return [message.string] if isinstance(message.string, str) else message.string


def said_on(page):
    """Return what a page says, in the pieces in which its code says them."""
    page = re.sub(r"<(script|style|svg)\b.*?</\1>", "", page, flags=re.DOTALL)
    found = (unescape(one or other).strip() for one, other in WORDS.findall(page))
    return {re.sub(r"\s+", " ", text) for text in found if re.search("[a-z]{3}", text)}


@pytest.mark.engineless  # what a page says is the same on each
@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_the_language_of_its_reader(language, world, request, monkeypatch, now, said):
    """No piece of a page is an English sentence of the product that its language says otherwise."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    otherwise = english(language, said)
    left = {}
    for name, person in PAGES:
        client = Client(headers={"Accept-Language": language})
        if person != "anonymous":
            reader = request.getfixturevalue(person)
            type(reader).objects.filter(pk=reader.pk).update(language=language)
            client.force_login(reader)
        answer = client.get(address(name, world.get(name.partition("-")[0])))
        is_page = answer.headers["Content-Type"].startswith("text/html")
        if is_page and (pieces := said_on(answer.content.decode()) & otherwise):
            left[name] = sorted(pieces)
    assert left == {}


def english(language, said):
    """Return the English sentences that the language says in other words."""
    catalog = read(language)
    whole = (message for message in said if isinstance(message.id, str) and message.id)
    return {one.id for one in whole if (found := catalog.get(one.id, one.context)) and found.string not in ("", one.id)}


@pytest.mark.engineless
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_speak_it_too(language):
    from diary.wording import RULES

    with translation.override(language):
        foreign = [str(words.rule) for words in RULES.values()]
    with translation.override("en"):
        assert not set(foreign) & {str(words.rule) for words in RULES.values()}


@pytest.mark.django_db
def test_no_page_ends_a_sentence_twice_after_what_is_abbreviated(signed_in, paula):
    User.objects.filter(pk=paula.pk).update(language="de")
    assert ".." not in re.sub("<[^>]+>", "", signed_in(paula).get("/sandbox/").content.decode())
