"""The sentences of the product: gathered from the code, kept in each language, compiled."""

import gettext
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from diary.management.commands import messages

pytestmark = pytest.mark.engineless

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext_lazy
a = _("Saved.")
b = ngettext("%(count)d entry", "%(count)d entries", 2)
c = pgettext_lazy("date format", "H:i")
d = "not said to people"
"""
PAGE = """{% load i18n %}<h1 title="{% translate 'Today' %}">{% blocktranslate trimmed count count=2 %}
{{ count }} day
{% plural %}{{ count }} days{% endblocktranslate %}</h1>
    {% include "x.html" with title=_("Trends") %}
  <p>not marked</p>"""
SAID = [
    "Saved.",
    ("%(count)d entry", "%(count)d entries"),
    "H:i",
    "Today",
    ("%(count)s day", "%(count)s days"),
    "Trends",
]


@pytest.fixture
def product(tmp_path, settings):
    """Return a product of two files, translated to German."""
    settings.BASE_DIR, settings.LANGUAGES = tmp_path, [("en", "English"), ("de", "German")]
    (tmp_path / "diary").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "diary" / "code.py").write_text(PYTHON)
    (tmp_path / "templates" / "page.html").write_text(PAGE)
    return tmp_path


def run(**options):
    out = StringIO()
    call_command("messages", stdout=out, **options)
    return out.getvalue()


def translate(product, **by_id):
    catalog = messages.read("de")
    for message in catalog:
        said = by_id.get(message.id[0] if isinstance(message.id, tuple) else message.id)
        if said:
            message.string = said
    messages.write(catalog, "de")


def test_every_sentence_that_is_marked_is_gathered_and_no_other(product):
    gathered = [message for message in messages.gathered(product) if message.id]
    assert sorted(map(str, SAID)) == sorted(str(message.id) for message in gathered)
    assert {message.context for message in gathered if message.id == "H:i"} == {"date format"}


def test_what_is_not_translated_is_said_and_fails_the_check(product):
    assert "de: 6 sentences, 6 not translated" in run()
    with pytest.raises(CommandError, match="Not everything"):
        run(check=True)


def test_a_plural_form_that_lacks_is_not_translated(product):
    run()
    everything = {str(said): "x" for said in SAID if isinstance(said, str)}
    translate(product, **everything, **{"%(count)d entry": ("eine", ""), "%(count)s day": ("ein", "viele")})
    assert "1 not translated" in run()
    translate(product, **{"%(count)d entry": ("eine", "viele")})
    assert "0 not translated" in run(check=True)


def test_a_translation_stays_and_one_that_nobody_says_goes(product):
    run()
    translate(product, **{"Saved.": "Gespeichert.", "Today": "Heute"})
    (product / "templates" / "page.html").write_text("")
    run()
    kept = {message.id: message.string for message in messages.read("de") if message.id}
    assert kept["Saved."] == "Gespeichert."
    assert "Today" not in kept


def test_what_is_compiled_is_what_is_said(product):
    run()
    translate(product, **{"Saved.": "Gespeichert."})
    run(only_compile=True)
    with messages.path_of("de", "mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Saved.") == "Gespeichert."


def test_gathering_twice_writes_the_same(product):
    run()
    first = messages.path_of("de", "po").read_text()
    run()
    assert messages.path_of("de", "po").read_text() == first
