"""When to ask: anchored to a session, once a day at most, never in quiet hours, weekly once it has settled."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diary.reminding import (
    GIVES_UP_AFTER,
    HEARD_WITHIN,
    LATE,
    SETTLED_FROM,
    SOON,
    WEEK,
    Answer,
    Course,
    Habits,
    check_ins,
    look_again_at,
)

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
T0 = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
UTC_HABITS = Habits("UTC")
AWAKE = Habits("UTC", quiet_from=time(0), quiet_until=time(0))


def treated(heard=None, sore=None):
    """A course after a session at T0, with an entry so many hours later; `sore` None where it did not answer."""
    at = None if heard is None else T0 + heard * HOUR
    return Course(
        began=T0 - 30 * DAY, session=T0, heard_at=at, answer=None if sore is None else Answer(at=at, sore=sore)
    )


def hours(moments):
    return [(moment - T0) / HOUR for moment in moments]


def test_after_a_session_soon_then_a_day_then_two_then_weekly():
    assert hours(check_ins(treated(), AWAKE, T0)) == [3, 24, 48, 168]


def test_the_third_day_only_while_it_is_sore():
    assert hours(check_ins(treated(30, sore=True), AWAKE, T0 + 31 * HOUR)) == [48, 72, 198]
    assert hours(check_ins(treated(30), AWAKE, T0 + 31 * HOUR)) == [48, 198]


def test_settled_is_asked_weekly():
    assert hours(check_ins(treated(24, sore=False), AWAKE, T0 + 25 * HOUR)) == [192]


def test_clear_in_the_first_hours_is_not_settled():
    before = SETTLED_FROM / HOUR - 1 / 60
    assert hours(check_ins(treated(before, sore=False), AWAKE, T0 + 20 * HOUR))[0] == 48
    assert hours(check_ins(treated(3, sore=False), AWAKE, T0 + 4 * HOUR))[:2] == [24, 48]
    assert hours(check_ins(treated(SETTLED_FROM / HOUR, sore=False), AWAKE, T0 + 21 * HOUR)) == [188]


def test_an_entry_shortly_before_a_check_in_has_answered_it():
    heard = 48 - HEARD_WITHIN / HOUR
    assert 48 in hours(check_ins(treated(heard - 0.1), AWAKE, T0 + 47 * HOUR))
    assert 48 not in hours(check_ins(treated(heard), AWAKE, T0 + 47 * HOUR))


def test_an_entry_before_the_session_answers_nothing():
    assert hours(check_ins(treated(-1), AWAKE, T0))[0] == 3
    assert 3 not in hours(check_ins(treated(0), AWAKE, T0))


def test_what_is_late_is_over_but_the_week_waits():
    assert hours(check_ins(treated(), AWAKE, T0 + 24 * HOUR + LATE - MINUTE))[0] == 24
    assert hours(check_ins(treated(), AWAKE, T0 + 24 * HOUR + LATE))[0] == 48
    long = T0 + 20 * DAY
    assert check_ins(treated(), AWAKE, long) == [long]


def test_quiet_hours_move_it_to_their_end():
    evening = Course(began=T0 - DAY, session=T0 + 10 * HOUR)  # 22:00
    assert hours(check_ins(evening, UTC_HABITS, T0 + 10 * HOUR)) == [20, 44, 68, 188]  # always at 08:00


def test_the_first_is_left_out_where_it_would_take_the_place_of_the_next():
    late = Course(began=T0 - DAY, session=T0 + 7 * HOUR)  # 19:00, asked at 22:00
    assert hours(check_ins(late, UTC_HABITS, T0 + 7 * HOUR))[0] == 31


def test_one_a_day_counts_the_last_reminder():
    habits = Habits("UTC", quiet_from=time(0), quiet_until=time(0), reminded_at=T0 + 13 * HOUR)
    assert hours(check_ins(treated(), habits, T0 + 14 * HOUR))[0] == 48


def test_without_a_session_weekly_from_the_last_entry_or_the_beginning():
    assert check_ins(Course(began=T0), AWAKE, T0 + DAY) == [T0 + WEEK]
    assert check_ins(Course(began=T0, heard_at=T0 + 3 * DAY), AWAKE, T0 + 4 * DAY) == [T0 + 10 * DAY]


def test_a_diary_left_alone_is_left_in_peace():
    asked = T0 + GIVES_UP_AFTER - WEEK
    assert check_ins(Course(began=T0), Habits("UTC", reminded_at=asked), asked + HOUR) == [asked + WEEK]
    assert check_ins(Course(began=T0), Habits("UTC", reminded_at=asked + MINUTE), asked + HOUR) == []


def test_snoozed_until_then():
    habits = Habits("UTC", quiet_from=time(0), quiet_until=time(0), snoozed_until=T0 + 30 * HOUR)
    assert hours(check_ins(treated(), habits, T0)) == [48, 168]
    week = Habits("UTC", quiet_from=time(0), quiet_until=time(0), snoozed_until=T0 + 8 * DAY)
    assert hours(check_ins(treated(), week, T0)) == [192]


def test_looks_again_at_each_anchor_though_it_seems_settled():
    settled = treated(24, sore=False)
    assert look_again_at(settled, AWAKE, T0 + 25 * HOUR) == T0 + 48 * HOUR
    assert look_again_at(settled, AWAKE, T0 + 48 * HOUR) == T0 + 72 * HOUR
    assert look_again_at(settled, AWAKE, T0 + 72 * HOUR) == T0 + 192 * HOUR
    assert look_again_at(Course(began=T0), Habits("UTC", reminded_at=T0 + 60 * DAY), T0 + 61 * DAY) is None


@pytest.mark.parametrize(
    ("zone", "quiet", "session", "expected"),
    [
        # The clocks go forward over 02:00-03:00: an end at 02:30 is at half past three.
        ("Europe/Berlin", (time(22), time(2, 30)), "2026-03-27T23:30:00+00:00", "2026-03-29T01:30:00+00:00"),
        # The clocks go back over 02:00-03:00: the second 02:10 waits for the second 02:30.
        ("Europe/Berlin", (time(22), time(2, 30)), "2026-10-24T01:10:00+00:00", "2026-10-25T01:30:00+00:00"),
    ],
)
def test_quiet_hours_end_on_days_with_an_hour_too_few_or_too_many(zone, quiet, session, expected):
    ended = datetime.fromisoformat(session)
    course = Course(began=ended - DAY, session=ended)
    moments = check_ins(course, Habits(zone, *quiet), ended + 23 * HOUR)
    assert moments[0] == datetime.fromisoformat(expected)


# What holds for every diary, as the worker lives through it


ZONES = ("Europe/Lisbon", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Chatham", "Africa/Casablanca", "UTC")
STARTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))
CLOCKS = st.integers(0, 47).map(lambda half: time(half // 2, half % 2 * 30))


@st.composite
def lives(draw):
    """Somebody's weeks: sessions and entries at some hours, and their habits."""
    start = draw(STARTS)
    habits = (draw(st.sampled_from(ZONES)), draw(CLOCKS), draw(CLOCKS))
    sessions = sorted(start + hour * HOUR for hour in draw(st.sets(st.integers(0, 400), max_size=4)))
    entries = draw(st.dictionaries(st.integers(0, 500), st.sampled_from([True, False, None]), max_size=12))
    said = sorted((start + hour * HOUR, sore) for hour, sore in entries.items())
    return start, habits, sessions, said


