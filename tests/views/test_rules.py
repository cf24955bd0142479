import inspect
import re
from datetime import timedelta

import pytest
from django.utils import translation

from diary import stating, wording
from diary.actions import intakes
from diary.clinical import thresholds
from diary.clinical.assess import RULES_VERSION
from diary.clinical.diary import DAY, HOUR, RED_FLAGS
from diary.clinical.rules import RULES
from diary.models import Flag
from tests.views.test_today import text


@pytest.fixture
def page(client, db):
    return client.get("/rules/")


@pytest.fixture
def read(page):
    return text(page)


def test_list_is_for_anybody(page, read):
    assert page.status_code == 200
    assert f"Rules version {RULES_VERSION}." in read
    assert "Try other thresholds" not in read


def test_list_costs_no_statement(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/rules/")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_list_states_each_rule_under_its_own_address(rule, page, read):
    shown = next(shown for shown in page.context["rules"] if shown["code"] == rule.code)
    assert f'id="{rule.code}"' in page.content.decode()
    assert [sentence for sentence, _ in shown["parts"]] == [
        stating.stated(stating.PARTS[rule.code][part]) for part in rule.sources if part not in RED_FLAGS
    ]
    assert all(f"{sentence} {source}" in read for sentence, source in shown["parts"])
    assert shown["levels"] == rule.levels


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_no_part_of_a_rule_is_without_its_sentence(rule):
    questions = {part for part in rule.sources if part in RED_FLAGS}
    assert set(stating.PARTS[rule.code]) == set(rule.sources) - questions


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_list_shows_the_words_of_the_flag_itself(rule, read):
    told = wording.of(Flag(rule=rule.code, symptom="soreness", code="breathing", level=4), 2)
    assert told.seen in read
    assert told.closes in read


def test_list_asks_the_eight_questions_by_their_advice(read):
    asked = [(read.index(str(words)), RED_FLAGS[code]) for code, words in wording.RED_FLAG_QUESTIONS.items()]
    assert [advice for _, advice in sorted(asked)] == ["emergency"] * 5 + ["same day"] * 3


def test_list_leads_a_practitioner_to_the_sandbox(signed_in, paula):
    assert b'href="/sandbox/"' in signed_in(paula).get("/rules/").content


def test_list_says_what_the_rules_do_not_do(read):
    assert "Nobody watches a diary as it is written" in read
    assert "They do not read what you write in notes" in read


# The numbers stand in the thresholds and nowhere else


def test_no_number_is_typed_in_a_sentence():
    sentences = re.findall(r'"([^"\n]*)"', inspect.getsource(stating).partition("PARTS:")[2])
    typed = [sentence for sentence in sentences if re.search(r"\d", sentence) and sentence not in all_parts()]
    assert sentences
    assert not typed


def all_parts():
    return {part for rule in RULES for part in rule.sources}


def test_every_number_that_a_sentence_asks_for_is_a_threshold():
    given = {name for name, value in vars(thresholds).items() if name.isupper()}
    taken = set(re.findall(r"thresholds\.([A-Z_]+)", inspect.getsource(stating)))
    used = set(re.findall(r"\{(\w+)\}", inspect.getsource(stating).partition("PARTS:")[2]))
    assert used == set(stating.VALUES)
    of_charts, of_the_engine = {"GAP", "Z_95"}, {"BUCKET", "USUAL_ANSWERS", "CARRIED_FROM"}
    assert given - taken == of_charts | of_the_engine | {"DAY", "HOUR", "MODERATE"} | ({"SEVERE"} - taken)


DURATIONS = [
    (2 * DAY, "two days"),
    (DAY, "one day"),
    (14 * DAY, "14 days"),
    (12 * HOUR, "12 hours"),
    (HOUR, "one hour"),
    (50 * HOUR, "50 hours"),
    (15 * 60, "15 minutes"),
    (60, "one minute"),
]


@pytest.mark.parametrize(("seconds", "said"), DURATIONS)
def test_a_duration_is_said_in_its_largest_unit(seconds, said):
    with translation.override("en"):
        assert stating.lasting(seconds) == said


def test_points_and_grades_are_said_in_words():
    with translation.override("en"):
        assert [stating.in_points(1), stating.in_points(3)] == ["one point", "three points"]
        assert stating.grade(3) == "severe"


def test_a_flag_and_its_review_lead_to_their_rule(signed_in, ana, paula, treat, log):
    treat(ana, by=paula, ago=timedelta(days=3))
    log(ana, 3, soreness=5)
    flag = Flag.objects.get()
    assert 'href="/rules/#lingering-reaction"' in signed_in(ana).get(f"/flags/{flag.pk}/").content.decode()
    assert 'href="/rules/#lingering-reaction"' in signed_in(paula).get(f"/worklist/{flag.pk}/").content.decode()


def test_list_calls_risen_what_is_risen_and_not_whatever_is_above_the_usual(client, ana, treat, log, now):
    intakes.save(by=ana, now=now, usual_pain=6)
    treat(ana, ago=timedelta(hours=10))
    for ago in (6, 1):
        log(ana, 7, ago=timedelta(hours=ago))
    assert not Flag.objects.exists()
    assert "Or when it has been risen for four hours." in text(client.get("/rules/"))
