"""What the sentences and tables of a page of charts are made of."""

from datetime import timedelta

import pytest

from diary import charts
from diary.actions import entries, intakes, sessions
from diary.models import Entry, Flag, Intake, TreatmentSession
from diary.periods import own_period, period

HOUR = timedelta(hours=1)
DAY = 24 * HOUR


@pytest.fixture
def usual(ana, now):
    """Ana says what is usual for her, so that a session has something to be compared with."""
    intakes.save(by=ana, now=now - 70 * DAY, usual_pain=4)
    ana.refresh_from_db()  # as a request would find her


def trend(patient, now, name="all", page=None, shared=True):
    return charts.trend(
        patient,
        Entry.objects.of(patient),
        TreatmentSession.objects.of(patient),
        Flag.objects.of(patient),
        intakes=Intake.objects.filter(patient=patient) if shared else Intake.objects.none(),
        period=period(name, now) if isinstance(name, str) else name,
        now=now,
        page=page,
    )


def test_a_trend_of_nothing(ana, now):
    found = trend(ana, now)
    assert found.summary == charts.Summary(0, None, None, None, 0)
    assert (found.latest, [*found.table], found.courses, found.flags, found.numbers) == (None, [], [], [], {})


def test_a_summary_counts_what_is_shown(ana, log, now):
    log(ana, 6, ago=2 * DAY)
    log(ana, 3, soreness=2, ago=HOUR)
    log(ana, 9, ago=40 * DAY)
    assert trend(ana, now, "30").summary == charts.Summary(2, 3, 6, 2, 1)
    assert trend(ana, now).summary == charts.Summary(3, 3, 9, 2, 2)


def test_the_table_has_the_newest_first_and_says_what_was_written_late(ana, log, now):
    log(ana, 6, ago=2 * DAY)
    log(ana, 3, soreness=2, ago=HOUR)
    found = trend(ana, now)
    assert [(row.pain, row.soreness, row.late) for row in found.table] == [(3, 2, False), (6, None, True)]
    assert found.latest.pain == 3


def test_a_long_table_goes_on_on_a_second_page(ana, now):
    at = [now - place * HOUR for place in range(charts.ROWS + 1)]
    Entry.objects.bulk_create(Entry(patient=ana, observed_at=one, recorded_at=one, pain=4) for one in at)
    assert len(trend(ana, now).table) == charts.ROWS
    second = trend(ana, now, page="2")
    assert [row.observed_at for row in second.table] == at[-1:]
    assert second.latest.observed_at == at[0]
    assert trend(ana, now, page="nonsense").table.number == 1


def test_a_course_is_compared_with_the_baseline_of_its_session(ana, usual, log, treat, now):
    treat(ana, ago=3 * DAY)
    log(ana, 6, soreness=3, ago=3 * DAY - 5 * HOUR)
    log(ana, 4, soreness=0, ago=2 * DAY - 2 * HOUR)
    log(ana, 4, soreness=0, ago=20 * HOUR)
    (course,) = trend(ana, now).courses
    assert (course.number, course.ended_at, course.until) == (1, now - 3 * DAY, now)
    assert (course.usual, course.risen, course.peak) == (4.0, 7.0, 6)  # provisional: a rise is 3
    assert course.curve == [(5.0, 6), (26.0, 4), (52.0, 4)]
    assert course.days == [[6], [4], [4], [], [], [], []]
    assert course.settling == ("settled", 26.0)


def test_a_firm_baseline_rises_by_two(ana, log, treat, now):
    for day in range(1, 5):
        log(ana, 4, ago=(3 + day) * DAY)
    treat(ana, ago=3 * DAY)
    (course,) = trend(ana, now).courses
    assert (course.usual, course.risen) == (4.0, 6.0)


def test_without_a_baseline_there_is_no_band(ana, treat, now):
    treat(ana, ago=DAY)
    (course,) = trend(ana, now).courses
    assert (course.usual, course.risen, course.peak, course.settling.state) == (None, None, None, "unknown")


def test_an_intake_that_is_not_shared_is_no_usual_to_compare_with(ana, usual, treat, now):
    treat(ana, ago=3 * DAY)
    assert trend(ana, now).courses[0].usual == 4.0
    assert trend(ana, now, shared=False).courses[0].usual is None