def course_at(start, sessions, said, now):
    """Return the course as it could be known at a moment."""
    session = max((one for one in sessions if one <= now), default=None)
    heard = [(at, sore) for at, sore in said if at <= now]
    answers = [Answer(at, sore) for at, sore in heard if sore is not None and session and at >= session]
    return Course(start, session, heard[-1][0] if heard else None, answers[-1] if answers else None)


def lived(start, habits, sessions, said, *, hours=600):
    """Return the reminders sent by a worker that looks every half hour, each with the course at that moment."""
    sent, reminded_at = [], None
    for step in range(hours * 2):
        now = start + step * 30 * MINUTE
        course = course_at(start, sessions, said, now)
        mine = Habits(*habits, reminded_at=reminded_at)
        if any(due <= now for due in check_ins(course, mine, now)) and not mine.is_quiet(now):
            sent.append((now, course))
            reminded_at = now
    return sent


@settings(deadline=None, max_examples=40)
@given(lives())
def test_never_two_on_one_local_day(life):
    zone = ZoneInfo(life[1][0])
    days = [now.astimezone(zone).date() for now, _ in lived(*life)]
    assert len(days) == len(set(days))


@settings(deadline=None, max_examples=40)
@given(lives())
def test_never_in_quiet_hours(life):
    start, habits, sessions, said = life
    for step in range(0, 600, 7):
        now = start + step * HOUR
        assert not any(
            map(Habits(*habits).is_quiet, check_ins(course_at(start, sessions, said, now), Habits(*habits), now))
        )


@settings(deadline=None, max_examples=40)
@given(lives())
def test_none_but_weekly_once_settled_or_just_answered(life):
    start, before = life[0], None
    for now, course in lived(*life):
        if course.settled:
            assert now - max(filter(None, (course.last_sign, before))) >= WEEK
        if course.session and course.session > (course.heard_at or start):
            assert now - course.session >= SOON
        assert course.heard_at is None or now - course.heard_at >= HEARD_WITHIN - LATE
        before = now


@settings(deadline=None, max_examples=40)
@given(lives())
def test_the_worker_misses_nothing_by_sleeping(life):
    """Looking only when `look_again_at` says, or when a session comes, finds what looking always finds."""
    start, habits, sessions, said = life
    quiet = Habits(*habits)
    for step in range(0, 400, 11):
        now = start + step * HOUR
        asked = course_at(start, sessions, said, now)
        if any(due <= now for due in check_ins(asked, quiet, now)):
            continue
        again = look_again_at(asked, quiet, now)
        until = min([again or now + DAY, now + DAY, *(one for one in sessions if one > now)])
        moment = now + HOUR
        while moment < until:
            course = course_at(start, sessions, said, moment)
            fresh = [due for due in check_ins(course, quiet, moment) if now < due <= moment]
            assert not fresh
            moment += HOUR
