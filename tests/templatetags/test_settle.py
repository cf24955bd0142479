"""The small things on a page."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template

from diary.templatetags.settle import DRAWINGS, LEVELS, ago, icon, level, moment, picks, score, section, to

INSTANT = datetime(2026, 3, 3, 16, 30, tzinfo=UTC)


class Form(forms.Form):
    one = forms.ChoiceField(choices=[(0, "none"), (1, "<b>")], required=False, widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)


def at(url_name: str) -> Context:
    return Context({"request": SimpleNamespace(resolver_match=SimpleNamespace(url_name=url_name))})


@pytest.mark.parametrize("name", LEVELS)
def test_level_is_a_shape_and_a_word(name):
    drawn = level(name)
    assert str(LEVELS[name]) in drawn
    assert DRAWINGS[name] in drawn


def test_level_of_another_name_is_an_error():
    with pytest.raises(KeyError):
        level("red")


def test_icon_is_silent():
    assert 'aria-hidden="true"' in icon("today")


def test_score_zero_is_a_score():
    assert ">0<" in score(0)


def test_score_says_of_what():
    assert "of 10" in score(7)


def test_score_not_answered_is_no_number():
    drawn = score(None)
    assert "not answered" in drawn
    assert "0" not in drawn


def test_moment_stands_on_the_clock_of_the_zone():
    assert moment(INSTANT, "Asia/Tokyo") == '<time datetime="2026-03-04T01:30:00+09:00">Wed 4 Mar, 01:30</time>'


@pytest.mark.parametrize(
    ("form", "text"),
    [("day", "Tuesday 3 March 2026"), ("time", "16:30"), ("full", "Tuesday 3 March 2026, 16:30")],
)
def test_moment_has_longer_and_shorter_forms(form, text):
    assert f">{text}<" in moment(INSTANT, ZoneInfo("UTC"), form)


def test_ago_is_the_largest_unit():
    assert ">5\N{NO-BREAK SPACE}hours<" in ago(INSTANT, INSTANT + timedelta(hours=5, minutes=40))


def test_section_is_the_first_word_of_the_url_name():
    assert section(at("entries-amend")) == "entries"


def test_section_of_an_error_page_is_nothing():
    assert section(Context()) == ""


def test_to_marks_where_one_is():
    assert to(at("entries-show"), "entries-list") == 'href="/entries/" aria-current="page"'


def test_to_elsewhere_marks_nothing():
    assert to(at("today-show"), "entries-list") == 'href="/entries/"'


def test_to_knows_further_sections():
    assert "aria-current" in to(at("review-show"), "worklist-show", "review")


def test_picks_choose_nothing_by_themselves():
    assert "checked" not in picks(Form()["one"], "radio")


def test_picks_zero_is_a_choice():
    drawn = picks(Form({"one": "0"})["one"], "radio")
    assert drawn.count(" checked") == 1
    assert 'value="0" checked' in drawn


def test_picks_keep_every_choice_of_many():
    assert picks(Form({"many": ["a", "b"]})["many"], "checkbox").count(" checked") == 2


def test_picks_escape_labels():
    assert "&lt;b&gt;" in picks(Form()["one"], "radio")


def test_picks_draw_what_was_sent_only_where_it_is_a_choice():
    drawn = picks(Form({"one": '"><script>'})["one"], "radio")
    assert "script" not in drawn
    assert "checked" not in drawn


def test_tags_are_known_to_templates():
    assert "For review" in Template('{% load settle %}{% level "review" %}').render(Context())
