"""How a question looks, answers, and says what is wrong."""

import re
from datetime import UTC, datetime

import pytest
from django import forms
from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils import translation

from diary.forms.entries import AmendForm, EntryForm
from diary.forms.fields import KNOWN_ADVICE, ScoreField
from diary.models import Entry, User
from diary.templatetags.settle import ask, questions

SCORES = [(str(score), str(score)) for score in range(11)]
GRADES = [("none", "none"), ("mild", "mild"), ("moderate", "moderate"), ("severe", "severe")]


class Form(forms.Form):
    pain = forms.ChoiceField(label="Pain", choices=SCORES, widget=forms.RadioSelect)
    rated = ScoreField(label="Rated", help_text="A hint.", low="no pain", high="worst")
    soreness = forms.ChoiceField(
        label="Soreness", help_text="Still there?", choices=SCORES, required=False, widget=forms.RadioSelect
    )
    stiffness = forms.ChoiceField(choices=GRADES, required=False, widget=forms.RadioSelect)
    red_flags = forms.MultipleChoiceField(
        label="Any of these?", choices=[("fever", "fever")], required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(required=False)
    agree = forms.BooleanField()
    hidden = forms.CharField(required=False, widget=forms.HiddenInput)


def drawn(template: str, name: str, data: dict | None = None) -> str:
    return render_to_string(f"crispy/{template}.html", {"field": Form(data)[name]})


def described(html: str) -> list[str]:
    found = re.search(r'aria-describedby="([^"]*)"', html)
    return found[1].split() if found else []


def test_scale_has_eleven_buttons_and_none_chosen():
    html = drawn("scale", "pain")
    assert html.count('type="radio"') == 11
    assert " checked" not in html


def test_scale_has_words_at_its_ends():
    html = drawn("scale", "rated")
    assert "0 no pain" in html
    assert "10 worst" in html
    assert described(html) == ["id_rated_ends", "id_rated_help"]


def test_scale_that_is_required_cannot_be_cleared():
    html = drawn("scale", "pain")
    assert "data-clear" not in html
    assert 'aria-required="true"' in html


def test_scale_that_is_optional_can_be_cleared():
    assert "data-clear" in drawn("scale", "soreness")


def test_scale_says_what_is_wrong_where_it_is_wrong():
    html = drawn("scale", "pain", {"pain": "11"})
    assert 'aria-invalid="true"' in html
    assert described(html) == ["id_pain_error"]
    assert '<p class="field-error" id="id_pain_error">' in html


def test_scale_is_described_by_its_hint():
    assert described(drawn("scale", "soreness")) == ["id_soreness_help"]


@pytest.mark.parametrize(
    ("template", "name"), [("scale", "soreness"), ("scale", "rated"), ("segments", "stiffness"), ("chips", "red_flags")]
)
def test_group_names_only_ids_that_it_holds(template, name):
    for data in (None, {"soreness": "x", "stiffness": "x", "red_flags": ["x"]}):
        html = drawn(template, name, data)
        assert all(f'id="{id}"' in html for id in described(html))


def test_segments_of_four_make_two_columns_on_phones():
    assert 'class="segments many"' in drawn("segments", "stiffness")


def test_chips_are_no_radio_group():
    html = drawn("chips", "red_flags")
    assert "radiogroup" not in html
    assert 'type="checkbox"' in html


def test_redflags_are_folded_until_one_is_ticked():
    assert "<details" in drawn("redflags", "red_flags")
    assert " open>" not in drawn("redflags", "red_flags")
    assert " open>" in drawn("redflags", "red_flags", {"red_flags": ["fever"]})


def test_field_says_that_it_may_be_left_out():
    assert "optional" in drawn("field", "note")


def test_field_with_a_tick_has_its_words_beside_it():
    html = drawn("field", "agree", {})
    assert html.index("<input") < html.index("Agree")
    assert 'id="id_agree_error"' in html


def test_field_that_is_hidden_is_only_an_input():
    assert drawn("field", "hidden").strip() == '<input type="hidden" name="hidden" id="id_hidden">'


def test_errors_lead_to_their_fields():
    html = render_to_string("components/errors.html", {"form": Form({"pain": "11"})})
    assert 'href="#id_pain"' in html
    assert "autofocus" in html


def test_errors_of_a_good_form_are_nothing():
    assert render_to_string("components/errors.html", {"form": Form()}).strip() == ""


@pytest.fixture
def fragments():
    """An empty store of what is drawn once."""
    caches["fragments"].clear()
    return caches["fragments"]._cache


def test_ask_draws_what_the_template_draws(fragments):
    assert ask("scale", Form()["pain"]) == drawn("scale", "pain")


def test_ask_draws_an_empty_question_once(fragments):
    assert ask("scale", Form()["pain"]) == ask("scale", Form()["pain"])
    assert len(fragments) == 1


def test_ask_keeps_nothing_that_was_sent(fragments):
    assert "secret" in ask("field", Form({"note": "secret"})["note"])
    assert not fragments


def test_ask_keeps_no_text_and_no_ticks_of_an_entry(fragments):
    form = Form(initial={"note": "secret", "red_flags": ["fever"]})
    assert "secret" in ask("field", form["note"])
    assert " checked" in ask("redflags", form["red_flags"])
    assert not fragments


def test_ask_knows_one_choice_from_another(fragments):
    for score in ("0", "7"):
        assert f'value="{score}" checked' in ask("scale", Form(initial={"pain": score})["pain"])


def test_ask_knows_one_hint_from_another(fragments):
    form = Form()
    form.fields["pain"].help_text = "Last time: 3. Still there?"
    assert "Last time" not in ask("scale", Form()["pain"])
    assert "Last time" in ask("scale", form["pain"])


def test_ask_knows_what_is_offered(fragments):
    form = Form()
    form.fields["stiffness"].choices = [("only", "only this")]
    assert "only this" not in ask("segments", Form()["stiffness"])
    assert "only this" in ask("segments", form["stiffness"])


def test_ask_knows_the_language(fragments):
    ask("field", Form()["note"])
    with translation.override("de"):
        ask("field", Form()["note"])
    assert len(fragments) == 2


NOW = datetime(2026, 3, 10, 16, tzinfo=UTC)


def form(data=None, **options):
    return EntryForm(data, now=NOW, person=User(time_zone="UTC"), **options)


def asked_again(**last):
    again = form()
    again.ask_again(dict.fromkeys(["soreness", "stiffness", "fatigue", "dizziness", "low_mood", "bruising"]) | last)
    return again


def advised(*given):
    after = form()
    after.advise(list(given))
    return after


ALIKE = [
    form,
    lambda: asked_again(soreness=3),
    lambda: asked_again(soreness=4),
    lambda: asked_again(stiffness=3),
    lambda: advised(*KNOWN_ADVICE[:1]),
    lambda: advised(*KNOWN_ADVICE[:2]),
    lambda: advised(*KNOWN_ADVICE),
    lambda: form(initial={"when": ""}),
]


def test_questions_of_forms_that_are_not_alike_are_never_taken_for_each_other(fragments):
    drawn = [render_to_string("components/questions.html", {"form": make()}) for make in ALIKE]
    assert len(set(drawn)) == len(ALIKE)
    for _ in range(2):
        assert [questions(make()) for make in ALIKE] == drawn


def test_questions_that_nobody_answered_are_drawn_once(fragments):
    assert questions(form()) == questions(form())
    before = len(fragments)
    questions(form())
    assert len(fragments) == before


def test_questions_know_the_language(fragments):
    with translation.override("de"):
        german = questions(form())
    assert german != questions(form())


@pytest.mark.parametrize(
    "answered",
    [
        lambda: form({"note": "secret"}),
        lambda: form({"aftercare": ["secret"]}),
        lambda: form(initial={"note": "secret", "when": "now"}),
        lambda: advised("secret"),
        lambda: AmendForm(
            now=NOW,
            person=User(time_zone="UTC"),
            entry=Entry(pain=3, note="secret", observed_at=NOW, zone="UTC", version=1),
        ),
    ],
    ids=["typed", "ticked", "said before", "advised", "amended"],
)
def test_questions_with_anybodys_words_are_never_kept(fragments, answered):
    assert "secret" in questions(answered())
    assert not any(b"secret" in kept for kept in fragments.values())
    assert "secret" not in questions(form())