def test_a_course_ends_at_the_next_session(ana, usual, log, treat, now):
    treat(ana, ago=8 * DAY)
    treat(ana, ago=DAY)
    log(ana, 5, ago=8 * DAY - HOUR)
    log(ana, 6, ago=DAY - HOUR)
    first, second = trend(ana, now).courses
    assert (first.until, first.curve, second.curve) == (second.ended_at, [(1.0, 5)], [(1.0, 6)])


def test_a_withdrawn_session_has_no_course_and_no_number(ana, treat, now):
    sessions.withdraw(by=ana, now=now, session=treat(ana, ago=5 * DAY))
    standing = treat(ana, ago=2 * DAY)
    found = trend(ana, now)
    assert [course.number for course in found.courses] == [1]
    assert found.numbers == {standing.pk: 1}


def test_a_period_tells_of_its_sessions_what_the_whole_diary_tells(ana, log, treat, now):
    for day in range(69, 0, -1):
        log(ana, 3 + day % 4, soreness=day % 3, ago=day * DAY - HOUR)
        if day % 7 == 0:
            treat(ana, ago=day * DAY)
    whole, month = trend(ana, now).courses, trend(ana, now, "30").courses
    assert [course.number for course in month] == [6, 7, 8, 9]
    assert month == whole[-4:]


def test_only_the_latest_courses_are_laid_over_each_other(ana, now):
    ended = [now - place * DAY for place in range(1, charts.COURSES + 4)]
    TreatmentSession.objects.bulk_create(TreatmentSession(patient=ana, ended_at=at, recorded_at=at) for at in ended)
    found = trend(ana, now)
    assert [course.number for course in found.courses] == [*range(4, charts.COURSES + 4)]
    assert found.earlier == [int(at.timestamp()) for at in ended[:-4:-1]]


def test_flags_are_marked_unless_the_diary_no_longer_supports_them(ana, usual, log, treat, now):
    treat(ana, ago=DAY)
    entry = log(ana, 9, compared="worse", ago=HOUR).entry
    flags = trend(ana, now).flags
    assert [flag.rule for flag in flags] == ["severe-pain"]
    entries.withdraw(by=ana, now=now, entry=entry)
    assert trend(ana, now).flags == []


def test_a_page_asks_as_often_for_1_as_for_20_rows(ana, log, treat, now, django_assert_num_queries):
    treat(ana, ago=9 * DAY)
    log(ana, 4, ago=9 * DAY)
    with django_assert_num_queries(7):
        assert len(trend(ana, now).table) == 1
    for days in range(1, 8):
        treat(ana, ago=days * DAY)
    for hours in range(1, 20):
        log(ana, 4, ago=hours * HOUR)
    with django_assert_num_queries(7):
        assert len(trend(ana, now).table) == 20


def test_a_period_ends_where_it_ends(ana, usual, log, treat, now):
    treat(ana, ago=20 * DAY)
    treat(ana, ago=10 * DAY)
    treat(ana, ago=DAY)
    log(ana, 5, ago=10 * DAY - HOUR)
    log(ana, 6, ago=HOUR)
    days = own_period((now - 12 * DAY).date(), (now - 8 * DAY).date(), ana.time_zone)
    found = trend(ana, now, days)
    assert found.summary.count == 1
    assert [course.number for course in found.courses] == [2]
    assert found.courses == trend(ana, now).courses[1:2]  # what came later decides it as before
    assert found.numbers == trend(ana, now).numbers


def test_weeks_are_those_of_the_patients_calendar(ana, log, treat, now):
    """The tests stand on Tuesday 10 March 2026."""
    treat(ana, ago=8 * DAY)
    log(ana, 6, ago=9 * DAY)
    log(ana, 3, ago=DAY)
    log(ana, 4, ago=HOUR)
    told = [(f"{week.monday:%d %b}", week.entries, week.middle, week.sessions) for week in trend(ana, now).weeks]
    assert told == [("23 Feb", 1, 6.0, ()), ("02 Mar", 0, None, (1,)), ("09 Mar", 2, 3.5, ())]


def test_weeks_are_at_most_a_year(ana, now):
    at = [now - place * 7 * DAY for place in range(80)]
    Entry.objects.bulk_create(Entry(patient=ana, observed_at=one, recorded_at=one, pain=4) for one in at)
    assert len(trend(ana, now).weeks) == charts.WEEKS
