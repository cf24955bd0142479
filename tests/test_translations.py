"""How each language says what English says: the same numbers, the same stops, its own signs; and where English has one
word for two things, or one form for two places.
"""

import re

import pytest
from django.utils import translation

from diary.actions import shares
from diary.management.commands.messages import read, translated_to
from diary.models import User
from diary.views.worklist import age
from tests.test_languages import all_of

pytestmark = pytest.mark.engineless
LANGUAGES = translated_to()
STOPS = {"。": ".", "！": "!", "？": "?", "：": ":"}
QUOTES = {"de": ("„", "“", "«»”"), "es": ("«", "»", "„“”"), "zh-hans": ("“", "”", "„«»")}
HAN = "[\u4e00-\u9fff]"
APART = re.compile(rf"{HAN} (?:\d+(?![\d:.]* ?[A-Za-z])|%\()|(?:^|{HAN})\d+ {HAN}|\)[sd] {HAN}")
LABELLED = {"emergency %(number)s", "same day %(number)s"}  # a number to call stands after its name
AFTER_IT_A_TIME = {"Seen by %(name)s,"}  # Chinese says so
OTHER_DATES = {"10.03.2026, the day first"}


def pairs(language):
    """Yield each English sentence with each form of its translation, without its tags."""
    for message in read(language):
        for text in all_of(message) if message.id else ():
            yield message.id[-1] if message.pluralizable else message.id, re.sub("<[^>]+>", "", text)


def stop(text):
    """Return the sign that a sentence ends with: a full stop, a question, a colon, or none."""
    bare = re.sub("<[^>]+>", "", text).removesuffix("Std.").rstrip()
    last = STOPS.get(bare[-1:], bare[-1:])
    return last if last in {".", "!", "?", ":", "…"} else ""


def numbers(text):
    """Return the numbers that a sentence writes in digits, whatever stands between their thousands."""
    bare = re.sub(r"%\(\w+\)[.\d]*[sdf]|\{\w+\}", "", text)
    return {re.sub(r"\D", "", one) for one in re.findall(r"\d+(?:[.,]\d{3}(?!\d))*", bare)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_ends_as_the_english_does(language):
    """A question stays one and a label keeps its colon: what stands after it fits."""
    found = [(one, text) for one, text in pairs(language) if stop(one) != stop(text) and one not in AFTER_IT_A_TIME]
    assert found == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_says_every_number_of_the_english(language):
    """112 stays 112 and 48 stays 48; a number in words may become one in digits."""
    lost = [(one, text) for one, text in pairs(language) if numbers(one) - numbers(text) and one not in OTHER_DATES]
    assert lost == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_quotes_in_the_signs_of_its_language(language):
    begins, ends, foreign = QUOTES[language]
    unlike = [text for _, text in pairs(language) if set(text) & set(foreign) or text.count(begins) != text.count(ends)]
    bare = [text for one, text in pairs(language) if text.count(begins) < one.count("“")]
    assert unlike + bare == []


def test_chinese_writes_numbers_without_blanks():
    """Latin words keep theirs."""
    assert [text for one, text in pairs("zh-hans") if APART.search(text) and one not in LABELLED] == []


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "over"), [("de", "Beendet"), ("es", "Terminado"), ("zh-hans", "已结束")])
def test_what_is_no_longer_shared_is_called_ended(signed_in, ana, now, language, over):
    """Not "end": in English one word says when a session ended and that a share is over."""
    for share in ana.shares.all():
        shares.revoke(by=ana, share=share, now=now)
    User.objects.filter(pk=ana.pk).update(language=language)
    assert f'<h2 id="ended">{over}</h2>' in signed_in(ana).get("/shares/").content.decode()


def test_how_long_a_flag_has_waited_stands_alone_in_german():
    """It is said after no "vor", which would want "Tagen"."""
    with translation.override("de"):
        assert [age("de", hours) for hours in (0, 47, 72)] == ["weniger als eine Stunde", "47 Stunden", "3 Tage"]
