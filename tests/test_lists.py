"""Lists, months and labels are joined and written as the language of the reader has them, not with ASCII commas."""

from datetime import date

import pytest
from django.utils import translation
from django.utils.translation import trans_real

from diary.forms.choices import REGIONS
from diary.templatetags.said import in_words
from diary.templatetags.settle import FORMATS, leading, month
from diary.wording import in_a_row

CONTEXT = "between the items of a list\x04, "


@pytest.fixture
def _chinese(monkeypatch):
    """A catalog that joins with the mark of an enumeration and puts the year first."""
    with translation.override("zh-hans"):
        catalog = trans_real.catalog()._catalog
        monkeypatch.setattr(
            catalog, "get", lambda key, default=None, get=catalog.get: "、" if key == CONTEXT else get(key, default)
        )
        yield


@pytest.mark.usefixtures("_chinese")
def test_the_comma_of_a_list_is_the_languages():
    codes = [code for code, _label in REGIONS][:2]
    assert in_words(codes, "regions") == "、".join(in_words(code, "regions") for code in codes)


def test_in_english_it_is_a_comma():
    assert in_a_row(["one", 2]) == "one, 2"


def test_a_month_is_written_in_the_order_of_its_language():
    assert month(date(2026, 3, 10)) == "March 2026"
    assert "month" in FORMATS


@pytest.mark.parametrize(("language", "said"), [("en", "Pain:"), ("zh-hans", "Pain：")])
def test_the_colon_after_a_label_is_the_languages(language, said):
    with translation.override(language):
        assert leading("Pain") == said
        assert leading("Where?") == "Where?"
