"""The series that a browser draws: minutes, pain, soreness, and what was written late."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest

from diary import charts
from diary.actions import entries
from diary.models import Entry
from diary.periods import Period, period
from tests.people import NOW
from tests.test_charts import DAY, HOUR, trend

ALL = Period("all", None)


def series(patient, shown=ALL):
    """Return a series as the browser reads it: rows in order, minutes added up."""
    columns = json.loads(charts.series(patient, patient, shown, NOW))
    columns["minutes"] = accumulate(columns["minutes"])
    names = ("minutes", "pain", "soreness", "late")
    return sorted(zip(*(columns[name] for name in names), strict=True))


def minute(moment):
    return int(moment.timestamp()) // 60


def test_a_series_of_nothing_is_empty_columns(ana):
    assert json.loads(charts.series(ana, ana, ALL, NOW)) == {
        "minutes": [],
        "pain": [],
        "soreness": [],
        "late": [],
    }


def test_a_series_for_somebody_who_may_see_nothing_is_empty(ana, ben, paula, remy, log):
    log(ana, 4)
    seen = {person: json.loads(charts.series(person, ana, ALL, NOW))["pain"] for person in (ana, ben, paula, remy)}
    assert seen == {ana: [4], ben: [], paula: [4], remy: []}


def test_a_series_of_one_point(ana, log, now):
    log(ana, 4, soreness=2, ago=HOUR)
    assert series(ana) == [(minute(now - HOUR), 4, 2, 0)]


def test_soreness_not_answered_is_null_and_not_nought(ana, log):
    log(ana, 4)
    assert series(ana)[0][2] is None


def test_a_series_holds_every_entry_in_whatever_order_they_came(ana, log, now):
    for pain, ago in ((1, 5 * DAY), (2, HOUR), (3, 9 * DAY)):
        log(ana, pain, ago=ago)
    assert [row[:2] for row in series(ana)] == [
        (minute(now - 9 * DAY), 3),
        (minute(now - 5 * DAY), 1),
        (minute(now - HOUR), 2),
    ]


@pytest.mark.parametrize(("second", "at"), [(0, 0), (59, 0), (60, 1)])
def test_a_minute_is_whole_and_never_the_one_before(second, at, ana, log, now):
    log(ana, 4, observed_at=now - HOUR + timedelta(seconds=second))
    assert series(ana)[0][0] == minute(now - HOUR) + at


@pytest.mark.parametrize(("late", "ago"), [(0, DAY), (1, DAY + timedelta(minutes=1))])
def test_an_entry_is_late_more_than_a_day_after(late, ago, ana, log):
    log(ana, 4, ago=ago)
    assert bool(series(ana)[0][3]) is bool(late)


def test_a_withdrawn_entry_is_in_no_chart(ana, log, now):
    entries.withdraw(by=ana, now=now, entry=log(ana, 4).entry)
    assert series(ana) == []
    assert trend(ana, now).summary.count == 0


def test_a_period_cuts_the_series(ana, log, now):
    log(ana, 4, ago=31 * DAY)
    log(ana, 5, ago=30 * DAY)
    assert [row[1] for row in series(ana, period("30", now))] == [5]


def test_a_series_knows_no_clock_changes(ana, log):
    """Lisbon's clocks go forward on 29 March 2026 at 01:00 UTC: what lies six hours apart stays six hours apart."""
    spring = datetime(2026, 3, 29, 6, tzinfo=UTC)
    log(ana, 4, now=spring)
    log(ana, 5, now=spring, ago=6 * HOUR)
    first, last = series(ana)
    assert last[0] - first[0] == 6 * 60


def test_a_series_is_one_statement_for_1_and_for_20_entries(ana, log, django_assert_num_queries):
    log(ana, 4)
    with django_assert_num_queries(1):
        charts.series(ana, ana, ALL, NOW)
    for hours in range(1, 20):
        log(ana, 4, ago=hours * HOUR)
    with django_assert_num_queries(1):
        assert len(series(ana)) == 20


def test_a_year_is_at_most_2_kilobytes_on_the_wire(ana, now):
    def entry(day):
        at = now - timedelta(days=day, minutes=day * 197 % 600)
        return Entry(patient=ana, observed_at=at, recorded_at=at, pain=day * 7 % 11, soreness=day * 3 % 7)

    Entry.objects.bulk_create(entry(day) for day in range(365))
    sent = gzip.compress(charts.series(ana, ana, ALL, NOW).encode())
    assert len(series(ana)) == 365
    assert len(sent) <= 2000


def test_ten_years_are_at_most_15_kilobytes_on_the_wire(ana, now):
    def entry(day):
        at = now - timedelta(days=day, minutes=day * 197 % 600)
        return Entry(patient=ana, observed_at=at, recorded_at=at, pain=day * 7 % 11, soreness=day * 3 % 7)

    Entry.objects.bulk_create((entry(day) for day in range(3_650)), 500)
    sent = gzip.compress(charts.series(ana, ana, ALL, NOW).encode())
    assert len(series(ana)) == 3_650
    assert len(sent) <= 15_000


def test_readings_are_those_that_stand_the_oldest_first(ana, log, now):
    log(ana, 3, soreness=1, ago=2 * DAY)
    entries.withdraw(by=ana, now=now, entry=log(ana, 9, ago=DAY).entry)
    log(ana, 4, ago=HOUR)
    assert charts.readings(Entry.objects.of(ana), ALL) == [
        (now - 2 * DAY, 3, 1, True),
        (now - HOUR, 4, None, False),
    ]
