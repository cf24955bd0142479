"""The worklist: what each row says, and in which order."""

from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from django.urls import reverse

from diary import worklist
from diary.actions import entries, flags, intakes, messages, sessions, shares
from diary.models import Flag
from diary.views.worklist import age

pytestmark = pytest.mark.django_db
HOURS, DAYS = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def url():
    return reverse("worklist-show")


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


def test_show_knows_at_once_what_was_put_right(signed_in, paula, ana, severe, treat, log, now, url):
    """Though what a row comes to is kept, under its numbers, for the day."""
    severe(ana)
    client, [session] = signed_in(paula), ana.treatment_sessions.all()

    def shown():
        [kept] = rows(client.get(url))
        worklist.stands.cache_clear()
        assert [kept] == rows(client.get(url))
        return kept

    told = [shown()]
    sessions.amend(by=paula, now=now, session=session, version=session.version, pain_before=6)
    told.append(shown())
    log(ana, 7, ago=timedelta(minutes=40))
    told.append(shown())
    entries.withdraw(by=ana, now=now, entry=ana.entries.latest("observed_at"))
    told.append(shown())
    treat(ana, by=paula, ago=6 * DAYS)
    told.append(shown())
    assert [(row.scores, row.place) for row in told] == [
        ("usual 3 → now 8", "session 1, day 2"),
        ("usual 3 → now 8", "session 1, day 2"),
        ("usual 3 → now 7", "session 1, day 2"),
        ("usual 3 → now 8", "session 1, day 2"),
        ("usual 3 → now 8", "session 2, day 2"),
    ]
    assert [one.line != other.line for one, other in pairwise(told)] == [False, True, True, False]


def test_show_forgets_a_closed_flag(signed_in, paula, ana, severe, now, url):
    severe(ana)
    flags.handle(by=paula, now=now, flag=Flag.objects.get(), outcome="contacted")
    answer = signed_in(paula).get(url)
    assert "All quiet" in answer.content.decode()
    assert [count for _, _, count in answer.context["tabs"]] == [0, 0, 0]
    assert answer.context["settled"] == []


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


@pytest.mark.parametrize(("ago", "read"), [(3, 15), (6, 24)])
def test_show_reads_no_more_than_bears_on_it(paula, ana, treat, log, now, monkeypatch, ago, read):
    """Three weeks of ratings for a session of last week, two for one of these days: they stand where they would."""
    for days in range(1, 30):
        log(ana, days % 7, ago=days * DAYS - HOURS)
    treat(ana, by=paula, ago=ago * DAYS, pain_before=3)
    log(ana, 9, ago=HOURS, compared="worse")
    flag = next(one for one in worklist.listed(paula, now) if one.ended)
    standing = worklist.standing(flag, [], now)
    with monkeypatch.context() as patch:
        patch.setattr(worklist, "DRAWN", 60)
        all_read = next(one for one in worklist.listed(paula, now) if one.ended)
    assert len(worklist.in_time(flag.points)) == read
    assert len(worklist.in_time(all_read.points)) == 30
    assert standing == worklist.standing(all_read, [], now)


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
    with django_assert_num_queries(4):
        answer = client.get(url)
    assert len(rows(answer)) == count


def test_show_does_not_exist_for_others(signed_in, ana, admin, url):
    assert signed_in(ana).get(url).status_code == 404
    assert signed_in(admin).get(url).status_code == 404


def test_show_says_how_long_a_flag_has_waited():
    said = [age("en", hours) for hours in (0, 1, 47, 48, 72)]
    assert said == ["under an hour", "1 hour", "47 hours", "2 days", "3 days"]


# The patient's own urgency


def test_show_puts_what_is_urgent_to_the_patient_first_of_its_kind(signed_in, paula, ana, join, severe, now, url):
    people = [join(f"Nr{number} Patient", "patient", by=paula) for number in range(3)]
    for person in people:
        severe(person)
    for person, urgency in zip(people, ("can_wait", "", "urgent"), strict=True):
        if urgency:
            flags.say_urgency(by=person, now=now, flag=person.flags.get(), urgency=urgency)
    answer = signed_in(paula).get(url)
    assert rows(answer)[0].name == "Nr2 Patient"
    assert len(rows(answer)) == 3
    assert "urgent for the patient" in answer.content.decode()
    assert "can wait, says the patient" in answer.content.decode()


def test_show_escapes_whatever_a_person_is_called(signed_in, paula, ana, severe, url):
    ana.name = "<b>Ana</b>"
    ana.save()
    severe(ana)
    page = signed_in(paula).get(url).content.decode()
    assert "&lt;b&gt;Ana" in page
    assert "<b>Ana" not in page


def test_show_says_how_many_messages_wait(signed_in, paula, ana, now, url):
    client = signed_in(paula)
    assert "waits to be read" not in client.get(url).content.decode()
    messages.send(by=ana, now=now, to=paula, id=uuid4(), body="Good morning")
    assert "1 message waits to be read" in client.get(url).content.decode()
