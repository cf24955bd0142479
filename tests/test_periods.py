from datetime import UTC, date, datetime, timedelta

import pytest

from diary.models import Entry
from diary.periods import Period, own_period, period

DAY = timedelta(days=1)
SPRING = date(2026, 3, 29)  # Lisbon's clocks go forward at 01:00 UTC


def test_a_period_reaches_back_from_now(now):
    assert period("90", now) == Period("90", now - 90 * DAY)
    assert period("365", now) == Period("365", now - 365 * DAY)
    assert period("all", now) == Period("all", None)


@pytest.mark.parametrize("name", [None, "", "own", "17", "<script>"])
def test_a_period_of_no_name_is_the_shortest(name, now):
    assert period(name, now) == Period("30", now - 30 * DAY)


def test_own_days_are_both_included_on_the_calendar_of_the_zone():
    found = own_period(date(2026, 3, 28), SPRING, "Europe/Lisbon")
    assert (found.since, found.until) == (datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 3, 29, 23, tzinfo=UTC))


def test_own_days_may_be_open_at_either_end():
    assert own_period(None, SPRING, "UTC").since is None
    assert own_period(SPRING, None, "UTC").until is None


def test_own_days_hold_their_rows_and_no_others(ana, log, now):
    for hours in (-1, 0, 23, 24):
        log(ana, 4, observed_at=datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours))
    day = date(2026, 3, 1)
    assert own_period(day, day, "UTC").of(Entry.objects.of(ana), "observed_at").count() == 2


@pytest.mark.parametrize(
    ("shown", "query"),
    [
        (Period("90", None), "range=90"),
        (own_period(SPRING, None, "UTC"), "since=2026-03-29&until="),
        (own_period(None, SPRING, "UTC"), "since=&until=2026-03-29"),
    ],
)
def test_a_period_is_the_end_of_an_address(shown, query):
    assert shown.query == query
