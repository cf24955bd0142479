from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary import comparing
from diary.clinical.adjustable import SAFE
from diary.clinical.rules import RULES
from diary.models import Event, Flag
from tests.digests import of_the_database
from tests.views.test_today import text

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
OWN = {"settles_within": 48 * 3600, "severe_pain": 7, "multiple_sessions": 3}


def tried(client, **thresholds):
    return client.get("/sandbox/", OWN | thresholds)


@pytest.fixture
def sore(ana, paula, treat, log):
    """Ana was sore 50 hours after a session, and clear from the fourth day on."""
    treat(ana, by=paula, ago=10 * DAY, pain_before=3)
    log(ana, 3, soreness=5, ago=10 * DAY - 50 * HOUR)
    log(ana, 3, soreness=0, ago=7 * DAY)
    log(ana, 3, soreness=0, ago=5 * DAY)
    return Flag.objects.get(rule="lingering-reaction")


def test_show_asks_before_it_reads(signed_in, paula, sore):
    client = signed_in(paula)
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/sandbox/")
    assert page.context["trial"] is None
    assert not any("diary_entry" in query["sql"] for query in asked.captured_queries)
    assert 'value="172800" checked' in page.content.decode()


def test_show_under_the_rules_own_numbers_changes_nothing(signed_in, paula, sore):
    page = tried(signed_in(paula))
    assert "No flag would be another" in text(page)
    assert page.context["lines"] == [("lingering-reaction", "review", 1, 1)]


def test_show_tells_which_flag_would_not_have_been(signed_in, paula, ana, sore):
    page = tried(signed_in(paula), settles_within=54 * 3600)
    read = text(page)
    assert page.context["lines"] == [("lingering-reaction", "review", 1, 0)]
    assert "1 flag would be another" in read
    assert "Ana Alves" in read
    assert "Lingering reaction: Soreness" in read
    assert f'href="/worklist/{sore.pk}/"' in page.content.decode()


def test_show_tells_a_flag_of_another_kind_that_would_have_been(signed_in, paula, ana, treat, log):
    treat(ana, by=paula, ago=10 * DAY, pain_before=3)
    log(ana, 3, soreness=5, ago=10 * DAY - 50 * HOUR)
    page = tried(signed_in(paula), settles_within=72 * 3600)
    assert ("silence", "notice", 0, 1) in page.context["lines"]
    assert f'href="/patients/{ana.pk}/"' in page.content.decode()


def test_show_tells_a_flag_that_would_have_come_later(signed_in, paula, ana, treat, log):
    treat(ana, by=paula, ago=10 * DAY, pain_before=3)
    log(ana, 3, soreness=5, ago=10 * DAY - 50 * HOUR)
    log(ana, 3, soreness=5, ago=10 * DAY - 80 * HOUR)
    page = tried(signed_in(paula), settles_within=72 * 3600)
    assert page.context["lines"] == [("lingering-reaction", "review", 1, 1)]
    (one,) = page.context["differences"]
    assert (one["later"] - one["fired_at"], one["before"], one["after"]) == (30 * HOUR, "review", "review")


def test_show_moves_severe_pain_and_the_number_of_sessions(signed_in, paula, ana, treat, log):
    treat(ana, by=paula, ago=20 * DAY, pain_before=2)
    log(ana, 7, ago=19 * DAY, compared="worse")
    treat(ana, by=paula, ago=13 * DAY, pain_before=5)
    log(ana, 5, soreness=0, ago=10 * DAY)
    client = signed_in(paula)
    assert ("severe-pain", "priority", 1, 0) in tried(client, severe_pain=8).context["lines"]
    assert ("worsening-course", "priority", 0, 1) in tried(client, multiple_sessions=2).context["lines"]


@pytest.mark.parametrize("thresholds", [{"settles_within": 24 * 3600}, {"severe_pain": 5}, {"multiple_sessions": "x"}])
def test_show_refuses_what_is_not_safe(signed_in, paula, sore, thresholds):
    page = tried(signed_in(paula), **thresholds)
    assert "outside the safe range" in text(page)
    assert page.context["trial"] is None


def test_show_writes_nothing_and_opens_no_diary(signed_in, paula, sore):
    client = signed_in(paula)
    before = of_the_database()
    for name, values in SAFE.items():
        for value in values:
            assert tried(client, **{name: value}).status_code == 200
    assert of_the_database() == before
    assert not Event.objects.reads().exists()


@pytest.mark.parametrize("person", ["remy", "former", "newcomer"])
def test_show_reads_no_diary_that_is_not_shared(signed_in, request, sore, person):
    page = tried(signed_in(request.getfixturevalue(person)), settles_within=54 * 3600)
    assert page.context["trial"].read == 0
    assert "Ana" not in text(page)


def test_show_compares_what_fired_within_a_year(signed_in, paula, ana, treat, log, now):
    then = now - 400 * DAY
    treat(ana, by=ana, ago=400 * DAY, pain_before=3)
    log(ana, 3, soreness=5, ago=400 * DAY - 50 * HOUR)
    assert Flag.objects.get(rule="lingering-reaction").fired_at == then + 50 * HOUR
    assert tried(signed_in(paula), settles_within=54 * 3600).context["lines"] == []


def test_show_names_what_it_leaves_out(signed_in, paula, ana, join, log, treat, monkeypatch):
    treat(ana, by=paula, ago=5 * DAY)
    second = join("Bea Bom", "patient", by=paula)
    log(second, 3)
    monkeypatch.setattr(comparing, "PATIENTS", 1)
    page = tried(signed_in(paula))
    assert (page.context["trial"].read, page.context["trial"].left_out) == (1, 1)
    assert "1 diary is left out" in text(page)


def test_show_reads_so_many_entries_and_always_one_diary(signed_in, paula, ana, join, log, monkeypatch):
    second = join("Bea Bom", "patient", by=paula)
    for patient in (ana, second):
        for hours in (1, 2):
            log(patient, 3, ago=hours * HOUR)
    monkeypatch.setattr(comparing, "ENTRIES", 3)
    assert tried(signed_in(paula)).context["trial"].read == 1
    monkeypatch.setattr(comparing, "ENTRIES", 4)
    assert tried(signed_in(paula)).context["trial"].read == 2


def test_show_takes_as_many_statements_for_one_diary_as_for_ten(
    signed_in, paula, sore, join, log, django_assert_num_queries
):
    client = signed_in(paula)
    with CaptureQueriesContext(connection) as one:
        tried(client, settles_within=54 * 3600)
    for number in range(9):
        log(join(f"P{number} Person", "patient", by=paula), 3)
    with django_assert_num_queries(len(one)):
        tried(client, settles_within=54 * 3600)


def test_every_rule_and_level_has_its_line():
    assert [(rule.code, level) for rule in RULES for level in rule.levels] == comparing.LINES


def test_what_fired_at_one_instant_is_paired_before_what_moved():
    about = ("severe-pain", "s", "", "")
    early, late = comparing.Told(about, 1, "priority"), comparing.Told(about, 9, "priority")
    assert list(comparing.pairs([early, late], [late])) == [(late, late), (early, None)]
    assert list(comparing.pairs([early], [late])) == [(early, late)]
    assert [pair.differs for pair in comparing.pairs([early, late], [late])] == [False, True]


def test_a_worsening_course_is_the_same_whichever_session_it_fired_at():
    second, third = (
        comparing.Told(("worsening-course", id, "", ""), at, "priority") for id, at in (("b", 2), ("c", 3))
    )
    assert list(comparing.pairs([third], [second])) == [(third, second)]
