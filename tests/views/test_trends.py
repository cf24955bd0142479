import gzip
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diary.models import Entry, Flag
from tests.views.test_today import text

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


def rows(answer):
    """Return the cells of the table of entries."""
    table = re.search(r'id="readings".*?</table>', answer.content.decode(), re.DOTALL)[0]
    body = re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:]
    cells = [re.findall(r"<t[hd][ >].*?</t[hd]>", row, re.DOTALL) for row in body]
    return [[" ".join(re.sub("<[^>]+>", "", cell).split()) for cell in row] for row in cells]


def numbers(answer):
    body = gzip.decompress(answer.content) if answer.headers.get("Content-Encoding") == "gzip" else answer.content
    return json.loads(body)


# The page


def test_show_without_entries_says_so_and_what_comes_next(signed_in, ana):
    page = text(signed_in(ana).get("/trends/"))
    assert "There are no entries in the last 30 days." in page
    assert "Log how you feel" in page


def test_show_works_from_the_first_entry(signed_in, ana, log):
    log(ana, 4, ago=HOUR)
    answer = signed_in(ana).get("/trends/")
    assert "There is one entry in the last 30 days, from today: pain was 4." in text(answer)
    assert rows(answer) == [["Tue 10 Mar, 11:00", "4", "–"]]


def test_show_says_above_the_chart_what_it_shows(signed_in, ana, log):
    for pain, ago in ((3, 5 * DAY), (6, 3 * DAY), (4, DAY), (9, 60 * DAY)):
        log(ana, pain, ago=ago)
    page = text(signed_in(ana).get("/trends/"))
    sentence = "Pain was between 3 and 6 in the last 30 days; the last entry was 4, yesterday."
    assert sentence in page
    assert f'aria-label="{sentence}"' in signed_in(ana).get("/trends/").content.decode()


def test_show_says_when_pain_never_changed(signed_in, ana, log):
    log(ana, 4, ago=4 * DAY)
    log(ana, 4, ago=2 * DAY)
    page = text(signed_in(ana).get("/trends/?range=90"))
    assert "Pain was 4 in every entry of the last three months; the last was 2 days ago." in page


@pytest.mark.parametrize(("period", "count"), [("30", 1), ("90", 2), ("all", 3), ("nonsense", 1)])
def test_show_has_the_chosen_period(period, count, signed_in, ana, log):
    for ago in (HOUR, 40 * DAY, 75 * DAY):
        log(ana, 4, ago=ago)
    with time_machine.travel(datetime(2026, 3, 30, 12, tzinfo=UTC), tick=False):
        # 20 days on: one entry at 20 days, one at 60, one at 95
        answer = signed_in(ana).get(f"/trends/?range={period}")
    assert len(rows(answer)) == count
    chosen = {"nonsense": "30"}.get(period, period)
    assert f'<a href="?range={chosen}" aria-current="page">' in answer.content.decode()


def test_show_tells_the_time_in_the_patients_zone_across_a_change_of_the_clocks(signed_in, ana, log):
    """In Lisbon the clocks went forward on 29 March 2026 at 01:00 UTC."""
    after = datetime(2026, 3, 29, 12, tzinfo=UTC)
    log(ana, 5, now=after, observed_at=datetime(2026, 3, 29, 0, 59, tzinfo=UTC))
    log(ana, 6, now=after, observed_at=datetime(2026, 3, 29, 1, 0, tzinfo=UTC))
    with time_machine.travel(after, tick=False):
        answer = signed_in(ana).get("/trends/")
    assert [row[0] for row in rows(answer)] == ["Sun 29 Mar, 02:00", "Sun 29 Mar, 00:59"]


def test_show_says_what_was_written_late(signed_in, ana, log):
    log(ana, 4, ago=2 * DAY)
    assert rows(signed_in(ana).get("/trends/"))[0][0].endswith("(written a day or more later)")


def test_show_tells_how_each_session_went(signed_in, ana, log, treat):
    for day in range(1, 5):
        log(ana, 4, ago=(3 + day) * DAY)
    treat(ana, ago=3 * DAY)
    log(ana, 6, soreness=3, ago=2 * DAY)
    log(ana, 4, soreness=0, ago=26 * HOUR)
    log(ana, 4, soreness=0, ago=HOUR)
    page = text(signed_in(ana).get("/trends/"))
    assert "Since session 1, pain was 6 at most; before it, 4 was usual." in page
    assert "settled after 46 hours" in page


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([], "Nothing has been logged yet since session 1."),
        ([{}], "not known: soreness was not answered"),
        ([{"soreness": 0}], "no soreness above the usual"),
        ([{"soreness": 2}], "still sore at the last answer"),
        ([{"soreness": 2, "ago": 20 * HOUR}, {"soreness": 0}], "clear at the last answer, not yet for a day"),
    ],
)
def test_show_never_guesses_whether_soreness_settled(answers, said, signed_in, ana, log, treat):
    log(ana, 3, ago=5 * DAY)
    treat(ana, ago=DAY)
    for answer in answers:
        log(ana, 4, **{"ago": HOUR} | answer)
    assert said in text(signed_in(ana).get("/trends/"))


