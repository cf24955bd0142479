from datetime import date

import pytest

from diary.clinical.weeks import Week, monday, weeks

SUNDAY = date(2026, 3, 1)
MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(("day", "begins"), [(SUNDAY, date(2026, 2, 23)), (MONDAY, MONDAY), (date(2026, 3, 8), MONDAY)])
def test_a_week_begins_on_its_monday(day, begins):
    assert monday(day) == begins


def test_a_week_has_its_lowest_middle_and_highest_pain():
    scores = [(MONDAY, 6), (MONDAY, 3), (date(2026, 3, 8), 4)]
    assert weeks(scores, [(MONDAY, 2)], MONDAY) == [Week(MONDAY, 3, 3, 4.0, 6, (2,))]


def test_the_middle_of_two_is_between_them():
    (week,) = weeks([(MONDAY, 3), (MONDAY, 6)], [], MONDAY)
    assert week.middle == 4.5


def test_a_week_without_a_word_is_a_week_all_the_same_and_not_nought():
    first, silent, last = weeks([(date(2026, 2, 20), 5), (MONDAY, 4)], [], MONDAY)
    assert (first.monday, last.monday) == (date(2026, 2, 16), MONDAY)
    assert silent == Week(date(2026, 2, 23), 0, None, None, None, ())


def test_weeks_go_on_to_the_last_day():
    assert [week.entries for week in weeks([(SUNDAY, 5)], [], date(2026, 3, 17))] == [1, 0, 0, 0]


def test_a_session_alone_makes_a_week():
    assert weeks([], [(SUNDAY, 1), (SUNDAY, 2)], SUNDAY) == [Week(date(2026, 2, 23), 0, None, None, None, (1, 2))]


def test_of_nothing_there_are_no_weeks():
    assert weeks([], [], MONDAY) == []
