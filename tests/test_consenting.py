"""Words that somebody agreed to can be read again for ever: no text of any version is ever changed or removed."""

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from diary import consenting
from diary.consenting import CURRENT, TEXTS, Agreement, current, named

# A text that differs from its digest was changed after people agreed to it: add a version instead.
KEPT = {
    (1, "en"): "1fec8db73c327b554154206a51a58a9c67a0dd2e184f1bfad16770657d355189",
    (1, "es"): "c9b20f8b615863a9f3a36c5f61200f11cc8037da4483d0d28f8026a22a96d940",
    (1, "de"): "45dc7903534833d76bc6629c84ad0c61bde1af6b68b9bf04699531b7f43c5931",
    (1, "zh-hans"): "c2b4a34a7f0c3a960ff884fd06369b734f69c4eae4fc7b36dce0777bdaca20af",
}


@pytest.mark.parametrize("key", TEXTS, ids=str)
def test_no_text_was_changed(key):
    assert Agreement(*key).digest == KEPT[key]


def test_no_text_was_removed():
    assert set(KEPT) == set(TEXTS)


def test_the_current_text_is_there_in_every_language():
    assert {language for version, language in TEXTS if version == CURRENT} == set(dict(settings.LANGUAGES))


@pytest.mark.parametrize("key", TEXTS, ids=str)
def test_a_text_names_the_page_where_it_is_taken_back_as_the_menu_does(key):
    """The text stays: it is the menu that follows."""
    with translation.override(key[1]):
        assert gettext("What I agreed to") in TEXTS[key]


def test_a_language_without_the_text_reads_english():
    assert current("pl") == current(None) == Agreement(CURRENT, "en")


@pytest.mark.parametrize("said", ["", "1", "1:", ":en", "9:en", "1:xx", "１:en", "1" * 9999 + ":en", "00019:en"])
def test_what_no_page_showed_is_taken_for_the_current_text(said):
    assert named(said, "de") == Agreement(CURRENT, "de")


def test_what_a_page_showed_is_what_was_agreed_to(monkeypatch):
    monkeypatch.setitem(consenting.TEXTS, (2, "en"), "New words.")
    monkeypatch.setattr(consenting, "CURRENT", 2)
    assert named("1:es", "en") == Agreement(1, "es")
