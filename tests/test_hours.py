"""Reading hours, minute by minute: what is expected is counted on a clock, not computed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from diary import hours
from diary.hours import Away, Hours, Opening
from tests.time.changes import ODD, changes_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WEEKDAYS = tuple(Opening(day, 9 * 60, 17 * 60) for day in range(5))
OFFICE = Hours("Europe/Lisbon", WEEKDAYS)
LISBON = ZoneInfo("Europe/Lisbon")
FRIDAY = datetime(2026, 3, 27, 9, tzinfo=LISBON)  # the clocks go forward on the Sunday after


@pytest.mark.parametrize(
    ("when", "is_open"),
    [((9, 0), True), ((8, 59), False), ((16, 59), True), ((17, 0), False)],
)
def test_hours_open_with_their_first_minute_and_close_before_their_last(when, is_open):
    assert hours.is_open(OFFICE, FRIDAY.replace(hour=when[0], minute=when[1])) is is_open


def test_the_next_opening_is_now_or_after_the_weekend():
    assert hours.next_opening(OFFICE, FRIDAY) == FRIDAY
    assert hours.next_opening(OFFICE, FRIDAY + 8 * HOUR) == datetime(2026, 3, 30, 9, tzinfo=LISBON)
    assert hours.next_opening(Hours("UTC"), FRIDAY) is None


def test_a_deadline_runs_only_while_open():
    assert hours.deadline(OFFICE, FRIDAY) == FRIDAY + 30 * MINUTE
    late = FRIDAY.replace(hour=16, minute=45)
    assert hours.deadline(OFFICE, late) == datetime(2026, 3, 30, 9, 15, tzinfo=LISBON)
    assert hours.deadline(Hours("UTC"), FRIDAY) is None


def test_the_hour_lost_on_sunday_costs_nobody_a_minute():
    assert hours.elapsed(OFFICE, FRIDAY, FRIDAY + 7 * DAY) == 40 * HOUR


def test_days_away_are_closed_on_the_clocks_of_the_zone():
    away = Hours("Pacific/Auckland", WEEKDAYS, (Away(date(2026, 6, 2), date(2026, 6, 3)),))
    tuesday = datetime(2026, 6, 1, 22, tzinfo=UTC)  # 10:00 on the second there
    assert hours.is_away(away, tuesday)
    assert not hours.is_open(away, tuesday)
    assert hours.is_open(away, tuesday + 2 * DAY)
    assert not hours.is_away(away, tuesday + 2 * DAY)


def test_away_until_further_notice_opens_no_more():
    assert hours.next_opening(Hours("UTC", WEEKDAYS, (Away(date(2026, 1, 1)),)), FRIDAY) is None
    assert hours.is_away(Hours("UTC", WEEKDAYS, (Away(date(2026, 1, 1)),)), FRIDAY + 3000 * DAY)


def test_several_stretches_a_day_to_the_end_of_it():
    night = Hours("UTC", (Opening(0, 22 * 60, 24 * 60), Opening(1, 0, 60), Opening(1, 120, 180)))
    monday = datetime(2026, 6, 1, 22, tzinfo=UTC)
    assert list(hours.stretches(night, monday, monday + DAY)) == [
        (monday, monday + 3 * HOUR),
        (monday + 4 * HOUR, monday + 5 * HOUR),
    ]


# Counted minute by minute around every change of the oddest zones


def clock_says(reading, at):
    """Tell from the wall clock alone whether a minute is one of reading."""
    wall = at.astimezone(ZoneInfo(reading.zone))
    minutes = wall.hour * 60 + wall.minute
    holds = [away for away in reading.away if away.holds(wall.date())]
    return not holds and any(
        opening.weekday == wall.weekday() and opening.opens <= minutes < opening.closes for opening in reading.openings
    )


def clear_of_the_change(change, at, reach):
    """Tell whether a minute is far enough from a change for the clock alone to know."""
    return abs(at.timestamp() - change.at) > reach


CHANGES = [change for zone in ODD for change in changes_of(zone)]
DRAWN_OPENINGS = st.lists(
    st.builds(
        lambda day, opens, length: Opening(day, opens, min(opens + length, 1440)),
        st.integers(0, 6),
        st.integers(0, 1439),
        st.integers(1, 900),
    ),
    max_size=12,
)


@given(st.sampled_from(CHANGES), DRAWN_OPENINGS, st.integers(-1500, 1500), st.integers(0, 1500), st.integers(0, 900))
@example(changes_of("Europe/Lisbon")[0], [Opening(6, 150, 180), Opening(6, 60, 200)], -600, 1200, 30)
@example(changes_of("Europe/Lisbon")[1], [Opening(6, 60, 120)], -600, 1200, 90)
def test_across_every_change_what_is_counted_is_what_is_computed(change, openings, start, length, open_for):
    """Elapsed, deadline and next opening are those of `is_open`, asked of each minute in turn."""
    reading = Hours(change.zone, tuple(openings))
    begins = datetime.fromtimestamp(change.at // 60 * 60, UTC) + start * MINUTE
    minutes = [begins + step * MINUTE for step in range(length)]
    opened = [at for at in minutes if hours.is_open(reading, at)]
    assert hours.elapsed(reading, begins, begins + length * MINUTE) == len(opened) * MINUTE
    due = hours.deadline(reading, begins, open_for * MINUTE)
    if 0 < open_for <= len(opened):
        assert due == opened[open_for - 1] + MINUTE
    else:
        assert due is None or open_for == 0 or due > begins + length * MINUTE
    following = hours.next_opening(reading, begins)
    assert following == opened[0] if opened else following is None or following >= begins + length * MINUTE


@given(st.sampled_from(CHANGES), DRAWN_OPENINGS, st.integers(-3000, 3000))
def test_away_from_a_change_the_clock_alone_says_who_is_open(change, openings, minutes):
    reading = Hours(change.zone, tuple(openings), (Away(date(2027, 1, 1), date(2029, 12, 31)),))
    at = datetime.fromtimestamp(change.at // 60 * 60, UTC) + minutes * MINUTE
    if clear_of_the_change(change, at, 4 * 3600):
        assert hours.is_open(reading, at) == clock_says(reading, at)


def opened_before(change):
    """Return the weekday and the minute of the day, on the clock, an hour before a change."""
    wall = (datetime.fromtimestamp(change.at, UTC) - HOUR).astimezone(ZoneInfo(change.zone))
    return wall.weekday(), wall.hour * 60 + wall.minute


FORWARD = [
    change
    for change in CHANGES
    if change.after - change.before > 30 * 60 and opened_before(change)[1] + 90 <= hours.END_OF_DAY
]


def test_no_lost_hour_takes_reading_time_from_a_stretch_that_ends_in_it():
    """Opened an hour before the change and closed half an hour after it by the old clock: ninety minutes read."""
    assert len(FORWARD) > 50
    for change in FORWARD:
        weekday, opens = opened_before(change)
        begins = datetime.fromtimestamp(change.at, UTC) - HOUR
        reading = Hours(change.zone, (Opening(weekday, opens, opens + 90),))
        assert hours.elapsed(reading, begins, begins + 6 * HOUR) == 90 * MINUTE
