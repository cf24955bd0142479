import gzip
import json
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest

from diary import charts
from diary.actions import entries, intakes, sessions
from diary.models import Entry, Flag, Intake, TreatmentSession
from diary.periods import Period, own_period, period
from tests.people import NOW

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
ALL = Period("all", None)


@pytest.fixture
def usual(ana, now):
    """Ana says what is usual for her, so that a session has something to be compared with."""
    intakes.save(by=ana, now=now - 70 * DAY, usual_pain=4)
    ana.refresh_from_db()  # as a request would find her


def series(patient, shown=ALL):
    """Return a series as the browser reads it: rows in order, minutes added up."""
    columns = json.loads(charts.series(patient, patient, shown, NOW))
    columns["minutes"] = accumulate(columns["minutes"])
    names = ("minutes", "pain", "soreness", "late")
    return sorted(zip(*(columns[name] for name in names), strict=True))


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


def minute(moment):
    return int(moment.timestamp()) // 60


# The series


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


# The page: what its sentences and tables are made of


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
