from datetime import timedelta

import pytest
from django.urls import reverse

from diary.actions import entries, flags, intakes, shares
from diary.models import Flag
from diary.views.worklist import age

pytestmark = pytest.mark.django_db
HOURS, DAYS = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def url():
    return reverse("worklist-show")


@pytest.fixture
def severe(treat, log, paula):
    """Return a function that brings a patient into severe pain after a session two days ago, usual pain 3."""

    def suffered(patient):
        for days in (5, 4, 3):
            log(patient, 3, ago=days * DAYS)
        treat(patient, by=paula, ago=2 * DAYS, pain_before=3)
        log(patient, 8, ago=1 * HOURS, compared="worse")

    return suffered


def rows(answer):
    return [row for group in answer.context["groups"] for row in group.rows]


def test_show_says_what_the_rule_is_and_where_the_patient_stands(signed_in, paula, ana, severe, url):
    severe(ana)
    answer = signed_in(paula).get(url)
    [group] = answer.context["groups"]
    assert group.level == "priority"
    assert "clearly above what is usual" in str(group.rule)
    [row] = group.rows
    assert (row.name, row.place, row.scores) == ("Ana Alves", "session 1, day 2", "usual 3 → now 8")
    page = answer.content.decode()
    assert "1 flag" in page
    assert reverse("review-show", args=[Flag.objects.get().pk]) in page


def test_show_puts_the_most_pressing_first(signed_in, paula, ana, join, log, severe, url):
    severe(ana)
    urgent = join("Uma Urgent", "patient", by=paula)
    log(urgent, 2, red_flags=["fever"])
    groups = signed_in(paula).get(url).context["groups"]
    assert [(group.level, group.rows[0].name) for group in groups] == [
        ("urgent", "Uma Urgent"),
        ("priority", "Ana Alves"),
    ]


def test_show_leaves_out_notices_but_silence(signed_in, paula, ana, join, treat, log, url):
    fading = join("Fay Fading", "patient", by=paula)
    treat(fading, by=paula, ago=2.5 * DAYS)
    for days, soreness in ((2, 2), (0, 1)):
        log(fading, 2, ago=days * DAYS, soreness=soreness)
    assert fading.flags.get().level == 1
    treat(ana, by=paula, ago=5 * DAYS)
    log(ana, 2, ago=4 * DAYS, soreness=4)
    answer = signed_in(paula).get(url)
    assert [group.level for group in answer.context["groups"]] == ["notice"]
    assert "Not known whether it settled" in answer.content.decode()


def test_show_keeps_what_settled_before_anybody_looked_apart(signed_in, paula, ana, severe, log, now, url):
    severe(ana)
    later = now + 3 * DAYS
    for hours in (60, 30, 1):
        log(ana, 2, now=later, ago=hours * HOURS, soreness=0)
    answer = signed_in(paula).get(url)
    assert answer.context["groups"] == []
    assert [row["name"] for row in answer.context["settled"]] == ["Ana Alves"]
    assert "Settled since" in answer.content.decode()


def test_show_says_what_the_diary_no_longer_supports(signed_in, paula, ana, treat, log, now, url):
    treat(ana, by=paula, ago=2 * DAYS, pain_before=2)
    logged = log(ana, 9, ago=1 * HOURS)
    entries.amend(by=ana, now=now, entry=logged.entry, version=1, pain=2)
    answer = signed_in(paula).get(url)
    assert answer.context["groups"] == []
    assert "No longer supported" in answer.content.decode()


def test_show_moves_an_acknowledged_flag_to_the_seen(signed_in, paula, ana, severe, now, url):
    severe(ana)
    flags.handle(by=paula, now=now, flag=Flag.objects.get(), outcome="acknowledged")
    answer = signed_in(paula).get(url)
    assert answer.context["groups"] == []
    assert [row["name"] for row in answer.context["seen"]] == ["Ana Alves"]


def test_show_forgets_a_closed_flag(signed_in, paula, ana, severe, now, url):
    severe(ana)
    flags.handle(by=paula, now=now, flag=Flag.objects.get(), outcome="contacted")
    answer = signed_in(paula).get(url)
    assert "All quiet" in answer.content.decode()
    assert answer.context["seen"] == answer.context["settled"] == []


def test_show_all_quiet_names_the_rules(signed_in, paula, ana, url):
    page = signed_in(paula).get(url).content.decode()
    assert "All quiet" in page
    assert "A sign that needs medical care, whenever it appears." in page


def test_show_tells_the_unverified_why_they_see_nothing(signed_in, newcomer, ana, severe, now, url):
    shares.grant(by=ana, now=now, code=newcomer.practitioner.spoken_code)
    severe(ana)
    page = signed_in(newcomer).get(url).content.decode()
    assert "Your credential is not verified yet" in page
    assert "Ana Alves" not in page


@pytest.mark.parametrize("reader", ["remy", "former"])
def test_show_holds_nothing_that_is_not_shared(signed_in, request, reader, ana, severe, url):
    person = request.getfixturevalue(reader)
    severe(ana)
    assert "Ana Alves" not in signed_in(person).get(url).content.decode()


def test_show_keeps_the_usual_pain_of_an_intake_that_is_not_shared(signed_in, remy, ana, log, now, url):
    intakes.save(by=ana, now=now, usual_pain=6)
    log(ana, 2, red_flags=["head"])
    shares.grant(by=ana, now=now, code=remy.practitioner.spoken_code, with_intake=False)
    [row] = rows(signed_in(remy).get(url))
    assert row.scores == "usual – → now 2"


def test_show_knows_the_baseline_of_an_old_session(signed_in, paula, ana, treat, log, url):
    for days in (45, 44, 43):
        log(ana, 4, ago=days * DAYS)
    treat(ana, by=paula, ago=40 * DAYS)
    log(ana, 4, ago=38 * DAYS, soreness=0)
    log(ana, 9, ago=30 * DAYS, compared="worse")
    [row] = rows(signed_in(paula).get(url))
    assert row.scores == "usual 4 → now –"
    assert row.line == ""


def test_show_draws_gaps_as_gaps(signed_in, paula, ana, log, url):
    for days in (10, 9, 2, 1):
        log(ana, 5, ago=days * DAYS)
    log(ana, 5, red_flags=["head"])
    [row] = rows(signed_in(paula).get(url))
    assert row.line.count("M") == 2


@pytest.mark.parametrize("count", [1, 20])
def test_show_costs_the_same_for_one_and_for_many(
    signed_in, paula, join, severe, count, url, django_assert_num_queries
):
    for number in range(count):
        severe(join(f"Nr{number} Patient", "patient", by=paula))
    client = signed_in(paula)
    with django_assert_num_queries(3):
        answer = client.get(url)
    assert len(rows(answer)) == count


def test_show_does_not_exist_for_others(signed_in, ana, admin, url):
    assert signed_in(ana).get(url).status_code == 404
    assert signed_in(admin).get(url).status_code == 404


def test_show_says_how_long_a_flag_has_waited():
    waited = {age(time) for time in (timedelta(0), 59 * timedelta(minutes=1))}
    assert waited == {"under an hour"}
    assert [age(hours * HOURS) for hours in (1, 47, 48, 72)] == ["1 hour", "47 hours", "2 days", "3 days"]