def test_show_draws_what_settled_with_an_answer_after_weeks_of_silence(signed_in, ana, paula, log, treat):
    treat(ana, ago=60 * DAY)
    for ago, soreness in ((59 * DAY, 4), (10 * DAY, 0), (8 * DAY, 0)):
        log(ana, 4, ago=ago, soreness=soreness)
    assert "settled after 1200 hours" in text(signed_in(ana).get("/trends/?range=90"))
    assert signed_in(paula).get(f"/patients/{ana.pk}/?range=90").status_code == 200


def test_show_says_one_time_of_what_settled_within_minutes(signed_in, ana, log, treat):
    treat(ana, ago=5 * DAY)
    for after, soreness in ((timedelta(0), 3), (HOUR / 3, 0), (2 * DAY, 0)):
        log(ana, 4, ago=5 * DAY - after, soreness=soreness)
    page = text(signed_in(ana).get("/trends/"))
    assert "settled after 1 hour" in page
    assert "settled after 0 hours" not in page


def test_show_of_days_before_the_latest_sessions_does_not_call_its_own_the_latest(signed_in, ana, log, treat, now):
    for days in (30, 20, 10):
        treat(ana, ago=days * DAY)
    log(ana, 4, ago=29 * DAY)
    page = text(signed_in(ana).get(f"/trends/?until={now - 25 * DAY:%Y-%m-%d}"))
    assert "After each session" in page
    assert "The latest 1 of" not in page


def test_show_links_each_flag(signed_in, ana, log, treat):
    treat(ana, ago=DAY)
    log(ana, 9, compared="worse", ago=HOUR)
    flag = Flag.objects.get(rule="severe-pain")
    page = signed_in(ana).get("/trends/").content.decode()
    assert f'href="/flags/{flag.pk}/"' in page
    assert "Severe pain" in page


def test_show_keeps_the_table_open_on_its_further_pages(signed_in, ana, now):
    at = [now - place * HOUR for place in range(61)]
    Entry.objects.bulk_create(Entry(patient=ana, observed_at=one, recorded_at=one, pain=4) for one in at)
    first, second = (signed_in(ana).get(f"/trends/?range=all&page={page}") for page in (1, 2))
    assert (len(rows(first)), len(rows(second))) == (60, 1)
    assert '<details class="fold" open data-fold id="readings">' in first.content.decode()
    assert '<details class="fold" open id="readings">' in second.content.decode()
    assert "range=all&amp;page=2" in first.content.decode()


def test_show_holds_nothing_of_another_diary(signed_in, ana, ben, log, treat):
    log(ana, 9, ago=HOUR)
    treat(ana, ago=DAY)
    assert "There are no entries" in text(signed_in(ben).get("/trends/"))


def test_show_asks_as_often_for_1_as_for_20_entries(signed_in, ana, log, treat):
    treat(ana, ago=3 * DAY)
    log(ana, 4, ago=HOUR)
    client = signed_in(ana)
    with CaptureQueriesContext(connection) as one:
        client.get("/trends/")
    for hours in range(2, 21):
        log(ana, 4, ago=hours * HOUR)
    treat(ana, ago=10 * DAY)
    with CaptureQueriesContext(connection) as twenty:
        client.get("/trends/")
    assert len(one) == len(twenty) <= 9


# The numbers


def test_data_is_the_patients_own(signed_in, ana, ben, log, now):
    log(ana, 7, soreness=2, ago=HOUR)
    log(ben, 1, ago=HOUR)
    at = int((now - HOUR).timestamp()) // 60
    assert numbers(signed_in(ana).get("/trends.json")) == {"minutes": [at], "pain": [7], "soreness": [2], "late": [0]}


def test_data_has_the_chosen_period(signed_in, ana, log):
    for ago in (HOUR, 40 * DAY):
        log(ana, 4, ago=ago)
    assert len(numbers(signed_in(ana).get("/trends.json"))["pain"]) == 1
    assert len(numbers(signed_in(ana).get("/trends.json?range=90"))["pain"]) == 2


def test_data_is_never_kept_by_the_browser(signed_in, ana):
    answer = signed_in(ana).get("/trends.json")
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Type"] == "application/json"


def test_data_is_one_statement_beside_those_of_signing_in(signed_in, ana, log, django_assert_num_queries):
    log(ana, 4, ago=HOUR)
    client = signed_in(ana)
    with django_assert_num_queries(3):
        client.get("/trends.json")
    for hours in range(2, 21):
        log(ana, 4, ago=hours * HOUR)
    with django_assert_num_queries(3):
        client.get("/trends.json")


def test_data_is_compressed_for_who_can_read_it_so(signed_in, ana, now):
    at = [now - day * DAY for day in range(365)]
    Entry.objects.bulk_create(Entry(patient=ana, observed_at=one, recorded_at=one, pain=4) for one in at)
    answer = signed_in(ana).get("/trends.json?range=all", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(numbers(answer)["pain"]) == 365


def test_show_does_not_call_unknown_how_long_soreness_took_where_none_was_reported(signed_in, ana, treat, log):
    treat(ana, ago=10 * DAY)
    log(ana, 3, soreness=0, ago=9 * DAY)
    assert "After no session here was soreness above the usual." in text(signed_in(ana).get("/trends/"))
    treat(ana, ago=5 * DAY)
    log(ana, 3, ago=4 * DAY)
    assert "Of no session here is it known yet" in text(signed_in(ana).get("/trends/"))
